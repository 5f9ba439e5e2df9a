import { Field, ID, InputType, Int } from '@nestjs/graphql';
import {
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  InThePast,
  OutsideOpeningHours,
  PatientElsewhere,
  SlotAlreadyTaken,
} from '../scheduling/schedule.refusals.js';
import { RequestNotWaiting } from './request.refusals.js';
import {
  ConsentNotConfirmed,
  NotInThisState,
  RequestAlreadyBooked,
  VisitChangedMeanwhile,
  VisitNeedsConsent,
} from './visit.refusals.js';
import { Visit } from './visit.type.js';
import { CompanionRefused } from './visit-companion.refusals.js';
import {
  ArrivalTooEarly,
  LegOutsideWindow,
  NoShowTooEarly,
  StepNotInThisState,
} from './visit-day.refusals.js';

/** A sentence or two, as for a cancellation. */
const REASON_MAX_CHARACTERS = 500;
/** More than spaces: a reason that says nothing is none. */
const NOT_BLANK = /\S/;
/** More steps than any protocol has. */
const POSITION_MAX = 50;
/** What the column holds; nobody changes a visit so often. */
const VERSION_MAX = 2_147_483_647;

@InputType({ description: 'A visit as somebody has read it.' })
export class VisitVersionInput {
  @Field(() => ID, { description: 'Which visit.' })
  @IsUUID()
  visitId: string;

  @Field(() => Int, { description: 'Its version as it was read.' })
  @IsInt()
  @Min(0)
  @Max(VERSION_MAX)
  version: number;
}

@InputType({ description: 'The end of a visit.' })
export class FinishVisitInput extends VisitVersionInput {
  @Field(() => String, {
    nullable: true,
    description: `Why it was broken off, at most ${REASON_MAX_CHARACTERS} characters: then it is \`DISCONTINUED\`, what it still held is free, and its request waits again. The reason is kept with it. Left out: the visit is done.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(REASON_MAX_CHARACTERS)
  discontinuedBecause?: string | null;
}

@InputType({ description: 'One step of a visit as somebody has read it.' })
export class VisitStepInput extends VisitVersionInput {
  @Field(() => Int, { description: 'Which step, by its position from 0.' })
  @IsInt()
  @Min(0)
  @Max(POSITION_MAX)
  position: number;
}

@InputType({
  description: 'A step that is to start at another time than planned, and the steps after it with it.',
})
export class SlipStepInput extends VisitVersionInput {
  @Field(() => Int, { description: 'Which step, by its position; from 1: a slip of the first is a move.' })
  @IsInt()
  @Min(1)
  @Max(POSITION_MAX)
  position: number;

  @Field(() => Instant, {
    description: 'Its new start, a whole minute, inside the time that the step before leaves for it.',
  })
  @IsNotEmpty()
  startsAt: Temporal.Instant;
}

const PRESS_REFUSALS = [NotInThisState, VisitChangedMeanwhile] as const;
const STEP_REFUSALS = [...PRESS_REFUSALS, StepNotInThisState] as const;
const CLAIM_REFUSALS = [SlotAlreadyTaken, OutsideOpeningHours, PatientElsewhere] as const;

export const MarkArrivedResult = resultUnion(
  'MarkArrivedResult',
  Visit,
  [...PRESS_REFUSALS, ArrivalTooEarly, VisitNeedsConsent, CompanionRefused],
  'The visit, or why it stays as it is.',
);

export const StartVisitResult = resultUnion(
  'StartVisitResult',
  Visit,
  [...PRESS_REFUSALS, VisitNeedsConsent, ConsentNotConfirmed],
  'The visit, or why it stays as it is.',
);

export const FinishVisitResult = resultUnion(
  'FinishVisitResult',
  Visit,
  PRESS_REFUSALS,
  'The visit, or why it stays as it is.',
);

export const MarkNoShowResult = resultUnion(
  'MarkNoShowResult',
  Visit,
  [...PRESS_REFUSALS, NoShowTooEarly],
  'The visit, or why it stays as it is.',
);

export const StartVisitStepResult = resultUnion(
  'StartVisitStepResult',
  Visit,
  STEP_REFUSALS,
  'The visit, or why its step stays as it is.',
);

export const FinishVisitStepResult = resultUnion(
  'FinishVisitStepResult',
  Visit,
  STEP_REFUSALS,
  'The visit, or why its step stays as it is.',
);

export const UndoVisitStepResult = resultUnion(
  'UndoVisitStepResult',
  Visit,
  [...PRESS_REFUSALS, ...CLAIM_REFUSALS, RequestNotWaiting, RequestAlreadyBooked, CompanionRefused],
  'The visit one step back, or why it stays as it is: its time may have been given to somebody else.',
);

export const SlipStepResult = resultUnion(
  'SlipStepResult',
  Visit,
  [...STEP_REFUSALS, ...CLAIM_REFUSALS, LegOutsideWindow, InThePast],
  'The visit with its later steps at their new times, or why they stay.',
);
