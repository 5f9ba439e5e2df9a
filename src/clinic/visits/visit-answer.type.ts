import { Field, ObjectType } from '@nestjs/graphql';
import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  BeyondDiary,
  InThePast,
  OutsideOpeningHours,
  OverrideNotAllowed,
  PatientElsewhere,
  SlotAlreadyTaken,
  TooSoonForLeadTime,
} from '../scheduling/schedule.refusals.js';
import { VisitTypeRetired } from './request.refusals.js';
import {
  CancelReasonNotYours,
  HoldExpired,
  IdempotencyKeyReused,
  NotInThisState,
  RequestAlreadyBooked,
  TooLateToChange,
  TooManyMoves,
  VisitChangedMeanwhile,
  VisitCommentMissing,
  VisitHasBegun,
  VisitNeedsConsent,
  VisitNeedsReferral,
  VisitNotReplaceable,
  VisitOutsideProtocol,
  VisitsNotAlike,
} from './visit.refusals.js';
import { Visit } from './visit.type.js';
import { BookedElsewhere, CompanionRefused } from './visit-companion.refusals.js';

@ObjectType({ description: 'Two visits that have changed places.' })
export class VisitSwap {
  @Field(() => Visit, { description: 'The first, where the second was.' })
  readonly first: Visit;

  @Field(() => Visit, { description: 'The second, where the first was.' })
  readonly second: Visit;
}

const PLACE_REFUSALS = [
  VisitOutsideProtocol,
  TooSoonForLeadTime,
  BeyondDiary,
  InThePast,
  OverrideNotAllowed,
  OutsideOpeningHours,
  SlotAlreadyTaken,
  PatientElsewhere,
  CompanionRefused,
] as const;
const PERSON_REFUSALS = [VisitNeedsReferral, VisitNeedsConsent, RequestAlreadyBooked] as const;
const TYPE_REFUSALS = [BookedElsewhere, VisitTypeRetired] as const;
const CHANGE_REFUSALS = [NotInThisState, VisitChangedMeanwhile, IdempotencyKeyReused] as const;

export const BOOK_REFUSALS = [
  ...TYPE_REFUSALS,
  ...PLACE_REFUSALS,
  ...PERSON_REFUSALS,
  VisitNotReplaceable,
  IdempotencyKeyReused,
] as const;
export const CONFIRM_REFUSALS = [
  ...CHANGE_REFUSALS,
  ...TYPE_REFUSALS,
  ...PERSON_REFUSALS,
  CompanionRefused,
  HoldExpired,
  InThePast,
] as const;
export const RELEASE_REFUSALS = [...CHANGE_REFUSALS, HoldExpired] as const;
export const MOVE_REFUSALS = [
  ...CHANGE_REFUSALS,
  ...TYPE_REFUSALS,
  ...PLACE_REFUSALS,
  ...PERSON_REFUSALS,
  VisitHasBegun,
  TooManyMoves,
  TooLateToChange,
] as const;
export const SWAP_REFUSALS = [...MOVE_REFUSALS, VisitsNotAlike] as const;
export const CANCEL_REFUSALS = [
  ...CHANGE_REFUSALS,
  VisitHasBegun,
  CancelReasonNotYours,
  VisitCommentMissing,
] as const;

export const HoldVisitResult = resultUnion(
  'HoldVisitResult',
  Visit,
  BOOK_REFUSALS,
  'The held visit, or why nothing is held.',
);
export const ConfirmVisitResult = resultUnion(
  'ConfirmVisitResult',
  Visit,
  CONFIRM_REFUSALS,
  'The booked visit, or why the hold could not be confirmed.',
);
export const ReleaseHoldResult = resultUnion(
  'ReleaseHoldResult',
  Visit,
  RELEASE_REFUSALS,
  'The visit, no longer held, or why there was nothing to give back.',
);
export const BookVisitResult = resultUnion(
  'BookVisitResult',
  Visit,
  BOOK_REFUSALS,
  'The booked visit, or why there is none.',
);
export const MoveVisitResult = resultUnion(
  'MoveVisitResult',
  Visit,
  MOVE_REFUSALS,
  'The moved visit, or why it stays where it was.',
);
export const SwapVisitsResult = resultUnion(
  'SwapVisitsResult',
  VisitSwap,
  SWAP_REFUSALS,
  'Both visits in each other’s places, or why they stay where they were.',
);
export const CancelVisitResult = resultUnion(
  'CancelVisitResult',
  Visit,
  CANCEL_REFUSALS,
  'The cancelled visit, or why it stands.',
);
