import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsISO8601, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  RttClockElsewhere,
  RttClockOff,
  RttClockRunning,
  RttClockStopped,
} from './referral-clock.refusals.js';
import { RttKind, RttStopReason } from './referral-clock.rules.js';
import { FREE_TEXT, PLAIN } from './referral-text.rules.js';

const COMMENT_CHARACTERS_MAX = 1_000;

registerEnumType(RttStopReason, {
  name: 'RttStopReason',
  description:
    'Why the clock from referral to treatment stopped (NHS England, RTT rules suite, October 2022).',
  valuesMap: {
    FIRST_TREATMENT: { description: 'First definitive treatment.' },
    ACTIVE_MONITORING: { description: 'Active monitoring, agreed with the patient.' },
    NOT_TO_TREAT: { description: 'A clinician decided not to treat.' },
    PATIENT_DECLINED: { description: 'The patient declined what was offered.' },
    DECLINED: { description: 'The referral was declined.' },
    REDIRECTED: { description: 'The referral was passed on to somebody else.' },
    RETURNED_WITH_ADVICE: { description: 'The referral was returned with advice.' },
    WITHDRAWN: { description: 'The referral was withdrawn.' },
  },
});

registerEnumType(RttKind, {
  name: 'RttKind',
  description:
    'What is recorded for the clock. Declining, returning and withdrawing a referral count by themselves.',
  valuesMap: {
    FIRST_TREATMENT: { description: 'First definitive treatment: stops it.' },
    ACTIVE_MONITORING: { description: 'Active monitoring begins, agreed with the patient: stops it.' },
    NOT_TO_TREAT: { description: 'A clinician decided not to treat: stops it.' },
    PATIENT_DECLINED: { description: 'The patient declined what was offered: stops it.' },
    NEW_START: { description: 'A new decision to treat after a stop: begins a new clock.' },
    RECORDED_IN_ERROR: { description: 'An entry that was wrong: it does not count.' },
  },
});

@ObjectType({ description: 'One entry for the clock, as a person recorded it. Never rewritten.' })
export class RttEntry {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  @Field(() => RttKind, { description: 'What was recorded.' })
  readonly kind: RttKind;

  @Field(() => LocalDate, { nullable: true, description: 'The day on which it happened; null of an error.' })
  readonly happenedOn: string | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that recorded it.' })
  readonly recordedById: string | null;

  @Field(() => String, { nullable: true, description: 'What was added.' })
  readonly comment: string | null;

  @Field(() => ID, { nullable: true, description: 'Of an error: the entry that was wrong.' })
  readonly entryId: string | null;
}

@ObjectType({
  description:
    'The clock from referral to treatment, computed from what happened. It starts with the receipt and has no pause; 18 weeks are the standard (SI 2012/2996, regulation 45).',
})
export class RttClock {
  @Field(() => LocalDate, { description: 'The day on which it started.' })
  readonly startedOn: string;

  @Field(() => Int, { description: 'Whole weeks from the start to the stop, or to today.' })
  readonly weeksWaited: number;

  @Field(() => LocalDate, { nullable: true, description: 'The day on which it stopped; null: it runs.' })
  readonly stoppedOn: string | null;

  @Field(() => RttStopReason, { nullable: true, description: 'Why it stopped.' })
  readonly stopReason: RttStopReason | null;

  @Field(() => LocalDate, {
    description: 'The day on which 18 weeks are full: after it the wait is a breach.',
  })
  readonly breachOn: string;

  @Field(() => Boolean, { description: 'Whether it ran, or runs, beyond that day.' })
  readonly isBreach: boolean;

  @Field(() => [RttEntry], { description: 'What was recorded for it, in order.' })
  readonly entries: readonly RttEntry[];
}

@InputType({ description: 'Something that counts for the clock.' })
export class RecordRttEventInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => RttKind, { description: 'What happened.' })
  @IsEnum(RttKind)
  readonly kind: RttKind;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'The day on which it happened; today when left out. Not in the future, not before the receipt.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly happenedOn?: string | null;

  @Field(() => String, { nullable: true, description: 'What to add, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of RECORDED_IN_ERROR: the entry that was wrong.' })
  @IsOptional()
  @IsUUID()
  readonly entryId?: string | null;
}

export const RecordRttEventResult = resultUnion(
  'RecordRttEventResult',
  RttClock,
  [RttClockOff, RttClockStopped, RttClockRunning, RttClockElsewhere],
  'The clock as it stands now, or why nothing was recorded.',
);
