import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type {
  TreatmentAgent as AgentRow,
  TreatmentPolicy as PolicyRow,
} from '../../platform/database/generated/client.js';
import {
  TreatmentAgentKind,
  TreatmentCriterion,
  TreatmentEnforcement,
  TreatmentKind,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { TreatmentRowAlreadySet, TreatmentRowInThePast } from './treatment-policy.refusals.js';
import { LINE_CHARACTERS_MAX, PAYER_CODE, PAYER_CODED, READABLE, SOME_LINE } from './treatment-words.type.js';

const SOURCE_CHARACTERS_MAX = 500;
const NRS_MAX = 10;
const WEEKS_MAX = 520;
const MONTHS_MAX = 120;
const PERCENT_MAX = 100;
const CEILING_MAX_MG = 2_000;
const FACTOR_MAX = 100;
const AGENT_CODE = /^[A-Z0-9][A-Z0-9_]{0,59}$/;

/** How a term is met. */
export const CriterionState = { PASSED: 'PASSED', FAILED: 'FAILED', UNKNOWN: 'UNKNOWN' } as const;
export type CriterionState = (typeof CriterionState)[keyof typeof CriterionState];

registerEnumType(CriterionState, {
  name: 'CriterionState',
  description: 'How a term of a treatment is met.',
  valuesMap: {
    PASSED: { description: 'It is met.' },
    FAILED: { description: 'It is not met.' },
    UNKNOWN: { description: 'Nobody knows.' },
  },
});

@ObjectType({
  description:
    'What has to be true before a treatment of a kind, by who pays, from a day on. Never rewritten.',
})
export class TreatmentPolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => TreatmentKind, { description: 'For treatments of this kind.' })
  readonly kind: TreatmentKind;

  @Field(() => String, { nullable: true, description: 'Code of the insurer; null: the clinic’s own.' })
  readonly payerCode: string | null;

  @Field(() => TreatmentEnforcement, { description: 'What a term that is not met means.' })
  readonly enforcement: TreatmentEnforcement;

  @Field(() => Int, { nullable: true, description: 'Least pain, 0 to 10; null: not asked.' })
  readonly nrsMin: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Least weeks of treatment without needles; null: not asked.',
  })
  readonly conservativeWeeksMin: number | null;

  @Field(() => TreatmentKind, {
    nullable: true,
    description: 'Diagnostic block that has to have helped; null: not asked.',
  })
  readonly blockKind: TreatmentKind | null;

  @Field(() => Int, { nullable: true, description: 'Least relief by that block, in per cent.' })
  readonly blockPercentMin: number | null;

  @Field(() => Int, { nullable: true, description: 'Most months since that block.' })
  readonly blockMonthsMax: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Least months since the same was done there; null: not asked.',
  })
  readonly repeatMonthsMin: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Most steroid in twelve months, in mg of methylprednisolone; null: not asked.',
  })
  readonly steroidCeilingMg: number | null;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({ description: 'A drug that treatments give, from a day on. Never rewritten.' })
export class TreatmentAgent {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => String, { description: 'Its code: TRIAMCINOLONE.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => TreatmentAgentKind, { description: 'What kind of drug it is.' })
  readonly kind: TreatmentAgentKind;

  @Field(() => Float, {
    nullable: true,
    description: 'Of a steroid: milligrams of methylprednisolone that a milligram counts as.',
  })
  readonly steroidFactor: number | null;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => Boolean, { description: 'From that day on it is not given any more.' })
  readonly isDropped: boolean;

