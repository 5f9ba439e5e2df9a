import { ReferralAction, ReferralStatus } from '../../platform/database/generated/enums.js';
import { ReferralAlreadyDecided, ReferralNotPossible } from './referral.refusals.js';

type Transitions = Record<ReferralStatus, Partial<Record<ReferralAction, ReferralStatus>>>;

const { RECEIVED, BEING_TRIAGED, INFORMATION_REQUESTED, ACCEPTED, BOOKED } = ReferralStatus;
const { REDIRECTED, DECLINED, RETURNED_WITH_ADVICE, COMPLETED, WITHDRAWN, MERGED } = ReferralStatus;

/** A clinician may decide without having taken it up first: that takes it up. */
const DECIDE = {
  REQUEST_INFORMATION: INFORMATION_REQUESTED,
  ACCEPT: ACCEPTED,
  REDIRECT: REDIRECTED,
  DECLINE: DECLINED,
  RETURN_WITH_ADVICE: RETURNED_WITH_ADVICE,
} as const;
const LEAVE = { WITHDRAW: WITHDRAWN, MERGE: MERGED } as const;
/** RECEIVED instead when nobody had taken it up. */
const REOPEN = { REOPEN: BEING_TRIAGED } as const;

/** The states: action → next state. What is not here cannot be done. */
const TRANSITIONS = {
  RECEIVED: { TAKE_UP: BEING_TRIAGED, ...DECIDE, ...LEAVE },
  BEING_TRIAGED: { PUT_BACK: RECEIVED, ...DECIDE, ...LEAVE },
  INFORMATION_REQUESTED: { TAKE_UP: BEING_TRIAGED, RECORD_INFORMATION: BEING_TRIAGED, ...LEAVE },
  // A decision is taken back before another is taken, so that of two who decide at once one does.
  ACCEPTED: { BOOK: BOOKED, COMPLETE: COMPLETED, ...LEAVE, ...REOPEN },
  BOOKED: { UNBOOK: ACCEPTED, COMPLETE: COMPLETED, ...LEAVE, ...REOPEN },
  REDIRECTED: REOPEN,
  DECLINED: REOPEN,
  RETURNED_WITH_ADVICE: REOPEN,
  COMPLETED: REOPEN,
  WITHDRAWN: REOPEN,
  MERGED: REOPEN,
} as const satisfies Transitions;

/** Read through the wider type: a state has the actions of its row only. */
const transitions: Transitions = TRANSITIONS;

/** What only an undecided referral can have done to it. */
const OF_TRIAGE: readonly ReferralAction[] = [
  ReferralAction.TAKE_UP,
  ReferralAction.PUT_BACK,
  ReferralAction.REQUEST_INFORMATION,
  ReferralAction.RECORD_INFORMATION,
  ReferralAction.ACCEPT,
  ReferralAction.REDIRECT,
  ReferralAction.DECLINE,
  ReferralAction.RETURN_WITH_ADVICE,
];
const UNDECIDED: readonly ReferralStatus[] = [RECEIVED, BEING_TRIAGED, INFORMATION_REQUESTED];

/** What can be done with a referral in this state. */
export function allowedActions(status: ReferralStatus): readonly ReferralAction[] {
  const next = transitions[status];
  return Object.values(ReferralAction).filter((action) => next[action] !== undefined);
}

/** The state after an action, or the refusal when the table does not have it. */
export function nextStatus(
  before: { readonly status: ReferralStatus; readonly isTakenUp: boolean },
  action: ReferralAction,
): ReferralStatus | ReferralAlreadyDecided | ReferralNotPossible {
  const { status } = before;
  const next = transitions[status][action];
  if (next === undefined) {
    const isDecided = OF_TRIAGE.includes(action) && !UNDECIDED.includes(status);
    const NotThis = isDecided ? ReferralAlreadyDecided : ReferralNotPossible;
    return new NotThis(status, allowedActions(status));
  }
  return action === ReferralAction.REOPEN && !before.isTakenUp ? RECEIVED : next;
}

/** Whether visits and scans may be booked for it. */
export function isBookable(status: ReferralStatus): boolean {
  return status === ACCEPTED || status === BOOKED;
}

/** Whether nothing is left to do with it. */
export function isOver(status: ReferralStatus): boolean {
  return !UNDECIDED.includes(status) && !isBookable(status);
}

/** What leaves a visit without the referral that it was booked for. */
export function wantsNoVisits(action: ReferralAction, status: ReferralStatus): boolean {
  const takesBack = action === ReferralAction.REOPEN && isBookable(status);
  return takesBack || action === 'WITHDRAW' || action === 'MERGE' || action === 'COMPLETE';
}
