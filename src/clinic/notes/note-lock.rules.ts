import { Temporal } from '../../platform/time/index.js';

/** A row that holds from a day on. */
interface DatedRow {
  /** YYYY-MM-DD. */
  readonly effectiveFrom: string;
}

/** The row that held on a day: the latest of those begun by then; before the first of all, the first. */
export function policyOn<Policy extends DatedRow>(
  policies: readonly Policy[],
  day: Temporal.PlainDate,
): Policy | null {
  const inOrder = policies.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const begun = inOrder.filter(({ effectiveFrom }) => effectiveFrom <= day.toString());
  return begun.at(-1) ?? inOrder[0] ?? null;
}

/** Hours are hours, also when the clocks change. */
export function lockDueAt(signedAt: Temporal.Instant, lockAfterHours: number): Temporal.Instant {
  return signedAt.add({ hours: lockAfterHours });
}

export function isLockDue(dueAt: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(now, dueAt) >= 0;
}
