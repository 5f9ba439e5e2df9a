import type { Temporal } from '../../platform/time/index.js';

/** A row that holds from a day on. */
export interface DatedRow {
  /** YYYY-MM-DD. */
  readonly effectiveFrom: string;
}

/** The row that held on a day: the latest of those begun by then; null: none had. */
export function rowOn<Row extends DatedRow>(rows: readonly Row[], day: Temporal.PlainDate): Row | null {
  const begun = rows.filter(({ effectiveFrom }) => effectiveFrom <= day.toString());
  return begun.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).at(-1) ?? null;
}

/** The terms of whoever pays, and where they have none the clinic's own. */
export function termsOn<Row extends DatedRow & { readonly payerCode: string | null }>(
  rows: readonly Row[],
  payerCode: string | null,
  day: Temporal.PlainDate,
): Row | null {
  const of = (code: string | null) =>
    rowOn(
      rows.filter((row) => row.payerCode === code),
      day,
    );
  return (payerCode === null ? null : of(payerCode)) ?? of(null);
}
