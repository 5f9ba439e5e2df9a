import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ArrayMaxSize, IsArray, IsEnum, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import type { FreedPlaceOffer as FreedPlaceOfferRow } from '../../platform/database/generated/client.js';
import { FreedPlaceOfferStatus, FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, Temporal } from '../../platform/time/index.js';
import { OutsideOpeningHours, SlotAlreadyTaken } from '../scheduling/schedule.refusals.js';
import {
  FreedPlaceChangedMeanwhile,
  FreedPlaceNotOpen,
  NobodyForFreedPlace,
  OfferExpired,
  OfferGone,
  OfferNotOpen,
} from './freed-place.refusals.js';
import { ANSWER_MAX_MINUTES, ANSWER_MIN_MINUTES, AT_ONCE_MAX, CANDIDATES_MAX } from './freed-place.rules.js';
import { NotSooner } from './sooner.refusals.js';
import { VISIT_TYPE_CODE, VISIT_TYPE_CODE_EXPECTED, VisitResource } from './visit.type.js';
import { BOOK_REFUSALS, MOVE_REFUSALS } from './visit-answer.type.js';

const STATUSES_MAX = 5;

/** What can be said to an offer. */
export const OfferAnswer = { ACCEPT: 'ACCEPT', DECLINE: 'DECLINE' } as const;
export type OfferAnswer = (typeof OfferAnswer)[keyof typeof OfferAnswer];

registerEnumType(OfferAnswer, {
  name: 'OfferAnswer',
  description: 'What the patient says to an offer.',
  valuesMap: {
    ACCEPT: {
      description: 'Yes: the visit is booked, or comes here, in the same moment, or it is not accepted.',
    },
    DECLINE: {
      description:
        'No, not this one. The request keeps waiting, or the visit stays where it is, and they are asked about other places.',
    },
  },
});

registerEnumType(FreedPlaceStatus, {
  name: 'FreedPlaceStatus',
  description: 'Where a freed place stands.',
  valuesMap: {
    OPEN: { description: 'Free, and nobody is being asked. Whoever books it first has it.' },
    OFFERING: { description: 'People are being asked. Until they have answered nobody else can book it.' },
    TAKEN: { description: 'One of those who were asked has it.' },
    WITHDRAWN: { description: 'A member of staff has ended the asking.' },
    EXPIRED: { description: 'Nobody took it in time, or it was booked in the ordinary way.' },
  },
});

registerEnumType(FreedPlaceOfferStatus, {
  name: 'FreedPlaceOfferStatus',
  description: 'Where the offer of a freed place to one who waits stands.',
  valuesMap: {
    QUEUED: { description: 'Others are asked first. The order is made anew before anybody else is asked.' },
    SENT: { description: 'Asked; the answer is due until `answerBy`.' },
    ACCEPTED: { description: 'Yes; `visitId` is what it became.' },
    DECLINED: { description: 'No.' },
    LAPSED: { description: 'No answer in time.' },
    GONE: { description: 'Somebody else has the place, or it is no longer to be had.' },
  },
});

@ObjectType({ description: 'A stretch of one resource that a place consists of, buffers included.' })
export class FreedPlaceSpan {
  @Field(() => VisitResource, { description: 'Which resource.' })
  readonly resource: VisitResource;

  @Field(() => Instant, { description: 'From when.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Until when; this moment is not in it.' })
  readonly endsAt: Temporal.Instant;
}

@ObjectType({ description: 'Who or what would serve a step, and as what.' })
export class FreedPlaceStepResource {
  @Field(() => String, { description: 'What it does in the visit, as the protocol says.' })
  readonly role: string;

  @Field(() => ID, { description: 'Which resource.' })
  readonly resourceId: string;
}

@ObjectType({ description: 'One step of a visit that is offered.' })
export class FreedPlaceStep {
  @Field(() => String, { description: 'What is done.' })
  readonly name: string;

  @Field(() => Instant, { description: 'Planned start.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Planned end.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => [FreedPlaceStepResource], { description: 'Who and what would serve it, by role.' })
  readonly resources: readonly FreedPlaceStepResource[];
}

@ObjectType({ description: 'A place that fell free, offered to one who waits, or who would come sooner.' })
export class FreedPlaceOffer {
  @Field(() => ID, { description: 'Id of the offer.' })
  readonly id: string;

  @Field(() => ID, { description: 'The place.' })
  readonly freedPlaceId: string;

  @Field(() => ID, { description: 'The request that it is offered to.' })
  readonly requestId: string;

  @Field(() => ID, { description: 'Whose request it is.' })
  readonly patientId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit that they have and that would come here from a later time; null: the request has no visit.',
  })
  readonly movesVisitId: string | null;

