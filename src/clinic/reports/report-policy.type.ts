import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type {
  CriticalFindingPolicy as CriticalPolicyRow,
  ReportPolicy as ReportPolicyRow,
} from '../../platform/database/generated/client.js';
import { CriticalFindingCategory, ReferralPriority } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { ReportPolicyAlreadySet, ReportPolicyInThePast } from './report-policy.refusals.js';

/** Twelve working weeks: who waits longer has not been promised anything. */
const PROMISE_MAX_WORKING_DAYS = 60;
/** Nobody can be reached, and come back to, in less. */
const TELL_MIN_MINUTES = 5;
/** A week: what may wait longer is not critical. */
const TELL_MAX_MINUTES = 10_080;
const SOURCE_CHARACTERS_MAX = 300;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(CriticalFindingCategory, {
  name: 'CriticalFindingCategory',
  description: 'What kind of danger a critical finding is.',
  valuesMap: {
    CORD_OR_CAUDA_EQUINA: { description: 'Pressure on the spinal cord or the cauda equina.' },
    UNSTABLE_FRACTURE: { description: 'A fracture that may be unstable.' },
    SUSPECTED_INFECTION: { description: 'Discitis, osteomyelitis or an abscess is suspected.' },
    SUSPECTED_MALIGNANCY: { description: 'A tumour or metastases are suspected and were not known.' },
    OTHER: { description: 'Anything else that cannot wait for the letter.' },
  },
});

@ObjectType({
  description:
    'How soon reports are written and acknowledged, for a priority of referrals, from a day on, in working days (Monday to ' +
    'Friday without the bank holidays of England). Never rewritten.',
})
export class ReportPolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => ReferralPriority, { description: 'For scans of referrals of this priority.' })
  readonly priority: ReferralPriority;

  @Field(() => Int, { description: 'Working days from the end of the scan to the final report.' })
  readonly reportDays: number;

  @Field(() => Int, {
    description: 'Working days from the final report to the referrer’s word that they have it.',
  })
  readonly acknowledgeDays: number;

  @Field(() => Int, {
    description: 'Working days from one escalation to the next while nobody has acknowledged.',
  })
  readonly escalationDays: number;

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

@ObjectType({
  description: 'How soon somebody has to be told of a critical finding, from a day on. Never rewritten.',
})
export class CriticalFindingPolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => CriticalFindingCategory, { description: 'For findings of this category.' })
  readonly category: CriticalFindingCategory;

  @Field(() => Int, {
    description: 'Minutes from the flag to the moment by which somebody has read it back.',
  })
  readonly tellWithinMinutes: number;

  @Field(() => Int, { description: 'Minutes from one escalation to the next while nobody has read it back.' })
  readonly escalationMinutes: number;

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

@InputType({ description: 'New promises for a priority, from a day on. Each from 1 to 60 working days.' })
export class SetReportPolicyInput {
  @Field(() => ReferralPriority, { description: 'For scans of referrals of this priority.' })
  @IsEnum(ReferralPriority)
  readonly priority: ReferralPriority;

  @Field(() => Int, { description: 'Working days from the end of the scan to the final report.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly reportDays: number;

  @Field(() => Int, {
    description: 'Working days from the final report to the referrer’s word that they have it.',
  })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly acknowledgeDays: number;

  @Field(() => Int, { description: 'Working days from one escalation to the next.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly escalationDays: number;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from, at most 300 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

@InputType({
  description: 'New times for a category, from a day on. Each from 5 to 10,080 minutes (a week).',
})
export class SetCriticalFindingPolicyInput {
  @Field(() => CriticalFindingCategory, { description: 'For findings of this category.' })
  @IsEnum(CriticalFindingCategory)
  readonly category: CriticalFindingCategory;

  @Field(() => Int, {
    description: 'Minutes from the flag to the moment by which somebody has read it back.',
  })
  @IsInt()
  @Min(TELL_MIN_MINUTES)
  @Max(TELL_MAX_MINUTES)
  readonly tellWithinMinutes: number;

  @Field(() => Int, { description: 'Minutes from one escalation to the next.' })
  @IsInt()
  @Min(TELL_MIN_MINUTES)
  @Max(TELL_MAX_MINUTES)
  readonly escalationMinutes: number;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from, at most 300 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

const REFUSALS = [ReportPolicyAlreadySet, ReportPolicyInThePast] as const;
export const SetReportPolicyResult = resultUnion(
  'SetReportPolicyResult',
  ReportPolicy,
  REFUSALS,
  'The new row, or why it was not set.',
);
export const SetCriticalFindingPolicyResult = resultUnion(
  'SetCriticalFindingPolicyResult',
  CriticalFindingPolicy,
  REFUSALS,
  'The new row, or why it was not set.',
);

export function toReportPolicy(row: ReportPolicyRow): ReportPolicy {
  return { ...row, ...dated(row) };
}

export function toCriticalFindingPolicy(row: CriticalPolicyRow): CriticalFindingPolicy {
  return { ...row, ...dated(row) };
}

function dated(row: { readonly effectiveFrom: Date; readonly setAt: Date }) {
  return {
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
