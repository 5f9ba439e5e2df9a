import { DestructionRunStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  DestructionAction,
  DestructionListTooOld,
  DestructionRunStandsOtherwise,
  NothingToDestroy,
  SecondPersonNeeded,
} from './destruction-run.refusals.js';

/** A list older than this no longer says what is due: people are seen, rules and holds change. */
export const APPROVE_WITHIN_DAYS = 30;
/** Nothing is destroyed by an approval that is older: long enough to mend a storage that is down. */
export const APPROVAL_HOLDS_DAYS = 14;
/** What one person can look through in earnest. There may be further lists. */
export const RUN_ITEMS_MAX = 500;

type Actions = Record<DestructionRunStatus, readonly DestructionAction[]>;

/** What people can do with a list in each state; what Facet does by itself is not among it. */
const ACTIONS = {
  LISTING: [DestructionAction.ABANDON],
  LISTED: [DestructionAction.EXCLUDE, DestructionAction.APPROVE, DestructionAction.ABANDON],
  APPROVED: [DestructionAction.ABANDON],
  COMPLETED: [],
  ABANDONED: [],
  LAPSED: [],
} as const satisfies Actions;

export function allowedActions(status: DestructionRunStatus): readonly DestructionAction[] {
  return ACTIONS[status];
}

/** The "no" of the table; null: it can be done. */
export function canDo(
  status: DestructionRunStatus,
  action: DestructionAction,
): DestructionRunStandsOtherwise | null {
  const allowed = allowedActions(status);
  return allowed.includes(action) ? null : new DestructionRunStandsOtherwise(status, allowed);
}

export interface ListedRun {
  readonly status: DestructionRunStatus;
  readonly startedById: string;
  readonly listedAt: Temporal.Instant | null;
  readonly listedCount: number;
}

export type ApprovalRefusal =
  | DestructionRunStandsOtherwise
  | SecondPersonNeeded
  | DestructionListTooOld
  | NothingToDestroy;

/** May this person approve this list now? Null: yes. */
export function canApprove(run: ListedRun, personId: string, now: Temporal.Instant): ApprovalRefusal | null {
  const refusal = canDo(run.status, DestructionAction.APPROVE);
  if (refusal !== null) return refusal;
  if (run.startedById === personId) return new SecondPersonNeeded();
  if (run.listedAt === null || isOver(run.listedAt, APPROVE_WITHIN_DAYS, now)) {
    return new DestructionListTooOld(APPROVE_WITHIN_DAYS);
  }
  return run.listedCount === 0 ? new NothingToDestroy() : null;
}

/** The last instant at which an approval of now lets anything be destroyed. */
export function approvedUntil(now: Temporal.Instant): Temporal.Instant {
  return now.add({ hours: 24 * APPROVAL_HOLDS_DAYS });
}

/** What a run is once no item is left to do. */
export function statusWhenDone(
  open: number,
  now: Temporal.Instant,
  until: Temporal.Instant,
): DestructionRunStatus | null {
  if (Temporal.Instant.compare(now, until) > 0) return DestructionRunStatus.LAPSED;
  return open === 0 ? DestructionRunStatus.COMPLETED : null;
}

function isOver(from: Temporal.Instant, days: number, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(now, from.add({ hours: 24 * days })) > 0;
}
