import { Temporal } from '../../platform/time/index.js';

/** Of a row that is for the kinds of visits without rows of their own. */
export const ANY_PROCEDURE = 'ANY';

/** A dated row. */
export interface DatedFacts {
  readonly effectiveFrom: Temporal.PlainDate;
}

/** The latest that has begun on a day; null: none has. */
export function inForceOn<Row extends DatedFacts>(rows: readonly Row[], on: Temporal.PlainDate): Row | null {
  const begun = rows.filter(({ effectiveFrom }) => Temporal.PlainDate.compare(effectiveFrom, on) <= 0);
  return begun.reduce<Row | null>(
    (best, next) =>
      best === null || Temporal.PlainDate.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
    null,
  );
}

/** The same by procedure: its own rows come before those of any. */
export function inForceFor<Row extends DatedFacts & { readonly procedureCode: string }>(
  rows: readonly Row[],
  procedureCode: string,
  on: Temporal.PlainDate,
): Row | null {
  const own = rows.filter((row) => row.procedureCode === procedureCode);
  const any = rows.filter((row) => row.procedureCode === ANY_PROCEDURE);
  return inForceOn(own, on) ?? inForceOn(any, on);
}

/** What the table of a camera bears on a day: by its own rows, else by those of every camera. Null: nobody has said. */
export function limitKgOn<
  Row extends DatedFacts & { readonly resourceId: string | null; readonly limitKg: number },
>(rows: readonly Row[], cameraId: string | null, on: Temporal.PlainDate): number | null {
  const own = rows.filter((row) => row.resourceId !== null && row.resourceId === cameraId);
  const any = rows.filter((row) => row.resourceId === null);
  return (inForceOn(own, on) ?? inForceOn(any, on))?.limitKg ?? null;
}
