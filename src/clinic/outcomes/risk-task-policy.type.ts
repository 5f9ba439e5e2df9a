import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { RiskTaskPolicy as PolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { RiskTaskPolicyAlreadySet, RiskTaskPolicyInThePast } from './risk-task-policy.refusals.js';

/** Shorter than this nobody can be reached; a week is no promise any more. The database keeps the same. */
const MINUTES_MIN = 5;
const MINUTES_MAX = 10_080;
const SOURCE_CHARACTERS_MAX = 500;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

@ObjectType({
  description: 'How soon somebody sees to a risk task, from a day on. Never edited: a change is another row.',
})
export class RiskTaskPolicy {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'Somebody takes it on within so many minutes after it was raised.' })
  readonly claimWithinMinutes: number;

  @Field(() => Int, { description: 'Whoever has taken it on closes it within so many minutes.' })
  readonly closeWithinMinutes: number;

  @Field(() => Int, { description: 'What is late is told again after so many minutes, and again.' })
  readonly repeatMinutes: number;

  @Field(() => LocalDate, { description: 'The first day on which it holds.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the figures come from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: what the system begins with.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'How soon somebody sees to a risk task, from a day on.' })
export class SetRiskTaskPolicyInput {
  @Field(() => Int, { description: 'Minutes from raising to taking on, 5 to 10,080.' })
  @IsInt()
  @Min(MINUTES_MIN)
  @Max(MINUTES_MAX)
  readonly claimWithinMinutes: number;

  @Field(() => Int, { description: 'Minutes from taking on to closing, 5 to 10,080.' })
  @IsInt()
  @Min(MINUTES_MIN)
  @Max(MINUTES_MAX)
  readonly closeWithinMinutes: number;

  @Field(() => Int, { description: 'Minutes after which what is late is told again, 5 to 10,080.' })
  @IsInt()
  @Min(MINUTES_MIN)
  @Max(MINUTES_MAX)
  readonly repeatMinutes: number;

  @Field(() => LocalDate, { description: 'From which day on; today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the figures come from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetRiskTaskPolicyResult = resultUnion(
  'SetRiskTaskPolicyResult',
  RiskTaskPolicy,
  [RiskTaskPolicyAlreadySet, RiskTaskPolicyInThePast],
  'The row that was added, or why none was.',
);

export function toRiskTaskPolicy(row: PolicyRow): RiskTaskPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
