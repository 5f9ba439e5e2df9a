import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsISO8601, IsNumber, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { AdministrationPolicy as PolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import {
  AdministrationPolicyAlreadySet,
  AdministrationPolicyInThePast,
} from './administration-policy.refusals.js';

/** Beyond half of it nothing would be as planned any more. */
const TOLERANCE_PERCENT_MAX = 50;
/** Units differ by 37 at the least: a factor near that would let a mistake through. */
const UNIT_MISTAKE_FACTOR_MIN = 2;
const UNIT_MISTAKE_FACTOR_MAX = 20;
const CLOSING_MINUTES_MAX = 240;
const SOURCE_CHARACTERS_MAX = 500;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;

const WORDS = {
  tolerance: 'So many per cent above or below the planned activity are still as planned.',
  factor:
    'An activity so many times more or less than planned is taken for another unit, such as mCi, until somebody says that it was read again.',
  closing: 'The uptake clock says that the window is closing so many minutes before its end.',
  source: 'Where the numbers are from.',
} as const;

@ObjectType({
  description:
    'What counts as more or less than planned, and when the uptake clock warns; from a day on. Never rewritten: a change is a new row.',
})
export class AdministrationPolicy {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => Float, { description: WORDS.tolerance })
  readonly tolerancePercent: number;

  @Field(() => Float, { description: WORDS.factor })
  readonly unitMistakeFactor: number;

  @Field(() => Int, { description: WORDS.closing })
  readonly uptakeClosingMinutes: number;

  @Field(() => String, { description: WORDS.source })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: it came with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'What counts as planned, from a day on.' })
export class SetAdministrationPolicyInput {
  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => Float, { description: `${WORDS.tolerance} 0 to ${TOLERANCE_PERCENT_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(TOLERANCE_PERCENT_MAX)
  readonly tolerancePercent: number;

  @Field(() => Float, {
    description: `${WORDS.factor} ${UNIT_MISTAKE_FACTOR_MIN} to ${UNIT_MISTAKE_FACTOR_MAX}.`,
  })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(UNIT_MISTAKE_FACTOR_MIN)
  @Max(UNIT_MISTAKE_FACTOR_MAX)
  readonly unitMistakeFactor: number;

  @Field(() => Int, { description: `${WORDS.closing} 0 to ${CLOSING_MINUTES_MAX}.` })
  @IsInt()
  @Min(0)
  @Max(CLOSING_MINUTES_MAX)
  readonly uptakeClosingMinutes: number;

  @Field(() => String, { description: `${WORDS.source} At most ${SOURCE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, { message: '$property: must not be blank or contain control characters' })
  readonly source: string;
}

export const SetAdministrationPolicyResult = resultUnion(
  'SetAdministrationPolicyResult',
  AdministrationPolicy,
  [AdministrationPolicyAlreadySet, AdministrationPolicyInThePast],
  'The new row, or why it was not set.',
);

export function toAdministrationPolicy(row: PolicyRow): AdministrationPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
