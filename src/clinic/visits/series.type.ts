import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { OccurrenceNotPossible, SeriesOver } from './series.refusals.js';
import { EVERY_DAYS_MAX, EVERY_DAYS_MIN, SERIES_VISITS_MAX, SERIES_VISITS_MIN } from './series.rules.js';
import { VISIT_TYPE_CODE, VISIT_TYPE_CODE_EXPECTED, Visit } from './visit.type.js';
import { BOOK_REFUSALS, CANCEL_REFUSALS } from './visit-answer.type.js';
import { WantedStepInput } from './visit-booking.type.js';

/** A visit of more steps is not one that the search offers. */
const STEPS_MAX = 12;
const REASON_MAX_CHARACTERS = 500;
const REASON_CODE_MAX_CHARACTERS = 60;

@ObjectType({
  description:
    'Visits that were booked as one, such as six weekly treatments. Each is a visit of its own, moved and cancelled by itself.',
})
export class VisitSeries {
  @Field(() => ID, { description: 'Id of the series.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose series it is.' })
  readonly patientId: string;

  @Field(() => ID, { nullable: true, description: 'The request that it answers as a whole; null: none.' })
  readonly requestId: string | null;

  @Field(() => String, { description: 'Code of the kind of visit: `PHYSIOTHERAPY`.' })
  readonly visitTypeCode: string;

  @Field(() => Int, { description: 'How many visits were booked.' })
  readonly visitsCount: number;

  @Field(() => Int, { description: 'Days from one to the next on the calendar; single ones may differ.' })
  readonly everyDays: number;

  @Field(() => Instant, { description: 'When it was booked.' })
  readonly bookedAt: Temporal.Instant;

  @Field(() => [Visit], {
    description:
      'Its visits by their place in it, cancelled ones and what was booked instead of them too, the older first.',
  })
  readonly visits: readonly Visit[];
}

@InputType({ description: 'One visit of a series.' })
export class SeriesOccurrenceInput {
  @Field(() => [WantedStepInput], { description: 'Every step of the protocol, in order.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(STEPS_MAX)
  @ValidateNested({ each: true })
  @Type(() => WantedStepInput)
  steps: WantedStepInput[];
}

@InputType({ description: 'Visits to book as one: all of them, or none.' })
export class BookSeriesInput {
  @Field(() => ID, { description: 'Whose visits they are.' })
  @IsUUID()
  patientId: string;

  @Field(() => String, { description: 'Code of the kind of visit: `PHYSIOTHERAPY`.' })
  @Matches(VISIT_TYPE_CODE, { message: `$property ${VISIT_TYPE_CODE_EXPECTED}` })
  visitTypeCode: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The request that the series answers. A kind of visit that needs a referral needs this.',
  })
  @IsOptional()
  @IsUUID()
  requestId?: string | null;

  @Field(() => Int, {
    description: `Days from one visit to the next, ${EVERY_DAYS_MIN} to ${EVERY_DAYS_MAX}; it stays with the series. Single visits may be at other times.`,
  })
  @IsInt()
  @Min(EVERY_DAYS_MIN)
  @Max(EVERY_DAYS_MAX)
  everyDays: number;

  @Field(() => [SeriesOccurrenceInput], {
    description: `The visits in order of time, ${SERIES_VISITS_MIN} to ${SERIES_VISITS_MAX}, as \`seriesOffers\` gave them or at times of one’s own, within 371 days.`,
  })
  @IsArray()
  @ArrayMinSize(SERIES_VISITS_MIN)
  @ArrayMaxSize(SERIES_VISITS_MAX)
  @ValidateNested({ each: true })
  @Type(() => SeriesOccurrenceInput)
  occurrences: SeriesOccurrenceInput[];

  @Field(() => String, {
    nullable: true,
    description: `Why the notice or the end of the diary shall not hold this time, by somebody whose role may say so; at most ${REASON_MAX_CHARACTERS} characters. It stays with the visits.`,
  })
  @IsOptional()
  @IsString()
  @Matches(/\S/u, { message: '$property must say something' })
  @MaxLength(REASON_MAX_CHARACTERS)
  overrideReason?: string | null;
}

@InputType({ description: 'A series of which all that is still to come shall be cancelled.' })
export class CancelSeriesInput {
  @Field(() => ID, { description: 'Which series.' })
  @IsUUID()
  seriesId: string;

  @Field(() => String, { description: 'Code of the reason, one of `cancelReasons`.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_CODE_MAX_CHARACTERS)
  reasonCode: string;

  @Field(() => String, {
    nullable: true,
    description: `In words, at most ${REASON_MAX_CHARACTERS} characters; some reasons need it.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(REASON_MAX_CHARACTERS)
  comment?: string | null;
}

export const BOOK_SERIES_REFUSALS = [OccurrenceNotPossible, ...BOOK_REFUSALS] as const;
export const CANCEL_SERIES_REFUSALS = [SeriesOver, ...CANCEL_REFUSALS] as const;

export const BookSeriesResult = resultUnion(
  'BookSeriesResult',
  VisitSeries,
  BOOK_SERIES_REFUSALS,
  'The booked series, or why nothing of it was booked.',
);
export const CancelSeriesResult = resultUnion(
  'CancelSeriesResult',
  VisitSeries,
  CANCEL_SERIES_REFUSALS,
  'The series without what was still to come, or why it stands.',
);
