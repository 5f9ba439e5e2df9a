import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsNotEmpty, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { CallBackPolicy as CallBackPolicyRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { CallBackPolicyAlreadySet, CallBackPolicyInThePast } from './call-back-policy.refusals.js';

/** A week by the clock, or most of three in desk hours: whoever waits longer was not called back. */
const DESK_MAX_MINUTES = 10_080;
/** Nobody with a red flag waits longer, whatever a clinic sets. */
const RED_FLAG_MAX_MINUTES = 240;
const ATTEMPTS_MAX = 20;
/** A working day: whoever has not rung by then has forgotten. */
const CLAIM_MAX_MINUTES = 480;
const REASON_MAX_CHARACTERS = 200;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_TEXT = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u;

const WORDS = {
  normalMinutes: 'Minutes of desk hours within which somebody is rung back.',
  redFlagMinutes: 'Minutes by the clock, night and day, where there is a red flag; 0: at once.',
  attemptsMax: 'How often somebody is tried before they can count as unreachable.',
  pauseMinutes: 'Minutes of desk hours from one attempt to the next.',
  escalateAfterMinutes: 'Minutes of desk hours after which the clinic is told that a call-back is overdue.',
  redFlagEscalateAfterMinutes: 'The same where there is a red flag, in minutes by the clock.',
  claimMinutes: 'Minutes by the clock for which one person has a call-back in hand.',
} as const;

@ObjectType({
  description:
    'How soon and how often people are rung back, from a day on. Never rewritten: a change is a new row.',
})
export class CallBackPolicy {
  @Field(() => LocalDate, { description: 'First day on which it holds, until a later one does.' })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: WORDS.normalMinutes })
  readonly normalMinutes: number;

  @Field(() => Int, { description: WORDS.redFlagMinutes })
  readonly redFlagMinutes: number;

  @Field(() => Int, { description: WORDS.attemptsMax })
  readonly attemptsMax: number;

  @Field(() => Int, { description: WORDS.pauseMinutes })
  readonly pauseMinutes: number;

  @Field(() => Int, { description: WORDS.escalateAfterMinutes })
  readonly escalateAfterMinutes: number;

  @Field(() => Int, { description: WORDS.redFlagEscalateAfterMinutes })
  readonly redFlagEscalateAfterMinutes: number;

  @Field(() => Int, { description: WORDS.claimMinutes })
  readonly claimMinutes: number;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;
}

@InputType({ description: 'A new service level for call-backs, from a day on.' })
export class SetCallBackPolicyInput {
  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => Int, { description: `${WORDS.normalMinutes} 1 to ${DESK_MAX_MINUTES}.` })
  @IsInt()
  @Min(1)
  @Max(DESK_MAX_MINUTES)
  normalMinutes: number;

  @Field(() => Int, { description: `${WORDS.redFlagMinutes} At most ${RED_FLAG_MAX_MINUTES}.` })
  @IsInt()
  @Min(0)
  @Max(RED_FLAG_MAX_MINUTES)
  redFlagMinutes: number;

  @Field(() => Int, { description: `${WORDS.attemptsMax} 1 to ${ATTEMPTS_MAX}.` })
  @IsInt()
  @Min(1)
  @Max(ATTEMPTS_MAX)
  attemptsMax: number;

  @Field(() => Int, { description: `${WORDS.pauseMinutes} 1 to ${DESK_MAX_MINUTES}.` })
  @IsInt()
  @Min(1)
  @Max(DESK_MAX_MINUTES)
  pauseMinutes: number;

  @Field(() => Int, { description: `${WORDS.escalateAfterMinutes} At most ${DESK_MAX_MINUTES}.` })
  @IsInt()
  @Min(0)
  @Max(DESK_MAX_MINUTES)
  escalateAfterMinutes: number;

  @Field(() => Int, { description: `${WORDS.redFlagEscalateAfterMinutes} At most ${RED_FLAG_MAX_MINUTES}.` })
  @IsInt()
  @Min(0)
  @Max(RED_FLAG_MAX_MINUTES)
  redFlagEscalateAfterMinutes: number;

  @Field(() => Int, { description: `${WORDS.claimMinutes} 1 to ${CLAIM_MAX_MINUTES}.` })
  @IsInt()
  @Min(1)
  @Max(CLAIM_MAX_MINUTES)
  claimMinutes: number;

  @Field(() => String, { description: `Why, at most ${REASON_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  @Matches(SOME_TEXT, { message: '$property: must not be blank or contain control characters' })
  reason: string;
}

export const SetCallBackPolicyResult = resultUnion(
  'SetCallBackPolicyResult',
  CallBackPolicy,
  [CallBackPolicyInThePast, CallBackPolicyAlreadySet],
  'The new service level, or why nothing was changed.',
);

export function toCallBackPolicy(row: CallBackPolicyRow): CallBackPolicy {
  const { setAt: _setAt, setById: _setById, ...rest } = row;
  return { ...rest, effectiveFrom: plainDateFromDate(row.effectiveFrom).toString() };
}
