import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { NotePolicy as PolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { NotePolicyAlreadySet, NotePolicyInThePast } from './note-policy.refusals.js';

/** Two weeks: whoever is away for longer is not coming back to it. */
const LOCK_MAX_HOURS = 336;
const SOURCE_CHARACTERS_MAX = 300;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

@ObjectType({
  description:
    'How long after its signature a section of a note locks itself, from a day on. Never rewritten.',
})
export class NotePolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => Int, {
    description: 'Hours from the signature to the lock, unless its author locks it before.',
  })
  readonly lockAfterHours: number;

  @Field(() => LocalDate, {
    description: 'First day of signatures for which this row holds, until a later row does.',
  })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the number comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'When notes lock themselves, from a day on.' })
export class SetNotePolicyInput {
  @Field(() => Int, { description: 'Hours from the signature to the lock, 1 to 336 (two weeks).' })
  @IsInt()
  @Min(1)
  @Max(LOCK_MAX_HOURS)
  readonly lockAfterHours: number;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the number comes from, at most 300 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetNotePolicyResult = resultUnion(
  'SetNotePolicyResult',
  NotePolicy,
  [NotePolicyAlreadySet, NotePolicyInThePast],
  'The new row, or why it was not set.',
);

export function toNotePolicy(row: PolicyRow): NotePolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
