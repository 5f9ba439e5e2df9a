import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
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
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { TimeSpan } from '../scheduling/schedule.refusals.js';
import { SITE_CODE, SITE_CODE_EXPECTED } from '../scheduling/site.type.js';
import { VisitTypeRetired } from './request.refusals.js';
import { VISIT_TYPE_CODE, VISIT_TYPE_CODE_EXPECTED, VisitResource, VisitStepResource } from './visit.type.js';
import { BookedElsewhere } from './visit-companion.refusals.js';

const OFFERS_DEFAULT = 10;
const OFFERS_MAX = 50;
const WANTED_RESOURCES_MAX = 50;
const WALL_CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const WALL_CLOCK_TIME_EXPECTED = '$property must be a wall-clock time as HH:MM, such as 09:30';

/** What stands in the way of every visit. */
export const OfferBlock = {
  NOT_FREE: 'NOT_FREE',
  NEVER_FREE_TOGETHER: 'NEVER_FREE_TOGETHER',
  PATIENT_NOT_FREE: 'PATIENT_NOT_FREE',
  WAIT_NOT_MET: 'WAIT_NOT_MET',
  WAIT_NOT_FILLED: 'WAIT_NOT_FILLED',
  ROLE_CHANGES_HANDS: 'ROLE_CHANGES_HANDS',
  WINDOW_TOO_SHORT: 'WINDOW_TOO_SHORT',
} as const;
export type OfferBlock = (typeof OfferBlock)[keyof typeof OfferBlock];

registerEnumType(OfferBlock, {
  name: 'OfferBlock',
  description: 'What stands in the way of every visit.',
  valuesMap: {
    NOT_FREE: { description: 'Too few who could serve the step are free at once for so long.' },
    NEVER_FREE_TOGETHER: { description: 'Each is free somewhere, but never all at once for so long.' },
    PATIENT_NOT_FREE: { description: 'The patient can never be there for so long.' },
    WAIT_NOT_MET: { description: 'The step is never possible so long after the step before.' },
    WAIT_NOT_FILLED: { description: 'Nothing is free for the whole of the wait.' },
    ROLE_CHANGES_HANDS: { description: 'Possible only if a role changed hands that must not.' },
    WINDOW_TOO_SHORT: { description: 'The time that was asked for is shorter than the visit, or over.' },
  },
});

/** What would make a visit possible. */
export const OfferRemedy = {
  ANOTHER_DAY: 'ANOTHER_DAY',
  ANOTHER_TIME_OF_THE_PATIENT: 'ANOTHER_TIME_OF_THE_PATIENT',
  EXTRA_SESSION: 'EXTRA_SESSION',
  SWAP: 'SWAP',
} as const;
export type OfferRemedy = (typeof OfferRemedy)[keyof typeof OfferRemedy];

registerEnumType(OfferRemedy, {
  name: 'OfferRemedy',
  description: 'What would make a visit possible.',
  valuesMap: {
    ANOTHER_DAY: { description: 'A day outside those that were asked for.' },
    ANOTHER_TIME_OF_THE_PATIENT: { description: 'A time at which the patient said that they cannot come.' },
    EXTRA_SESSION: { description: 'An extra session of the resource that is named.' },
    SWAP: { description: 'Another visit of this kind that could move, and still keep its own promise.' },
  },
});

@ObjectType({ description: 'A step of a visit that could be booked.' })
export class OfferedVisitStep {
  @Field(() => Int, { description: 'From 0, as in the protocol.' })
  readonly position: number;

  @Field(() => String, { description: 'What is done.' })
  readonly name: string;

