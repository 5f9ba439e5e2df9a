import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { TimeSpan } from '../scheduling/schedule.refusals.js';
import { VisitTypeRetired } from './request.refusals.js';
import { EVERY_DAYS_MAX, EVERY_DAYS_MIN, SERIES_VISITS_MAX, SERIES_VISITS_MIN } from './series.rules.js';
import { VISIT_TYPE_CODE, VISIT_TYPE_CODE_EXPECTED, VisitResource } from './visit.type.js';
import { BookedElsewhere } from './visit-companion.refusals.js';

/** What is weighed up over the telephone: each is a list of dates. */
const SERIES_DEFAULT = 3;
const SERIES_OFFERED_MAX = 10;
const WEEK_DAYS = 7;
/** Of a weekly series: nearer to its own week than to another. */
const TOLERANCE_DEFAULT_DAYS = 3;
const TOLERANCE_MAX_DAYS = 14;
/** Two weeks are the promise, and one more to look around. With the longest series it is what one diary shows. */
export const FIRST_WINDOW_MAX_DAYS = 21;
const WANTED_RESOURCES_MAX = 50;
const WALL_CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const WALL_CLOCK_TIME_EXPECTED = '$property must be a wall-clock time as HH:MM, such as 09:30';

@ObjectType({ description: 'When a step of a visit of a series would be.' })
export class OfferedOccurrenceStep {
  @Field(() => Int, { description: 'From 0, as in the protocol.' })
  readonly position: number;

  @Field(() => String, { description: 'What is done.' })
  readonly name: string;

  @Field(() => Instant, { description: 'Start.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End.' })
  readonly endsAt: Temporal.Instant;
}

@ObjectType({ description: 'Who or what would serve a step of a visit of a series, and as what.' })
export class OfferedOccurrenceResource {
  @Field(() => Int, { description: 'Which step, from 0.' })
  readonly stepPosition: number;

  @Field(() => String, { description: 'Role, as the protocol names it.' })
  readonly role: string;

  @Field(() => VisitResource, { description: 'Which one.' })
  readonly resource: VisitResource;
}

@ObjectType({ description: 'One visit of a series that could be booked.' })
export class OfferedOccurrence {
  @Field(() => Int, { description: 'Which visit of the series, from 0.' })
  readonly position: number;

  @Field(() => Instant, { description: 'Start of the first step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End of the last step.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, {
    description: 'When it would start if all were so many days apart at the same time.',
  })
  readonly wantedAt: Temporal.Instant;

  @Field(() => Boolean, {
    description: 'That was not possible (a holiday, leave, taken): `startsAt` is the nearest that is.',
  })
  readonly isException: boolean;

  @Field(() => Boolean, {
    description: 'Where the same people are asked for: they cannot serve this one, and others would.',
  })
  readonly changesStaff: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Code of the site at which all of it is; others of the series may be at another. Null: it needs only the patient.',
  })
  readonly siteCode: string | null;

  @Field(() => [OfferedOccurrenceStep], { description: 'Its steps, in order.' })
  readonly steps: readonly OfferedOccurrenceStep[];

  @Field(() => [OfferedOccurrenceResource], {
    description:
      'Who and what serves its steps, by step and role. Beside the steps and not inside, so that a list of series is no list inside lists inside lists.',
  })
  readonly resources: readonly OfferedOccurrenceResource[];
}

@ObjectType({
  description:
    'A series that could be booked now: send the start, roles and resources of its visits’ steps to `bookSeries`.',
})
export class SeriesOffer {
  @Field(() => [OfferedOccurrence], { description: 'Its visits, in order of time.' })
  readonly occurrences: readonly OfferedOccurrence[];

  @Field(() => Boolean, { description: 'Its first visit keeps the promise.' })
  readonly insidePromise: boolean;

  @Field(() => Boolean, { description: 'Its first visit is before the wait counts as a breach.' })
  readonly beforeBreach: boolean;

  @Field(() => Int, { description: 'How many of its visits are at another time than they should be.' })
  readonly exceptionsCount: number;
}

@ObjectType({ description: 'Why there is no series to offer.' })
export class WhyNoSeries {
  @Field(() => Int, { description: 'Which visit is in the way, from 0: of the series that come furthest.' })
  readonly position: number;

  @Field(() => Instant, {
    nullable: true,
    description: 'When that visit should have started; null when not even a first one is possible.',
  })
  readonly wantedAt: Temporal.Instant | null;

  @Field(() => String, { description: 'The same in a sentence.' })
  readonly message: string;
}

