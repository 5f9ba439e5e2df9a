import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ClosureDecision } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ClosureHitsBookings,
  InThePast,
  PatientElsewhere,
  SlotAlreadyTaken,
  TimeSpan,
} from '../scheduling/schedule.refusals.js';
import {
  ClosureAlreadyTold,
  ClosureAlreadyUndone,
  ClosureHitsVisitsUnderWay,
  ClosureOvertaken,
  ClosurePlanStale,
  ClosureTooLarge,
  ClosureVisitRefused,
} from './closure.refusals.js';
import { Closure } from './closure.type.js';
import { CancelReasonNotYours, IdempotencyKeyReused, VisitCommentMissing } from './visit.refusals.js';
import { Visit, VisitResource } from './visit.type.js';
import { VisitOffer } from './visit-offer.type.js';

/** What a patient would be told. */
export const ClosureLetter = { VISIT_MOVED: 'VISIT_MOVED', VISIT_CANCELLED: 'VISIT_CANCELLED' } as const;
export type ClosureLetter = (typeof ClosureLetter)[keyof typeof ClosureLetter];

registerEnumType(ClosureLetter, {
  name: 'ClosureLetter',
  description: 'What a patient would be told.',
  valuesMap: {
    VISIT_MOVED: { description: 'That the visit is somewhere or some time else.' },
    VISIT_CANCELLED: { description: 'That the visit is cancelled, and that they are on the list again.' },
  },
});

@ObjectType({ description: 'A visit in the time of a closure, and what could become of it.' })
export class ClosureProposal {
  @Field(() => Visit, { description: 'The visit as it stands.' })
  readonly visit: Visit;

  @Field(() => ClosureDecision, { description: 'What is proposed.' })
  readonly decision: ClosureDecision;

  @Field(() => VisitOffer, {
    nullable: true,
    description:
      'Where it would go: send the start, roles and resources of its steps back. Null: it is cancelled.',
  })
  readonly offer: VisitOffer | null;

  @Field(() => Boolean, { description: 'The patient comes when they would have come anyway.' })
  readonly isSameTime: boolean;

  @Field(() => Boolean, {
    description:
      'What is proposed keeps the promise of its request. Never true of a visit that is cancelled.',
  })
  readonly keepsPromise: boolean;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day that keeps the promise; null: the visit answers no request.',
  })
  readonly targetOn: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day before the promise is broken; null: the visit answers no request.',
  })
  readonly breachOn: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'When it cannot be kept: what is in the way of every other place, in a sentence. Else null.',
  })
  readonly whyNone: string | null;

  @Field(() => ClosureLetter, {
    nullable: true,
    description: 'What the patient would be told; null: nothing, for a hold is only given back.',
  })
  readonly letter: ClosureLetter | null;
}

@ObjectType({ description: 'How many letters of a kind would go.' })
export class ClosureLetters {
  @Field(() => ClosureLetter, { description: 'Which kind.' })
  readonly letter: ClosureLetter;

  @Field(() => Int, { description: 'How many.' })
  readonly count: number;
}

@ObjectType({
  description: 'What a closure would do. Nothing is held: between this and applying it, life goes on.',
})
export class ClosurePreview {
  @Field(() => String, {
    description:
      'Stands for this time, these resources and these visits as they are: send it back to apply the plan.',
  })
  readonly planSha256: string;

  @Field(() => [VisitResource], { description: 'What would be closed, by kind and name.' })
  readonly resources: readonly VisitResource[];

  @Field(() => [ClosureProposal], {
    description: 'The visits that would change, whose promise is broken first coming first.',
  })
  readonly proposals: readonly ClosureProposal[];

  @Field(() => Int, { description: 'How many of them would keep the promise.' })
  readonly keptCount: number;

  @Field(() => [ClosureLetters], {
    description: 'The letters that would go; a kind of which none would is left out.',
  })
  readonly letters: readonly ClosureLetters[];

  @Field(() => [Visit], {
    description:
      'Visits that have begun or whose patients are here: decide them in person. While there is one, the closure cannot be applied.',
  })
  readonly underWay: readonly Visit[];

  @Field(() => Instant, {
    nullable: true,
    description:
      'From then on no visit is under way in the closed time, as it is planned now; null: none is.',
  })
  readonly possibleFrom: Temporal.Instant | null;

  @Field(() => [ID], {
    description:
      'Freed places in that time that are being offered to people who wait, by id: withdraw them first. While there is one, the closure cannot be applied.',
  })
  readonly offeredPlaceIds: readonly string[];

  @Field(() => [TimeSpan], {
    description:
      'Booked time that is no visit of this list. While there is any, the closure cannot be applied.',
  })
  readonly otherBookings: readonly TimeSpan[];
}

export const PREVIEW_REFUSALS = [InThePast, ClosureTooLarge] as const;

export const APPLY_REFUSALS = [
  InThePast,
  ClosureTooLarge,
  ClosurePlanStale,
  ClosureHitsVisitsUnderWay,
  ClosureHitsBookings,
  ClosureVisitRefused,
  CancelReasonNotYours,
  VisitCommentMissing,
  SlotAlreadyTaken,
  PatientElsewhere,
  IdempotencyKeyReused,
] as const;

export const UNDO_REFUSALS = [
  ClosureAlreadyTold,
  ClosureAlreadyUndone,
  ClosureOvertaken,
  IdempotencyKeyReused,
] as const;

export const ClosurePreviewResult = resultUnion(
  'ClosurePreviewResult',
  ClosurePreview,
  PREVIEW_REFUSALS,
  'The plan, or why there is none.',
);

export const ApplyClosureResult = resultUnion(
  'ApplyClosureResult',
  Closure,
  APPLY_REFUSALS,
  'The closure with everything it changed, or why nothing was changed.',
);

export const UndoClosureResult = resultUnion(
  'UndoClosureResult',
  Closure,
  UNDO_REFUSALS,
  'The closure, undone, or why it stands.',
);
