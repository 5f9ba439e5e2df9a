import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { DecisionPolicy as PolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { DecisionPolicyAlreadySet, DecisionPolicyInThePast } from './decision-policy.refusals.js';

/** Two months: whoever has to be told earlier than that needs another day. The database keeps the same. */
const DAYS_MAX = 60;
const SOURCE_CHARACTERS_MAX = 500;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

@ObjectType({
  description: 'When owners are told of their actions, from a day on. Never edited: a change is another row.',
})
export class DecisionPolicy {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => Int, {
    description: 'Days before its day on which the owner of an action is reminded; 0: on the day.',
  })
  readonly remindDaysBefore: number;

  @Field(() => Int, {
    description:
      'Days from one notice that an action is overdue to the next. The first comes on the day after its day.',
  })
  readonly overdueEveryDays: number;

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

@InputType({ description: 'When owners are told of their actions, from a day on.' })
export class SetDecisionPolicyInput {
  @Field(() => Int, { description: 'Days before an action is due, 0 to 60.' })
  @IsInt()
  @Min(0)
  @Max(DAYS_MAX)
  readonly remindDaysBefore: number;

  @Field(() => Int, { description: 'Days from one notice that it is overdue to the next, 1 to 60.' })
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  readonly overdueEveryDays: number;

  @Field(() => LocalDate, { description: 'From which day on; today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the figures come from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetDecisionPolicyResult = resultUnion(
  'SetDecisionPolicyResult',
  DecisionPolicy,
  [DecisionPolicyAlreadySet, DecisionPolicyInThePast],
  'The row that was added, or why none was.',
);

export function toDecisionPolicy(row: PolicyRow): DecisionPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
