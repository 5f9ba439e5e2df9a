import {
  ReferralStatus,
  type ResourceKind,
  ScanBookingStatus,
  type ScanOutcome,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ScanAlreadyClosed,
  ScanNotBegun,
  ScanNotClosedByPerson,
  ScanWasCancelled,
} from './performed-step.refusals.js';
import {
  CancelCommentMissing,
  ConsentMissing,
  PatientHasArrived,
  ReferralAlreadyBooked,
  ReferralNotAccepted,
  ScanAlreadyCancelled,
  ScanChangedMeanwhile,
  ScanHasBegun,
  ScanIsOver,
} from './scan-booking.refusals.js';
import { ScanCancelReason } from './scan-cancel-reason.rules.js';

/** What the performed steps say, once nobody speaks in the scanner's place: see progressOf. */
const AS_PERFORMED = 'AS_PERFORMED';

/**
 * What people can do with a booking, and what it becomes. The one table: it guards the writes and feeds allowedActions.
 * What the scanner does stands in SCAN_PROGRESS; that the patient came, or did not, is said of the visit.
 */
export const SCAN_BOOKING_ACTIONS = {
  BOOKED: {
    move: ScanBookingStatus.BOOKED,
    cancel: ScanBookingStatus.CANCELLED,
    complete: ScanBookingStatus.COMPLETED,
    discontinue: ScanBookingStatus.DISCONTINUED,
  },
  IN_PROGRESS: { complete: ScanBookingStatus.COMPLETED, discontinue: ScanBookingStatus.DISCONTINUED },
  UNCONFIRMED: { complete: ScanBookingStatus.COMPLETED, discontinue: ScanBookingStatus.DISCONTINUED },
  COMPLETED: { reopen: AS_PERFORMED },
  DISCONTINUED: { reopen: AS_PERFORMED },
  CANCELLED: {},
  NO_SHOW: {},
} as const satisfies Record<
  ScanBookingStatus,
  Partial<Record<ScanAction, ScanBookingStatus | typeof AS_PERFORMED>>
>;

const SCAN_ACTIONS = ['move', 'cancel', 'complete', 'discontinue', 'reopen'] as const;
export type ScanAction = (typeof SCAN_ACTIONS)[number];

/** States in which a booking holds its referral; the database's partial index says the same. */
export const LIVE_SCAN_STATUSES = [
  ScanBookingStatus.BOOKED,
  ScanBookingStatus.IN_PROGRESS,
  ScanBookingStatus.UNCONFIRMED,
  ScanBookingStatus.COMPLETED,
] as const;

const MINUTE_MS = 60_000;

/** Letters, calendars and the diary speak of minutes: a visit that starts between two of them cannot be said. */
export function faultOfStarts(starts: Readonly<Record<string, Temporal.Instant>>): string | null {
  const wrong = Object.entries(starts).find(([, instant]) => instant.epochMilliseconds % MINUTE_MS !== 0);
  return wrong === undefined
    ? null
    : `input.${wrong[0]}: must be a whole minute, such as 2026-12-03T09:30:00Z.`;
}

/** Accepted; that a visit of it is booked is no reason against another. */
const BOOKABLE: readonly ReferralStatus[] = [ReferralStatus.ACCEPTED, ReferralStatus.BOOKED];

/** How a referral stands before any time is chosen. */
export interface ReferralStanding {
  readonly referralStatus: ReferralStatus;
  readonly consent: { readonly inForce: boolean; readonly reason: string };
  readonly liveBookingId: string | null;
  /** A visit that holds a place for its scan. */
  readonly heldVisitId: string | null;
}

/** Everything that would refuse a booking whatever its time. A booking that is only moved may be live already. */
export function canBeOffered(standing: ReferralStanding, isMoving: boolean): Refusal[] {
  const { referralStatus, consent, liveBookingId, heldVisitId } = standing;
  const isTaken = liveBookingId !== null || heldVisitId !== null;
  return [
    BOOKABLE.includes(referralStatus) ? null : new ReferralNotAccepted(referralStatus),
    consent.inForce ? null : new ConsentMissing(consent.reason),
    !isTaken || isMoving
      ? null
      : new ReferralAlreadyBooked(liveBookingId, liveBookingId === null ? heldVisitId : null),
  ].filter((refusal) => refusal !== null);
}

export interface WantedResource {
  readonly id: string;
  readonly field: string;
  readonly kind: ResourceKind;
}

