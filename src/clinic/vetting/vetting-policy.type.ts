import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsBoolean, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { VettingPolicy as VettingPolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { VettingPolicyAlreadySet, VettingPolicyInThePast } from './vetting-policy.refusals.js';
import { READABLE, SOME_TEXT } from './vetting-text.rules.js';

/** Nobody is older; what is beyond is a slip of the pen. */
const AGE_YEARS_MAX = 130;
/** Twelve working weeks: who waits longer for an answer has not been promised one. */
const PROMISE_MAX_WORKING_DAYS = 60;
/** Two years: what was judged longer ago was judged of another person. */
const HOLDS_MAX_DAYS = 732;
const SOURCE_CHARACTERS_MAX = 1_000;

@ObjectType({
  description:
    'What vetting asks for and promises, from a day on. A request keeps the row of the day on which it was asked for. Never rewritten.',
})
export class VettingPolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => Int, {
    description:
      'Pregnancy, last menstrual period and breast-feeding are asked about from this age, in whole years.',
  })
  readonly periodAskedFromYears: number;

  @Field(() => Int, { description: 'Up to this age, in whole years, included.' })
  readonly periodAskedToYears: number;

  @Field(() => Int, { description: 'Working days until a routine request is decided.' })
  readonly routineDays: number;

  @Field(() => Int, { description: 'Working days until an urgent request is decided.' })
  readonly urgentDays: number;

  @Field(() => Int, { description: 'Working days until a request with suspicion of cancer is decided.' })
  readonly twoWeekWaitDays: number;

  @Field(() => Int, { description: 'Working days that a referrer has to answer a question.' })
  readonly informationDays: number;

  @Field(() => Int, {
    description: 'Working days after which the clinic is told again of a request that is overdue.',
  })
  readonly escalationDays: number;

  @Field(() => Int, {
    description: 'Calendar days from the authorisation to the day on which it no longer holds.',
  })
  readonly lapsesAfterDays: number;

  @Field(() => Int, {
    description: 'A weight that is so many calendar days older than the request is asked for again.',
  })
  readonly weightHoldsDays: number;

  @Field(() => Boolean, {
    description: 'Whether a request is complete only with a referrer who is entitled to refer for exposures.',
  })
  readonly needsReferrerEntitlement: boolean;

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

@InputType({ description: 'What vetting asks for and promises, from a day on.' })
export class SetVettingPolicyInput {
  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => Int, {
    description: 'First age in whole years, 0 to 130, at which pregnancy and breast-feeding are asked about.',
  })
  @IsInt()
  @Min(0)
  @Max(AGE_YEARS_MAX)
  readonly periodAskedFromYears: number;

  @Field(() => Int, { description: 'Last age in whole years, included, not below the first.' })
  @IsInt()
  @Min(0)
  @Max(AGE_YEARS_MAX)
  readonly periodAskedToYears: number;

  @Field(() => Int, { description: 'Working days for a routine request, 1 to 60.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly routineDays: number;

  @Field(() => Int, { description: 'Working days for an urgent request, 1 to 60.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly urgentDays: number;

  @Field(() => Int, { description: 'Working days with suspicion of cancer, 1 to 60.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly twoWeekWaitDays: number;

  @Field(() => Int, { description: 'Working days for a referrer to answer, 1 to 60.' })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly informationDays: number;

  @Field(() => Int, {
    description: 'Working days after which the clinic is told again of what is overdue, 1 to 60.',
  })
  @IsInt()
  @Min(1)
  @Max(PROMISE_MAX_WORKING_DAYS)
  readonly escalationDays: number;

  @Field(() => Int, { description: 'Calendar days for which an authorisation holds, 1 to 732.' })
  @IsInt()
  @Min(1)
  @Max(HOLDS_MAX_DAYS)
  readonly lapsesAfterDays: number;

  @Field(() => Int, { description: 'Calendar days that a weight may be older than the request, 1 to 732.' })
  @IsInt()
  @Min(1)
  @Max(HOLDS_MAX_DAYS)
  readonly weightHoldsDays: number;

  @Field(() => Boolean, {
    description: 'Whether a request is complete only with a referrer who is entitled.',
  })
  @IsBoolean()
  readonly needsReferrerEntitlement: boolean;

  @Field(() => String, { description: 'Where the numbers come from, at most 1,000 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

export const SetVettingPolicyResult = resultUnion(
  'SetVettingPolicyResult',
  VettingPolicy,
  [VettingPolicyAlreadySet, VettingPolicyInThePast],
  'The new row, or why it was not set.',
);

export function toVettingPolicy(row: VettingPolicyRow): VettingPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