  @Field(() => Instant, { description: 'Start.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => [VisitStepResource], { description: 'Who and what would serve it, by role.' })
  readonly resources: readonly VisitStepResource[];
}

@ObjectType({
  description:
    'A visit that could be booked now: send the start, roles and resources of its steps to `holdVisit` or `bookVisit`.',
})
export class VisitOffer {
  @Field(() => Instant, { description: 'Start of the first step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'End of the last step.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the site at which it would be; null when nothing of the clinic serves it.',
  })
  readonly siteCode: string | null;

  @Field(() => [OfferedVisitStep], { description: 'Its steps, in order.' })
  readonly steps: readonly OfferedVisitStep[];

  @Field(() => Boolean, { description: 'It keeps the promise.' })
  readonly insidePromise: boolean;

  @Field(() => Boolean, { description: 'It is before the wait counts as a breach.' })
  readonly beforeBreach: boolean;

  @Field(() => Int, { description: 'How often a role changes hands that is better kept by one.' })
  readonly handovers: number;

  @Field(() => Int, { description: 'Pieces of free time it would leave that are too short for anything.' })
  readonly unusableGaps: number;

  @Field(() => Int, { description: 'By how many minutes its waits together miss their targets.' })
  readonly waitErrorMinutes: number;
}

@ObjectType({
  description:
    'A visit that could make room by moving. Nothing is said of whose it is: `visit` says that, and records the look.',
})
export class MovableVisit {
  @Field(() => ID, { description: 'Id of the visit.' })
  readonly visitId: string;

  @Field(() => Int, { description: 'Its version. Send it back when moving it.' })
  readonly version: number;

  @Field(() => Instant, { description: 'When it starts now.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => VisitOffer, {
    description:
      'Where it could go, inside its own promise (without one: no later than its present day) and at a time that its patient can come. Move it there before the other is booked.',
  })
  readonly movesTo: VisitOffer;
}

@ObjectType({ description: 'Something that would make a visit possible; it was tried.' })
export class OfferHelp {
  @Field(() => OfferRemedy, { description: 'What would help.' })
  readonly remedy: OfferRemedy;

  @Field(() => VisitResource, { nullable: true, description: 'Of an extra session: whose. Else null.' })
  readonly resource: VisitResource | null;

  @Field(() => TimeSpan, { nullable: true, description: 'Of an extra session: when. Else null.' })
  readonly session: TimeSpan | null;

  @Field(() => MovableVisit, { nullable: true, description: 'Of a swap: which visit would move. Else null.' })
  readonly movable: MovableVisit | null;

  @Field(() => VisitOffer, { description: 'The best visit that there would be.' })
  readonly offer: VisitOffer;
}

@ObjectType({ description: 'Why there is no visit to offer: the first thing in the way of every one.' })
export class WhyNoOffer {
  @Field(() => OfferBlock, { description: 'What is in the way.' })
  readonly block: OfferBlock;

  @Field(() => Int, {
    nullable: true,
    description: 'The step that it blocks, from 0; null: the visit as a whole.',
  })
  readonly position: number | null;

  @Field(() => String, { nullable: true, description: 'Name of that step; null: the visit as a whole.' })
  readonly stepName: string | null;

  @Field(() => [ResourceKind], { description: 'The kinds of resource that are missing.' })
  readonly kinds: readonly ResourceKind[];

  @Field(() => Boolean, { description: 'The patient’s own time is part of it.' })
  readonly withPatient: boolean;

  @Field(() => TimeSpan, {
    nullable: true,
    description: 'Where it was looked; null when there was no time to look in.',
  })
  readonly window: TimeSpan | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the site that comes nearest to a visit, which this is about; null: of none.',
  })
  readonly siteCode: string | null;

  @Field(() => String, { description: 'The same in a sentence; with several sites, one for each.' })
  readonly message: string;

  @Field(() => [OfferHelp], { description: 'What would help, each tried; empty when no single change does.' })
  readonly help: readonly OfferHelp[];
}

@ObjectType({
  description: 'The visits that could be booked, best first, and the days they were looked for in.',
})
export class VisitOffers {
  @Field(() => [VisitOffer], {
    description:
      'Best first: inside the promise, then before the breach, then the earlier day, then fewer changes of hands where that is asked for, then the earlier start, then the fewest unusable gaps, then the waits nearest their targets.',
  })
  readonly offers: readonly VisitOffer[];

  @Field(() => LocalDate, { description: 'First day that may be booked now (notice from today).' })
  readonly earliestOn: string;

  @Field(() => LocalDate, { description: 'Last day that keeps the promise, from the start of the clock.' })
  readonly targetOn: string;

  @Field(() => LocalDate, { description: 'Last day for which the diary is open.' })
  readonly latestOn: string;

  @Field(() => WhyNoOffer, { nullable: true, description: 'When there is none: why. Else null.' })
  readonly whyNoOffer: WhyNoOffer | null;
}

@InputType({ description: 'Which visits are looked for.' })
export class VisitOfferFilterInput {
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

  @Field(() => ID, {
    nullable: true,
    description: 'Offers for moving this visit: its own times count as free and its own protocol holds.',
  })
  @IsOptional()
  @IsUUID()
  ignoreVisitId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Not before this day.' })
  @IsOptional()
  onOrAfter?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Not after this day.' })
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

  @Field(() => String, {
    nullable: true,
    description: 'Only at this site, by its code. Left out: at any; each visit is at one.',
  })
  @IsOptional()
  @Matches(SITE_CODE, { message: SITE_CODE_EXPECTED })
  siteCode?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Fewer changes of hands come first. Left out: as the request says, else no.',
  })
  @IsOptional()
  @IsBoolean()
  keepsStaff?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: OFFERS_DEFAULT,
    description: `How many at the most, 1 to ${OFFERS_MAX}.`,
  })
  @IsInt()
  @Min(1)
  @Max(OFFERS_MAX)
  limit: number = OFFERS_DEFAULT;
}

export const VisitOffersResult = resultUnion(
  'VisitOffersResult',
  VisitOffers,
  [BookedElsewhere, VisitTypeRetired],
  'The offers, or why this kind of visit is not offered here.',
);