/** What is wrong with the resources that a caller named, in a sentence; null when each is of the kind it must be. */
export function faultOfResources(
  wanted: readonly WantedResource[],
  kinds: ReadonlyMap<string, ResourceKind>,
): string | null {
  const wrong = wanted.find(({ id, kind }) => kinds.get(id) !== kind);
  if (wrong === undefined) return null;
  return kinds.has(wrong.id)
    ? `${wrong.field}: must be a resource of the kind ${wrong.kind}.`
    : `${wrong.field}: there is no such resource. Ask for the resources of the kind ${wrong.kind}.`;
}

export interface BookingState {
  readonly id: string;
  readonly status: ScanBookingStatus;
  readonly version: number;
  readonly injectionStartsAt: Temporal.Instant;
  /** How a person closed it in the scanner's place; null when nobody did. */
  readonly closedAs: ScanOutcome | null;
  /** The patient is here: the visit is not moved or cancelled any more. */
  readonly hasArrived?: boolean;
}

/** What a booking allows now: it is moved or cancelled before the visit begins, and closed by hand after that. */
export function allowedScanActions(booking: BookingState, now: Temporal.Instant): ScanAction[] {
  const row: Partial<Record<ScanAction, unknown>> = SCAN_BOOKING_ACTIONS[booking.status];
  return SCAN_ACTIONS.filter((action) => action in row && isItsTime(action, booking, now));
}

function isItsTime(action: ScanAction, booking: BookingState, now: Temporal.Instant): boolean {
  const hasBegun =
    booking.status !== ScanBookingStatus.BOOKED ||
    booking.injectionStartsAt.epochMilliseconds <= now.epochMilliseconds;
  switch (action) {
    case 'move':
    case 'cancel':
      return !hasBegun && booking.hasArrived !== true;
    case 'complete':
    case 'discontinue':
      return hasBegun;
    case 'reopen':
      return booking.closedAs !== null;
  }
}

function canChange(booking: BookingState, action: 'move' | 'cancel', now: Temporal.Instant): Refusal | null {
  if (allowedScanActions(booking, now).includes(action)) return null;
  switch (booking.status) {
    case ScanBookingStatus.CANCELLED:
      return new ScanAlreadyCancelled(booking.id);
    case ScanBookingStatus.IN_PROGRESS:
    case ScanBookingStatus.UNCONFIRMED:
      return new ScanHasBegun(booking.status);
    case ScanBookingStatus.BOOKED:
      return isItsTime('complete', booking, now) ? new ScanIsOver() : new PatientHasArrived();
    case ScanBookingStatus.COMPLETED:
    case ScanBookingStatus.DISCONTINUED:
    case ScanBookingStatus.NO_SHOW:
      return new ScanIsOver();
  }
}

/** May a person say how the scan ended? The scanner's word comes first where it has given one. */
export function canCloseScan(
  booking: BookingState,
  action: 'complete' | 'discontinue',
  now: Temporal.Instant,
): ScanNotBegun | ScanAlreadyClosed | ScanWasCancelled | null {
  if (allowedScanActions(booking, now).includes(action)) return null;
  if (booking.status === ScanBookingStatus.CANCELLED) return new ScanWasCancelled();
  if (booking.status === ScanBookingStatus.BOOKED || booking.status === ScanBookingStatus.NO_SHOW) {
    return new ScanNotBegun();
  }
  return new ScanAlreadyClosed(booking.status, booking.closedAs !== null);
}

export function canReopenScan(booking: BookingState, now: Temporal.Instant): ScanNotClosedByPerson | null {
  return allowedScanActions(booking, now).includes('reopen') ? null : new ScanNotClosedByPerson();
}

export function canMoveScan(
  booking: BookingState,
  readVersion: number,
  now: Temporal.Instant,
): Refusal | null {
  const refusal = canChange(booking, 'move', now);
  if (refusal !== null) return refusal;
  return booking.version === readVersion ? null : new ScanChangedMeanwhile(booking.version);
}

export function canCancelScan(
  booking: BookingState,
  reason: ScanCancelReason,
  comment: string | null,
  now: Temporal.Instant,
): Refusal | null {
  const refusal = canChange(booking, 'cancel', now);
  if (refusal !== null) return refusal;
  return reason === ScanCancelReason.OTHER && comment === null ? new CancelCommentMissing() : null;
}