  @Field(() => String, { description: 'Where it comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({ description: 'A term of a treatment, as it is met today.' })
export class EligibilityCriterion {
  @Field(() => TreatmentCriterion, { description: 'Which.' })
  readonly criterion: TreatmentCriterion;

  @Field(() => CriterionState, { description: 'Whether it is met.' })
  readonly verdict: CriterionState;

  @Field(() => String, { description: 'What is known, in a sentence.' })
  readonly fact: string;
}

@ObjectType({
  description:
    'Whether the terms of a treatment are met today. Which of them are asked says the row that holds.',
})
export class TreatmentEligibility {
  @Field(() => ID, { description: 'Of which treatment.' })
  readonly treatmentId: string;

  @Field(() => TreatmentPolicy, { description: 'The terms, with their source.' })
  readonly policy: TreatmentPolicy;

  @Field(() => [EligibilityCriterion], { description: 'Each term that is asked.' })
  readonly criteria: readonly EligibilityCriterion[];

  @Field(() => Boolean, { description: 'It may go on with nothing said.' })
  readonly isMet: boolean;

  @Field(() => Boolean, { description: 'It may go on, with a clinician’s reason where a term is not met.' })
  readonly mayGoOn: boolean;
}

@ObjectType({ description: 'Steroid that a patient was given in the twelve months up to a moment.' })
export class CumulativeSteroidDose {
  @Field(() => ID, { description: 'Whom.' })
  readonly patientId: string;

  @Field(() => Instant, { description: 'After that moment, a calendar year before `until`.' })
  readonly from: Temporal.Instant;

  @Field(() => Instant, { description: 'Up to that moment.' })
  readonly until: Temporal.Instant;

  @Field(() => Float, { description: 'All of it, in mg of methylprednisolone.' })
  readonly steroidMg: number;

  @Field(() => [ID], { description: 'Treatments that it was given with, in order.' })
  readonly treatmentIds: readonly string[];
}

@InputType({ description: 'New terms of a kind of treatment, from a day on. What is left out is not asked.' })
export class SetTreatmentPolicyInput {
  @Field(() => TreatmentKind, { description: 'For treatments of this kind.' })
  @IsEnum(TreatmentKind)
  readonly kind: TreatmentKind;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the insurer, such as BUPA; null: the clinic’s own.',
  })
  @IsOptional()
  @IsString()
  @Matches(PAYER_CODE, PAYER_CODED)
  readonly payerCode?: string | null;

  @Field(() => TreatmentEnforcement, { description: 'What a term that is not met means.' })
  @IsEnum(TreatmentEnforcement)
  readonly enforcement: TreatmentEnforcement;

  @Field(() => Int, { nullable: true, description: 'Least pain, 0 to 10.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(NRS_MAX)
  readonly nrsMin?: number | null;

  @Field(() => Int, { nullable: true, description: 'Least weeks of treatment without needles, 0 to 520.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(WEEKS_MAX)
  readonly conservativeWeeksMin?: number | null;

  @Field(() => TreatmentKind, {
    nullable: true,
    description:
      'Diagnostic block that has to have helped. Goes with `blockPercentMin` and `blockMonthsMax`.',
  })
  @IsOptional()
  @IsEnum(TreatmentKind)
  readonly blockKind?: TreatmentKind | null;

  @Field(() => Int, { nullable: true, description: 'Least relief by that block, 1 to 100 %.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(PERCENT_MAX)
  readonly blockPercentMin?: number | null;

  @Field(() => Int, { nullable: true, description: 'Most months since that block, 1 to 120.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MONTHS_MAX)
  readonly blockMonthsMax?: number | null;

  @Field(() => Int, { nullable: true, description: 'Least months since the same was done there, 1 to 120.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MONTHS_MAX)
  readonly repeatMonthsMin?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Most steroid in twelve months, 1 to 2,000 mg of methylprednisolone.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(CEILING_MAX_MG)
  readonly steroidCeilingMg?: number | null;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

@InputType({ description: 'A drug, from a day on.' })
export class SetTreatmentAgentInput {
  @Field(() => String, { description: 'Its code in capitals: TRIAMCINOLONE.' })
  @IsString()
  @Matches(AGENT_CODE, { message: '$property: capitals, digits and underscores, at most 60' })
  readonly code: string;

  @Field(() => String, { description: 'Its name, at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly name: string;

  @Field(() => TreatmentAgentKind, { description: 'What kind of drug it is.' })
  @IsEnum(TreatmentAgentKind)
  readonly kind: TreatmentAgentKind;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of a steroid, and only then: milligrams of methylprednisolone that a milligram counts as, up to 100.',
  })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(Number.MIN_VALUE)
  @Max(FACTOR_MAX)
  readonly steroidFactor?: number | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'It is not given any more.' })
  @IsBoolean()
  readonly isDropped: boolean = false;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where it comes from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

const REFUSALS = [TreatmentRowAlreadySet, TreatmentRowInThePast] as const;
export const SetTreatmentPolicyResult = resultUnion(
  'SetTreatmentPolicyResult',
  TreatmentPolicy,
  REFUSALS,
  'The new row, or why it was not set.',
);
export const SetTreatmentAgentResult = resultUnion(
  'SetTreatmentAgentResult',
  TreatmentAgent,
  REFUSALS,
  'The new row, or why it was not set.',
);

export function toTreatmentPolicy(row: PolicyRow): TreatmentPolicy {
  return { ...row, payerCode: row.payerCode === '' ? null : row.payerCode, ...dated(row) };
}

export function toTreatmentAgent(row: AgentRow): TreatmentAgent {
  return { ...row, ...dated(row) };
}

function dated(row: { readonly effectiveFrom: Date; readonly setAt: Date }) {
  return {
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
