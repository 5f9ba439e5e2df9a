import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { TriagePolicy as TriagePolicyRow } from '../../platform/database/generated/client.js';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { TriagePolicyAlreadySet, TriagePolicyInThePast } from './triage-policy.refusals.js';

/** Twelve working weeks: who waits longer for an answer has not been promised one. */
const PROMISE_MAX_WORKING_DAYS = 60;
const REASON_CHARACTERS_MAX = 200;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

@ObjectType({
  description:
    'What is promised of triage for a priority, from a day on, in working days (Monday to Friday without the bank holidays of England). Never rewritten.',
})
export class TriagePolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => ReferralPriority, { description: 'For referrals and questions of this priority.' })
  readonly priority: ReferralPriority;

  @Field(() => Int, { description: 'Working days from the arrival of a referral to the decision.' })
  readonly triageDays: number;

  @Field(() => Int, { description: 'Working days that a referrer has to answer a request for information.' })
  readonly informationDays: number;

  @Field(() => Int, { description: 'Working days in which a question for advice is answered.' })
  readonly adviceDays: number;

  @Field(() => Int, {
    description:
      'What is overdue is escalated at once, and again after so many working days while it stays undecided.',
  })
  readonly escalationDays: number;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'New promises for a priority, from a day on. Each from 1 to 60 working days.' })
export class SetTriagePolicyInput {
  @Field(() => ReferralPriority, { description: 'For referrals and questions of this priority.' })
  @IsEnum(ReferralPriority)
  readonly priority: ReferralPriority;

  @Field(() => Int, { description: 'Working days from the arrival of a referral to the decision.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly triageDays: number;

  @Field(() => Int, { description: 'Working days that a referrer has to answer a request for information.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly informationDays: number;

  @Field(() => Int, { description: 'Working days in which a question for advice is answered.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly adviceDays: number;

  @Field(() => Int, { description: 'Working days from one escalation to the next.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly escalationDays: number;

  @Field(() => LocalDate, {
    description: 'First day on which it holds, today or later. It counts for what arrives from then on.',
  })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Why, at most 200 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly reason: string;
}

export const SetTriagePolicyResult = resultUnion(
  'SetTriagePolicyResult',
  TriagePolicy,
  [TriagePolicyAlreadySet, TriagePolicyInThePast],
  'The new row, or why it was not set.',
);

export function toTriagePolicy(row: TriagePolicyRow): TriagePolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
