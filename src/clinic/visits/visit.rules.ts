import { type ReferralStatus, Role, VisitStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import {
  CancelReasonNotYours,
  HoldExpired,
  NotInThisState,
  TooLateToChange,
  TooManyMoves,
  VisitChangedMeanwhile,
  VisitCommentMissing,
  VisitHasBegun,
  VisitNeedsConsent,
  VisitNeedsReferral,
  VisitNotReplaceable,
  VisitsNotAlike,
} from './visit.refusals.js';
import { canDo, type VisitOfDay, type VisitVerb } from './visit-day.rules.js';

/**
 * Who may move a visit once more, or late, with a reason. The limits keep the diary from being played with; a manager
 * answers for the diary and a clinician for the patient, so these two can say that this time it is right.
 */
export const MOVE_OVERRIDE_ROLES: readonly Role[] = [Role.MANAGER, Role.CLINICIAN];

/** Visits that stand in the diary: they have their time, or had it. */
export const LIVE_VISIT_STATUSES: readonly VisitStatus[] = [
  VisitStatus.HELD,
  VisitStatus.BOOKED,
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
  VisitStatus.COMPLETED,
];

/** Visits that came to nothing, so that another may be booked instead. */
const REPLACEABLE: readonly VisitStatus[] = [
  VisitStatus.CANCELLED,
  VisitStatus.NO_SHOW,
  VisitStatus.DISCONTINUED,
];

/** A hold ends by itself: at its end it is over, whatever the table still says. */
export function shownStatus(
  status: VisitStatus,
  heldUntil: Temporal.Instant | null,
  now: Temporal.Instant,
): VisitStatus {
  const isOver = status === VisitStatus.HELD && heldUntil !== null && !isAfter(heldUntil, now);
  return isOver ? VisitStatus.LAPSED : status;
}

/** The first "no" to moving a visit, by where it stands: once its time has come, the day decides. */
export function canChange(
  visit: VisitOfDay,
  verb: Extract<VisitVerb, 'moveVisit'>,
  version: number,
  now: Temporal.Instant,
): Refusal | null {
  return canDo(visit, verb, version, now) ?? (isAfter(visit.startsAt, now) ? null : new VisitHasBegun());
}

/**
 * Reasons on the clinic's own side, by FHIR's appointment-cancellation-reason: its people, its equipment, its supplies.
 * https://hl7.org/fhir/R4/valueset-appointment-cancellation-reason.html
 */
const OF_THE_CLINIC = /^(prov|maint|meds-inc)/;

/** Whether the clinic calls the visit off, and not the patient. A reason without a code of FHIR's says neither. */
export function isOfTheClinic({ fhirCode }: { readonly fhirCode: string | null }): boolean {
  return fhirCode !== null && OF_THE_CLINIC.test(fhirCode);
}

/** The reason that no letter and no offer follows. */
export const PATIENT_DIED = 'PATIENT_DIED';

/**
 * Reasons after which nobody waits for such a visit: the patient has died or does not want it, a clinician found it
 * unneeded, or nobody ever asked for it. After every other the patient still needs the visit.
 */
const ENDS_THE_WISH: readonly string[] = [
  PATIENT_DIED,
  'PATIENT_DECLINED',
  'CLINICALLY_NOT_NEEDED',
  'BOOKED_IN_ERROR',
];

/** Whether the request is over together with its visit. */
export function endsTheWish({ code }: { readonly code: string }): boolean {
  return ENDS_THE_WISH.includes(code);
}

/**
 * Once its time has come, a visit that was not begun is called off by the clinic only. Who does not come then has not
 * cancelled: that is a no-show, and counts as one.
 */
export function canCancelFor(
  visit: Pick<VisitOfDay, 'startsAt'>,
  reason: { readonly fhirCode: string | null },
  now: Temporal.Instant,
): VisitHasBegun | null {
  return isAfter(visit.startsAt, now) || isOfTheClinic(reason) ? null : new VisitHasBegun('cancelVisit');
}

export interface HeldVisit {
  readonly status: VisitStatus;
  readonly version: number;
  readonly heldUntil: Temporal.Instant | null;
}

/** The first "no" to confirming a hold or to giving it back. `status` is the one shown. */
export function canEndHold(
  visit: HeldVisit,
  version: number,
  possibleActions: readonly string[],
): HoldExpired | NotInThisState | VisitChangedMeanwhile | null {
  if (visit.status === VisitStatus.LAPSED) return new HoldExpired(visit.heldUntil);
  if (visit.status !== VisitStatus.HELD) return new NotInThisState(visit.status, possibleActions);
  return visit.version === version ? null : new VisitChangedMeanwhile(visit);
}

/** How a patient stands to a kind of visit. */
export interface Standing {
  /** Of the referral that the request names; null when there is none. */
  readonly referralStatus: ReferralStatus | null;
  /** Null: the kind of visit asks for none, or not yet. */
  readonly consent: { readonly inForce: boolean; readonly reason: string } | null;
}

/** Accepted; that a visit of it is booked is no reason against another. */
function isBookableReferral(status: ReferralStatus | null): boolean {
  return status === 'ACCEPTED' || status === 'BOOKED';
}

/** May this patient have this kind of visit at all, whatever the time? */
export function canHaveVisit(
  visitType: { readonly needsReferral: boolean },
  standing: Standing,
): VisitNeedsReferral | VisitNeedsConsent | null {
  const { referralStatus, consent } = standing;
  if (visitType.needsReferral && !isBookableReferral(referralStatus))
    return new VisitNeedsReferral(referralStatus);
  if (consent !== null && !consent.inForce) return new VisitNeedsConsent(consent.reason);
  return null;
}

export interface MoveLimits {
  readonly movesMax: number;
  readonly lateChangeHours: number;
}

/** How often and how late: limits of the kind of visit, which some may override with a reason. */
export function canMoveAgain(
  visit: { readonly movesCount: number; readonly startsAt: Temporal.Instant },
  limits: MoveLimits,
  mover: { readonly roles: readonly Role[]; readonly overrideReason: string | null },
  now: Temporal.Instant,
): TooManyMoves | TooLateToChange | null {
  const isOverridden =
    mover.overrideReason !== null && mover.roles.some((role) => MOVE_OVERRIDE_ROLES.includes(role));
  if (isOverridden) return null;
  if (visit.movesCount >= limits.movesMax) return new TooManyMoves(limits.movesMax);
  const changeableUntil = visit.startsAt.subtract({ hours: limits.lateChangeHours });
  return isAfter(now, changeableUntil) ? new TooLateToChange(changeableUntil, limits.lateChangeHours) : null;
}

/** Two visits fit into each other's places when they are of one kind and follow one protocol. */
export function canChangePlaces(
  first: { readonly visitTypeCode: string; readonly protocolId: string },
  second: { readonly visitTypeCode: string; readonly protocolId: string },
): VisitsNotAlike | null {
  const areAlike = first.visitTypeCode === second.visitTypeCode && first.protocolId === second.protocolId;
  return areAlike ? null : new VisitsNotAlike();
}

/** May this reason be given by somebody with these roles, as it is given? */
export function canGiveReason(
  reason: { readonly name: string; readonly allowedRoles: readonly Role[]; readonly needsComment: boolean },
  roles: readonly Role[],
  comment: string | null,
): CancelReasonNotYours | VisitCommentMissing | null {
  if (!roles.some((role) => reason.allowedRoles.includes(role))) return new CancelReasonNotYours(reason.name);
  return reason.needsComment && comment === null ? new VisitCommentMissing() : null;
}

/** May a visit of this patient be booked instead of that one? */
export function canReplace(
  replaced: {
    readonly patientId: string;
    readonly status: VisitStatus;
    readonly replacedById: string | null;
  },
  patientId: string,
): VisitNotReplaceable | null {
  const isOpen =
    replaced.patientId === patientId &&
    replaced.replacedById === null &&
    REPLACEABLE.includes(replaced.status);
  return isOpen ? null : new VisitNotReplaceable();
}

function isAfter(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) > 0;
}
