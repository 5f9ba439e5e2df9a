import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsNotEmpty, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { LeadTimePolicy as LeadTimePolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { InThePast, LeadTimePolicyAlreadySet } from './schedule.refusals.js';

const REASON_MAX_CHARACTERS = 200;
/** A year and a month: further ahead nobody keeps a diary. */
const LEAD_TIME_MAX_DAYS = 396;
const VISIT_TYPE = /^[A-Z][A-Z0-9_]{1,59}$/;

@ObjectType({
  description: 'How soon and how late a kind of visit may be booked, from a day on. Never rewritten.',
})
export class LeadTimePolicy {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => String, { description: 'Kind of visit, such as BONE_SPECT_CT.' })
  readonly visitType: string;

  @Field(() => Int, { description: 'Notice: calendar days from today to the first day that may be booked.' })
  readonly earliestDays: number;

  @Field(() => Int, { description: 'The promise: calendar days from receipt of the referral.' })
  readonly targetDays: number;

  @Field(() => Int, { description: 'Calendar days from today to the last day for which the diary is open.' })
  readonly latestDays: number;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;
}

@InputType({
  description: 'New lead times for a kind of visit, from a day on: 0 <= earliest <= target <= latest.',
})
export class SetLeadTimePolicyInput {
  @Field(() => String, { description: 'Kind of visit in capitals, such as BONE_SPECT_CT.' })
  @Matches(VISIT_TYPE, { message: '$property must be a kind of visit such as BONE_SPECT_CT' })
  visitType: string;

  @Field(() => Int, { description: 'Notice: calendar days from today to the first day that may be booked.' })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  earliestDays: number;

  @Field(() => Int, { description: 'The promise: calendar days from receipt of the referral.' })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  targetDays: number;

  @Field(() => Int, {
    description: `Calendar days from today to the last day for which the diary is open, at most ${LEAD_TIME_MAX_DAYS}.`,
  })
  @IsInt()
  @Min(0)
  @Max(LEAD_TIME_MAX_DAYS)
  latestDays: number;

  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

export const SetLeadTimePolicyResult = resultUnion(
  'SetLeadTimePolicyResult',
  LeadTimePolicy,
  [LeadTimePolicyAlreadySet, InThePast],
  'The new row, or why there is none.',
);

export function toLeadTimePolicy(row: LeadTimePolicyRow): LeadTimePolicy {
  return { ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom).toString() };
}
