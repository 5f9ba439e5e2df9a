import { startOfDay, Temporal } from '../../platform/time/index.js';

/** A row that holds from a day on. */
export interface DatedRow {
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

/** From this moment on what was due on a day is overdue: the next midnight on the clinic's wall clock. */
export function overdueFrom(dueOn: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return startOfDay(dueOn.add({ days: 1 }), timeZone);
}

export function isOverdue(dueOn: Temporal.PlainDate, today: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(dueOn, today) < 0;
}
