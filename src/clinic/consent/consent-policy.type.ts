import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { ConsentPolicy as PolicyRow } from '../../platform/database/generated/client.js';
import {
  ConsentConfirmation,
  ConsentPurpose,
  ConsentValidityUnit,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { PROCEDURE_CODE } from './consent-entry.type.js';
import { ConsentPolicyAlreadySet, ConsentPolicyInThePast } from './consent-policy.refusals.js';

/** Ten years in days: what holds longer holds until it is taken back. */
const VALID_FOR_MAX = 3_660;
const SOURCE_CHARACTERS_MAX = 500;
const SOME_TEXT = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ConsentConfirmation, {
  name: 'ConsentConfirmation',
  description: 'When a consent has to be confirmed before the thing is done.',
  valuesMap: {
    NOT_NEEDED: { description: 'Never.' },
    ON_THE_DAY: { description: 'Always, on the day (in the clinic’s calendar) on which it is done.' },
    AFTER_DAYS: { description: 'When it, or its last confirmation, is older than so many days.' },
  },
});

registerEnumType(ConsentValidityUnit, {
  name: 'ConsentValidityUnit',
  description: 'What the validity of a consent is counted in.',
  valuesMap: {
    DAYS: { description: 'Days in the clinic’s calendar.' },
    MONTHS: { description: 'Calendar months: one month after 31 August is 30 September.' },
  },
});

@ObjectType({ description: 'What is asked of consents of a purpose, from a day on. Never rewritten.' })
export class ConsentPolicy {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => ConsentPurpose, { description: 'For consents of this purpose.' })
  readonly purpose: ConsentPurpose;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure; null: every one that has no rows of its own.',
  })
  readonly procedureCode: string | null;

  @Field(() => Boolean, {
    description: 'Whether a consent ends as soon as there is a newer wording of its language.',
  })
  readonly newWordingAsks: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'How long a consent holds after the day on which it was given, in `validForUnit`; it holds on the last day. Null: until it is taken back.',
  })
  readonly validFor: number | null;

  @Field(() => ConsentValidityUnit, { nullable: true, description: 'What `validFor` is counted in.' })
  readonly validForUnit: ConsentValidityUnit | null;

  @Field(() => ConsentConfirmation, { description: 'When it has to be confirmed before the thing is done.' })
  readonly confirmation: ConsentConfirmation;

  @Field(() => Int, { nullable: true, description: 'With AFTER_DAYS: days in the clinic’s calendar.' })
  readonly confirmAfterDays: number | null;

  @Field(() => Boolean, {
    description:
      'Whether a "yes" has to say what was told, the capacity and the competence of whoever took it.',
  })
  readonly needsDiscussion: boolean;

  @Field(() => Boolean, {
    description: 'Whether a "yes" needs a document, a picture of the signature or a form.',
  })
  readonly needsEvidence: boolean;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the rule comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({
  description: 'New rules from a day on. What has ended under the rules of its time stays ended.',
})
export class SetConsentPolicyInput {
  @Field(() => ConsentPurpose, { description: 'For consents of this purpose.' })
  @IsEnum(ConsentPurpose)
  readonly purpose: ConsentPurpose;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the procedure, of procedures only; left out: every one without rows of its own.',
  })
  @IsOptional()
  @Matches(PROCEDURE_CODE, { message: '$property: must be a code in capitals such as FACET_INJECTION' })
  readonly procedureCode?: string | null;

  @Field(() => Boolean, { description: 'Whether a consent ends as soon as there is a newer wording.' })
  @IsBoolean()
  readonly newWordingAsks: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'How long a consent holds, 1 to 3,660 of `validForUnit`; left out: until it is taken back.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VALID_FOR_MAX)
  readonly validFor?: number | null;

  @Field(() => ConsentValidityUnit, {
    nullable: true,
    description: 'What it is counted in; with `validFor`.',
  })
  @IsOptional()
  @IsEnum(ConsentValidityUnit)
  readonly validForUnit?: ConsentValidityUnit | null;

  @Field(() => ConsentConfirmation, {
    description: 'When it has to be confirmed. Of clinical consent only, but for NOT_NEEDED.',
  })
  @IsEnum(ConsentConfirmation)
  readonly confirmation: ConsentConfirmation;

  @Field(() => Int, { nullable: true, description: 'With AFTER_DAYS, and only then: 1 to 3,660 days.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(VALID_FOR_MAX)
  readonly confirmAfterDays?: number | null;

  @Field(() => Boolean, {
    description: 'Whether a "yes" has to say what was told. Of clinical consent only; always of a procedure.',
  })
  @IsBoolean()
  readonly needsDiscussion: boolean;

  @Field(() => Boolean, { description: 'Whether a "yes" needs a document, a signature or a form.' })
  @IsBoolean()
  readonly needsEvidence: boolean;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the rule comes from, at most 500 characters.' })
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

export const SetConsentPolicyResult = resultUnion(
  'SetConsentPolicyResult',
  ConsentPolicy,
  [ConsentPolicyAlreadySet, ConsentPolicyInThePast],
  'The new row, or why it was not set.',
);

export function toConsentPolicy(row: PolicyRow): ConsentPolicy {
  return {
    ...row,
    procedureCode: row.procedureCode || null,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
