import './check-words.type.js';
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import { SafetyDecider, SafetyItemKind, SafetyReply } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { CheckPolicyAlreadySet, CheckPolicyInThePast } from './check.refusals.js';
import { PROCEDURE_CODE, READABLE, SOME_TEXT } from './check-text.rules.js';

/** More than anybody goes through in earnest with a patient who waits. */
export const ITEMS_MAX = 40;
const WORDING_CHARACTERS_MAX = 500;
const SOURCE_CHARACTERS_MAX = 500;
const ITEM_CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

export const WITH_ITEMS = {
  items: { orderBy: { position: 'asc' } },
} as const satisfies Prisma.SafetyTemplateInclude;
export type SafetyTemplateRow = Prisma.SafetyTemplateGetPayload<{ include: typeof WITH_ITEMS }>;

@ObjectType({ description: 'One line of a checklist.' })
export class SafetyTemplateItem {
  @Field(() => String, { description: 'Code, such as CLAUSTROPHOBIA.' })
  readonly code: string;

  @Field(() => SafetyItemKind, { description: 'How it is answered.' })
  readonly kind: SafetyItemKind;

  @Field(() => String, { description: 'How it is asked.' })
  readonly wording: string;

  @Field(() => SafetyReply, {
    nullable: true,
    description:
      'The answer that needs nobody’s decision; null: of the weight, which the table’s limit decides.',
  })
  readonly expected: SafetyReply | null;

  @Field(() => SafetyDecider, { description: 'Who decides when it is another.' })
  readonly decidedBy: SafetyDecider;
}

@ObjectType({ description: 'A safety checklist, from a day on. Never rewritten.' })
export class SafetyTemplate {
  @Field(() => ID, { description: 'Id of the checklist (UUID).' })
  readonly id: string;

  @Field(() => String, {
    description: 'Code of a kind of visit; ANY: those that have no checklist of their own.',
  })
  readonly procedureCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, until a later one does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where it comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;

  @Field(() => [SafetyTemplateItem], { description: 'Its lines, in order.' })
  readonly items: readonly SafetyTemplateItem[];
}

@InputType({ description: 'A line of a new checklist.' })
export class NewSafetyItemInput {
  @Field(() => String, { description: 'Code in capitals, digits and underscores, such as CLAUSTROPHOBIA.' })
  @Matches(ITEM_CODE, {
    message: '$property: must be capitals, digits and underscores, such as CLAUSTROPHOBIA',
  })
  readonly code: string;

  @Field(() => SafetyItemKind, { description: 'How it is answered.' })
  @IsEnum(SafetyItemKind)
  readonly kind: SafetyItemKind;

  @Field(() => String, { description: 'How it is asked, at most 500 characters.' })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly wording: string;

  @Field(() => SafetyReply, {
    nullable: true,
    description:
      'YES or NO: the answer that needs nobody’s decision. Left out for the weight, and only there.',
  })
  @IsOptional()
  @IsEnum(SafetyReply)
  readonly expected?: SafetyReply | null;

  @Field(() => SafetyDecider, { description: 'Who decides when it is another.' })
  @IsEnum(SafetyDecider)
  readonly decidedBy: SafetyDecider;
}

@InputType({ description: 'A new checklist, from a day on.' })
export class SetSafetyTemplateInput {
  @Field(() => String, {
    description: 'Code of a kind of visit; ANY: those that have no checklist of their own.',
  })
  @Matches(PROCEDURE_CODE, { message: '$property: must be the code of a kind of visit, or ANY' })
  readonly procedureCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where it comes from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;

  @Field(() => [NewSafetyItemInput], {
    description: 'The lines in order, 1 to 40, each with a code of its own; at most one of kind WEIGHT.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => NewSafetyItemInput)
  readonly items: readonly NewSafetyItemInput[];
}

export const SetSafetyTemplateResult = resultUnion(
  'SetSafetyTemplateResult',
  SafetyTemplate,
  [CheckPolicyAlreadySet, CheckPolicyInThePast],
  'The new checklist, or why it was not set.',
);

export function toSafetyTemplate(row: SafetyTemplateRow): SafetyTemplate {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
    items: row.items.map(({ code, kind, wording, expected, decidedBy }) => ({
      ...{ code, kind, wording, expected, decidedBy },
    })),
  };
}
