import { Temporal } from '../../platform/time/index.js';

/** The row that holds on a day: the latest of those begun by then; before the first of all, the first. */
export function rowOn<Row extends { readonly effectiveFrom: string }>(
  rows: readonly Row[],
  day: Temporal.PlainDate,
): Row | null {
  const inOrder = rows.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  return inOrder.filter(({ effectiveFrom }) => effectiveFrom <= day.toString()).at(-1) ?? inOrder[0] ?? null;
}
