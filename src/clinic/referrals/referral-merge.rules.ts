import { type ReferralPriority, ReferralStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** A month: by then letters have been written about the one that was kept. */
export const MERGE_UNDO_MAX_DAYS = 30;

/** What a merge does to the clock of the referral that is kept. */
export interface KeptClock {
  readonly receivedOn: Temporal.PlainDate;
  /** What was promised; null: decided before promises were kept. */
  readonly due: { readonly on: Temporal.PlainDate; readonly policyId: string } | null;
}

/** The earliest arrival counts, and the earliest promise: nobody waits longer because a second letter came. */
export function clockOfKept(own: KeptClock, merged: readonly KeptClock[]): KeptClock {
  return merged.reduce(
    (kept, other): KeptClock => ({
      receivedOn: isBefore(other.receivedOn, kept.receivedOn) ? other.receivedOn : kept.receivedOn,
      due: earlierDue(kept.due, other.due),
    }),
    own,
  );
}

/**
 * The own clock of a kept referral: as it was before the first of the merges that stand. What was promised anew since,
 * because it was reopened or its priority changed, is its own too.
 */
export function ownClock(
  now: KeptClock,
  beforeFirstMerge: KeptClock | null,
  merged: readonly KeptClock[],
): KeptClock {
  if (beforeFirstMerge === null) return now;
  const expected = clockOfKept(beforeFirstMerge, merged);
  return {
    receivedOn: beforeFirstMerge.receivedOn,
    due: sameDue(now.due, expected.due) ? beforeFirstMerge.due : now.due,
  };
}

const URGENCY = { ROUTINE: 0, URGENT: 1, TWO_WEEK_WAIT: 2 } as const satisfies Record<
  ReferralPriority,
  number
>;

/** Two letters about one matter are as urgent as the more urgent of them. */
export function highestPriority(
  own: ReferralPriority,
  merged: readonly ReferralPriority[],
): ReferralPriority {
  return merged.reduce((highest, next) => (URGENCY[next] > URGENCY[highest] ? next : highest), own);
}

/**
 * The own priority of a kept referral: as it was before the first of the merges that stand (null: none does), unless a
 * clinician has found it to be another since.
 */
export function ownPriority(
  now: ReferralPriority,
  beforeFirstMerge: ReferralPriority | null,
  merged: readonly ReferralPriority[],
): ReferralPriority {
  if (beforeFirstMerge === null) return now;
  return now === highestPriority(beforeFirstMerge, merged) ? beforeFirstMerge : now;
}

/** Until when a merge can be taken back; from this moment on it cannot. */
export function undoableUntil(mergedAt: Temporal.Instant): Temporal.Instant {
  return mergedAt.add({ hours: 24 * MERGE_UNDO_MAX_DAYS });
}

/** How a referral stands when its merge is taken back: as before, but the referrer is not waited for any more. */
export function statusAfterUndo(mergedStatus: ReferralStatus): ReferralStatus {
  return mergedStatus === ReferralStatus.INFORMATION_REQUESTED ? ReferralStatus.BEING_TRIAGED : mergedStatus;
}

function earlierDue(a: KeptClock['due'], b: KeptClock['due']): KeptClock['due'] {
  if (a === null || b === null) return a ?? b;
  return isBefore(b.on, a.on) ? b : a;
}

function sameDue(a: KeptClock['due'], b: KeptClock['due']): boolean {
  return a === null || b === null ? a === b : a.on.equals(b.on);
}

function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}