  @Field(() => Int, { description: 'From 1: in this order people are asked.' })
  readonly rank: number;

  @Field(() => FreedPlaceOfferStatus, {
    description: 'Where it stands. One that was not answered in time is `LAPSED` from its last moment on.',
  })
  readonly status: FreedPlaceOfferStatus;

  @Field(() => Int, { description: 'Rises with each change. Send it back with the answer.' })
  readonly version: number;

  @Field(() => [FreedPlaceStep], { description: 'The visit that is offered, step by step.' })
  readonly steps: readonly FreedPlaceStep[];

  @Field(() => Instant, { description: 'Start of its first step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When the patient was asked; null: not yet.' })
  readonly sentAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'From this moment on it is too late for an answer; null: nobody was asked yet.',
  })
  readonly answerBy: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was answered or ended otherwise.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The visit that it became, or that came here; null unless accepted.',
  })
  readonly visitId: string | null;
}

@ObjectType({
  description:
    'Somebody who waits, or would come sooner, and could have a freed place, with the visit it would give them.',
})
export class FreedPlaceCandidate {
  @Field(() => ID, { description: 'The request that waits.' })
  readonly requestId: string;

  @Field(() => ID, { description: 'Whose request it is.' })
  readonly patientId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The visit that they have and that would come here from a later time; null: the request has no visit.',
  })
  readonly movesVisitId: string | null;

  @Field(() => Instant, { description: 'When the visit would begin.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => [FreedPlaceStep], { description: 'The visit, step by step.' })
  readonly steps: readonly FreedPlaceStep[];
}

@ObjectType({
  description:
    'A place that a booked visit has left while it may still be of use: cancelled, moved away, missed or broken off.',
})
export class FreedPlace {
  @Field(() => ID, { description: 'Id of the place.' })
  readonly id: string;

  @Field(() => ID, { description: 'The visit that left it.' })
  readonly visitId: string;

  @Field(() => Int, { description: 'The version of that visit with which it left.' })
  readonly visitVersion: number;

  @Field(() => ID, {
    nullable: true,
    description:
      'The place of which this is what was left when somebody took a part of it; null: a visit left it as it is.',
  })
  readonly restOfId: string | null;

  @Field(() => String, { description: 'Code of the kind of visit that left it; others may fit, too.' })
  readonly visitTypeCode: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => Instant, { description: 'First start of what fell free.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'Last end of what fell free.' })
  readonly endsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it fell free.' })
  readonly freedAt: Temporal.Instant;

  @Field(() => FreedPlaceStatus, {
    description:
      'Where it stands at this moment. An open place is `EXPIRED` from the moment at which it is too near or others have booked it.',
  })
  readonly status: FreedPlaceStatus;

  @Field(() => Int, { description: 'Rises with each change. Send it back when changing the place.' })
  readonly version: number;

  @Field(() => Instant, {
    nullable: true,
    description: 'Until when nobody but those who are asked can have it; null while nobody is asked.',
  })
  readonly answerBy: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When it was taken, withdrawn or given up.' })
  readonly settledAt: Temporal.Instant | null;

  @Field(() => [FreedPlaceSpan], { description: 'What it consists of, by resource and time.' })
  readonly spans: readonly FreedPlaceSpan[];

  @Field(() => [FreedPlaceOffer], { description: 'Who was, is and will be asked, in order.' })
  readonly offers: readonly FreedPlaceOffer[];

  @Field(() => Int, { description: 'How many were written down as fitting, asked or not.' })
  readonly candidatesCount: number;

  @Field(() => [String], { description: 'What can be done with it now, by the names of the operations.' })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of freed places, the one that begins first on top.' })
export class FreedPlacePage extends pageOf(FreedPlace) {}

@InputType({ description: 'Narrows the list of freed places. Several filters together: all must hold.' })
export class FreedPlaceFilterInput {
  @Field(() => [FreedPlaceStatus], {
    nullable: true,
    description:
      'Only those last written down so; left out: open ones and those about which people are asked. What is shown is judged now.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATUSES_MAX)
  @IsEnum(FreedPlaceStatus, { each: true })
  readonly statuses?: readonly FreedPlaceStatus[] | null;

  @Field(() => LocalDate, { nullable: true, description: 'Places that begin on this day or later.' })
  @IsOptional()
  readonly from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Places that begin on this day or earlier.' })
  @IsOptional()
  readonly until?: string | null;

  @Field(() => String, { nullable: true, description: 'Only left by this kind of visit.' })
  @IsOptional()
  @Matches(VISIT_TYPE_CODE, { message: `$property ${VISIT_TYPE_CODE_EXPECTED}` })
  readonly visitTypeCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only with a stretch of this resource.' })
  @IsOptional()
  @IsUUID()
  readonly resourceId?: string | null;
}

@InputType({ description: 'A freed place about which people shall be asked.' })
export class OfferFreedPlaceInput {
  @Field(() => ID, { description: 'Which place.' })
  @IsUUID()
  readonly freedPlaceId: string;

  @Field(() => Int, { description: 'The `version` of the place as it was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => Int, {
    nullable: true,
    description: `How many are asked at once, 1 to ${AT_ONCE_MAX}. Left out: as the kind of visit that left the place says.`,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(AT_ONCE_MAX)
  readonly atOnce?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many minutes each has for an answer, ${ANSWER_MIN_MINUTES} to ${ANSWER_MAX_MINUTES}; less where the visit is near. Left out: as the kind of visit that left the place says.`,
  })
  @IsOptional()
  @IsInt()
  @Min(ANSWER_MIN_MINUTES)
  @Max(ANSWER_MAX_MINUTES)
  readonly answerMinutes?: number | null;
}

@InputType({ description: 'A freed place about which nobody shall be asked any more.' })
export class WithdrawFreedPlaceInput {
  @Field(() => ID, { description: 'Which place.' })
  @IsUUID()
  readonly freedPlaceId: string;

  @Field(() => Int, { description: 'The `version` of the place as it was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'What a patient says to the offer of a freed place.' })
export class AnswerFreedPlaceOfferInput {
  @Field(() => ID, { description: 'Which offer.' })
  @IsUUID()
  readonly offerId: string;

  @Field(() => Int, { description: 'The `version` of the offer as it was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => OfferAnswer, { description: 'Yes or no.' })
  @IsEnum(OfferAnswer)
  readonly answer: OfferAnswer;
}

const PLACE_REFUSALS = [FreedPlaceNotOpen, FreedPlaceChangedMeanwhile] as const;

export const ANSWER_OFFER_REFUSALS = [
  ...new Set([...BOOK_REFUSALS, ...MOVE_REFUSALS]),
  NotSooner,
  OfferGone,
  OfferExpired,
  OfferNotOpen,
  FreedPlaceChangedMeanwhile,
] as const;

export const OfferFreedPlaceResult = resultUnion(
  'OfferFreedPlaceResult',
  FreedPlace,
  [...PLACE_REFUSALS, NobodyForFreedPlace, SlotAlreadyTaken, OutsideOpeningHours],
  `The place with those who were asked and at most ${CANDIDATES_MAX} in all, or why nobody was.`,
);
export const WithdrawFreedPlaceResult = resultUnion(
  'WithdrawFreedPlaceResult',
  FreedPlace,
  PLACE_REFUSALS,
  'The place, about which nobody is asked any more, or why it stays as it is.',
);
export const AnswerFreedPlaceOfferResult = resultUnion(
  'AnswerFreedPlaceOfferResult',
  FreedPlaceOffer,
  ANSWER_OFFER_REFUSALS,
  'The offer as it was answered, or why it could not be. A refusal changes nothing: the offer stands until its time is over.',
);

/** The steps are kept as text: their instants are read again. */
export function toOffer(row: FreedPlaceOfferRow): FreedPlaceOffer {
  const steps = row.steps as unknown as readonly KeptStep[];
  return {
    id: row.id,
    freedPlaceId: row.freedPlaceId,
    requestId: row.requestId,
    patientId: row.patientId,
    movesVisitId: row.movesVisitId,
    rank: row.rank,
    status: row.status,
    version: row.version,
    steps: steps.map((step) => ({
      ...step,
      startsAt: Temporal.Instant.from(step.startsAt),
      endsAt: Temporal.Instant.from(step.endsAt),
    })),
    startsAt: instantFromDate(row.startsAt),
    sentAt: row.sentAt && instantFromDate(row.sentAt),
    answerBy: row.answerBy && instantFromDate(row.answerBy),
    settledAt: row.settledAt && instantFromDate(row.settledAt),
    visitId: row.visitId,
  };
}

interface KeptStep extends Omit<FreedPlaceStep, 'startsAt' | 'endsAt'> {
  readonly startsAt: string;
  readonly endsAt: string;
}
