import type {
  SubjectAccessCopyStatus,
  SubjectAccessStatus,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  CopyNotReady,
  ExtensionTooLate,
  SubjectAccessAction,
  SubjectAccessStandsOtherwise,
} from './subject-access-request.refusals.js';

/** UK GDPR, Article 12(3): without undue delay, within one month … */
const ANSWER_WITHIN_MONTHS = 1;
/** … and two more where the request is complex or there are many. */
const EXTENSION_MONTHS = 2;
/** A copy lies ready so long; whoever comes later has it prepared anew. */
export const COPY_KEPT_DAYS = 30;

type PlainDate = Temporal.PlainDate;

/** The clock of a request. */
export interface AccessClock {
  readonly receivedOn: PlainDate;
  readonly pausedOn: PlainDate | null;
  readonly pausedDays: number;
  readonly isExtended: boolean;
}

type Actions = Record<SubjectAccessStatus, readonly SubjectAccessAction[]>;

const A = SubjectAccessAction;

/** What can be done with a request in each state. */
const ACTIONS = {
  OPEN: [A.PAUSE, A.EXTEND, A.PREPARE, A.WITHHOLD, A.REVIEW, A.ANSWER, A.REFUSE, A.WITHDRAW],
  PAUSED: [A.RESUME, A.EXTEND, A.PREPARE, A.WITHHOLD, A.REVIEW, A.REFUSE, A.WITHDRAW],
  ANSWERED: [],
  REFUSED: [],
  WITHDRAWN: [],
} as const satisfies Actions;

export function allowedActions(status: SubjectAccessStatus): readonly SubjectAccessAction[] {
  return ACTIONS[status];
}

/** The "no" of the table; null: it can be done. */
export function canDo(
  status: SubjectAccessStatus,
  action: SubjectAccessAction,
): SubjectAccessStandsOtherwise | null {
  const allowed = allowedActions(status);
  return allowed.includes(action) ? null : new SubjectAccessStandsOtherwise(status, allowed);
}

/**
 * The last day for the answer: the same day of the month after, or its last day where it has none (31 January: 28 or 29
 * February), two months later where that was told, and as many days later as the clock has stood still. It is not moved
 * for weekends and holidays: the clinic is never late by counting days.
 */
export function dueDate({ receivedOn, pausedDays, isExtended }: AccessClock): PlainDate {
  const months = isExtended ? ANSWER_WITHIN_MONTHS + EXTENSION_MONTHS : ANSWER_WITHIN_MONTHS;
  return receivedOn.add({ months }, { overflow: 'constrain' }).add({ days: pausedDays });
}

/** Days that the clock has stood still once it goes again today. */
export function pausedDaysUntil(clock: AccessClock, today: PlainDate): number {
  if (clock.pausedOn === null) return clock.pausedDays;
  return clock.pausedDays + Math.max(0, clock.pausedOn.until(today, { largestUnit: 'day' }).days);
}

/** A clock that stands is never late. */
export function isOverdue(status: SubjectAccessStatus, dueOn: PlainDate, today: PlainDate): boolean {
  return status === 'OPEN' && Temporal.PlainDate.compare(today, dueOn) > 0;
}

/** Two months more have to be told within the first one, once. Null: they can be. */
export function canExtend(clock: AccessClock, today: PlainDate): ExtensionTooLate | null {
  const first = dueDate({ ...clock, isExtended: false, pausedDays: pausedDaysUntil(clock, today) });
  if (!clock.isExtended && Temporal.PlainDate.compare(today, first) <= 0) return null;
  return new ExtensionTooLate(first.toString(), clock.isExtended);
}

export interface Copy {
  readonly copyStatus: SubjectAccessCopyStatus;
  readonly copyExpiresAt: Temporal.Instant | null;
  readonly thirdPartyCount: number | null;
  readonly isReviewed: boolean;
}

/** Whether the copy is there. Null: it is. */
export function canFetch(copy: Copy, now: Temporal.Instant): CopyNotReady | null {
  if (copy.copyStatus === 'PREPARING') return new CopyNotReady('PREPARING');
  const isOver = copy.copyExpiresAt !== null && Temporal.Instant.compare(now, copy.copyExpiresAt) >= 0;
  return copy.copyStatus === 'EXPIRED' || isOver ? new CopyNotReady('EXPIRED') : null;
}

/** Whether the copy may be handed over: it is there, and what may speak of other people was looked at. Null: it may. */
export function canAnswer(copy: Copy, now: Temporal.Instant): CopyNotReady | null {
  const refusal = canFetch(copy, now);
  if (refusal !== null) return refusal;
  return (copy.thirdPartyCount ?? 0) > 0 && !copy.isReviewed ? new CopyNotReady('NOT_REVIEWED') : null;
}