@ObjectType({ description: 'The series that could be booked, best first.' })
export class SeriesOffers {
  @Field(() => [SeriesOffer], {
    description:
      'Best first: the first visit inside the promise, then before the breach; then fewer changes of staff where the same people are asked for, then fewer exceptions, by fewer days, then the earlier first visit. At most three that begin on one day, half an hour apart.',
  })
  readonly offers: readonly SeriesOffer[];

  @Field(() => LocalDate, { description: 'First day that may be booked now (notice from today).' })
  readonly earliestOn: string;

  @Field(() => LocalDate, {
    description: 'Last day on which a first visit keeps the promise, from the start of the clock.',
  })
  readonly targetOn: string;

  @Field(() => LocalDate, { description: 'Last day for which the diary is open for a first visit.' })
  readonly latestOn: string;

  @Field(() => TimeSpan, {
    nullable: true,
    description: 'Where a first visit was looked for; null when none of the days asked for can be booked.',
  })
  readonly firstWindow: TimeSpan | null;

  @Field(() => WhyNoSeries, { nullable: true, description: 'When there is none: why. Else null.' })
  readonly whyNoSeries: WhyNoSeries | null;
}

@InputType({ description: 'What series is looked for.' })
export class SeriesOfferFilterInput {
  @Field(() => String, { description: 'Code of the kind of visit: `PHYSIOTHERAPY`.' })
  @Matches(VISIT_TYPE_CODE, { message: `$property ${VISIT_TYPE_CODE_EXPECTED}` })
  visitTypeCode: string;

  @Field(() => ID, {
    nullable: true,
    description: 'For whom: visits that they have already, and the way between, are kept free.',
  })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'For which request: its patient, clock, urgency, stated times and travel count.',
  })
  @IsOptional()
  @IsUUID()
  requestId?: string | null;

  @Field(() => Int, { description: `How many visits, ${SERIES_VISITS_MIN} to ${SERIES_VISITS_MAX}.` })
  @IsInt()
  @Min(SERIES_VISITS_MIN)
  @Max(SERIES_VISITS_MAX)
  count: number;

  @Field(() => Int, {
    nullable: true,
    defaultValue: WEEK_DAYS,
    description: `Days from one to the next, ${EVERY_DAYS_MIN} to ${EVERY_DAYS_MAX}. The series takes at most 371 days.`,
  })
  @IsInt()
  @Min(EVERY_DAYS_MIN)
  @Max(EVERY_DAYS_MAX)
  everyDays: number = WEEK_DAYS;

  @Field(() => LocalDate, { nullable: true, description: 'The first visit is not before this day.' })
  @IsOptional()
  onOrAfter?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: `The first visit is not after this day. At most ${FIRST_WINDOW_MAX_DAYS} days are looked at.`,
  })
  @IsOptional()
  onOrBefore?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The patient is needed no earlier than this wall-clock time, HH:MM.',
  })
  @IsOptional()
  @Matches(WALL_CLOCK_TIME, { message: WALL_CLOCK_TIME_EXPECTED })
  localTimeFrom?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The patient is needed no later than this wall-clock time, HH:MM.',
  })
  @IsOptional()
  @Matches(WALL_CLOCK_TIME, { message: WALL_CLOCK_TIME_EXPECTED })
  localTimeUntil?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Of each kind that is named here, only these resources; at most ${WANTED_RESOURCES_MAX}.`,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(WANTED_RESOURCES_MAX)
  @IsUUID(undefined, { each: true })
  wantedResourceIds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'The same people in every visit come first. Left out: as the request says, else no.',
  })
  @IsOptional()
  @IsBoolean()
  keepsStaff?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: TOLERANCE_DEFAULT_DAYS,
    description: `By how many days a visit may be put off or brought forward where its own day is not possible, 0 to ${TOLERANCE_MAX_DAYS}; never by half of the days between two.`,
  })
  @IsInt()
  @Min(0)
  @Max(TOLERANCE_MAX_DAYS)
  toleranceDays: number = TOLERANCE_DEFAULT_DAYS;

  @Field(() => Int, {
    nullable: true,
    defaultValue: SERIES_DEFAULT,
    description: `How many series at the most, 1 to ${SERIES_OFFERED_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(SERIES_OFFERED_MAX)
  limit: number = SERIES_DEFAULT;
}

export const SeriesOffersResult = resultUnion(
  'SeriesOffersResult',
  SeriesOffers,
  [BookedElsewhere, VisitTypeRetired],
  'The series, or why this kind of visit is not offered here.',
);
