import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { LicencePolicy as LicencePolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { READABLE, SOME_LINE, WORDS_CHARACTERS_MAX } from './entitlement-text.rules.js';
import { LicencePolicyAlreadySet, LicencePolicyInThePast } from './licence.refusals.js';

/** Two years: licences last about five. */
const WEEKS_MAX = 104;
const AGAIN_DAYS_MAX = 366;

@ObjectType({
  description: 'How long before the end of a licence its renewal is seen to, from a day on. Never rewritten.',
})
export class LicencePolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'The application has to be there so many weeks before the last day.' })
  readonly applyWeeks: number;

  @Field(() => Int, { description: 'The clinic is reminded from so many weeks before the last day on.' })
  readonly remindWeeks: number;

  @Field(() => Int, {
    description:
      'Days from one reminder to the next while nothing was applied for; and from the first to the day of an entitlement’s review.',
  })
  readonly remindAgainDays: number;

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

@InputType({ description: 'New weeks for the renewal of licences, from a day on.' })
export class SetLicencePolicyInput {
  @Field(() => Int, {
    description: `Weeks before the last day by which it is applied for, 1 to ${WEEKS_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(WEEKS_MAX)
  readonly applyWeeks: number;

  @Field(() => Int, {
    description: `Weeks before the last day from which the clinic is reminded, at least as many, at most ${WEEKS_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(WEEKS_MAX)
  readonly remindWeeks: number;

  @Field(() => Int, { description: `Days from one reminder to the next, 1 to ${AGAIN_DAYS_MAX}.` })
  @IsInt()
  @Min(1)
  @Max(AGAIN_DAYS_MAX)
  readonly remindAgainDays: number;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, {
    description: `Where the numbers come from, at most ${WORDS_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetLicencePolicyResult = resultUnion(
  'SetLicencePolicyResult',
  LicencePolicy,
  [LicencePolicyAlreadySet, LicencePolicyInThePast],
  'The new row, or why it was not set.',
);

export function toLicencePolicy(row: LicencePolicyRow): LicencePolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
