import { Temporal } from '../../platform/time/index.js';

/** A year and a week: a year by weeks begins and ends inside one. More is a job for the data warehouse. */
export const REPORT_DAYS_MAX = 373;

/** What a group of waits comes to, as it is counted. */
export interface CountedWaits {
  readonly group: string | null;
  readonly isTotal: boolean;
  readonly count: number;
  readonly medianDays: number | null;
  readonly p90Days: number | null;
  readonly insidePromise: number;
  readonly breaches: number;
}

export interface WaitFigures {
  readonly count: number;
  readonly medianDays: number | null;
  readonly p90Days: number | null;
  readonly insidePromiseShare: number | null;
  readonly breaches: number;
}

/** What is wrong with the period of a report, in a sentence; null when it can be counted. Both days belong to it. */
export function faultOfPeriod(from: Temporal.PlainDate, until: Temporal.PlainDate): string | null {
  if (Temporal.PlainDate.compare(from, until) > 0) return 'until: must not be before from.';
  const days = from.until(until, { largestUnit: 'day' }).days + 1;
  return days > REPORT_DAYS_MAX ? `until: a report covers at most ${REPORT_DAYS_MAX} days.` : null;
}

/** The figures as they are shown: days to the hundredth, because a percentile lies between two waits. */
export function toFigures(waits: CountedWaits): WaitFigures {
  return {
    count: waits.count,
    medianDays: hundredths(waits.medianDays),
    p90Days: hundredths(waits.p90Days),
    insidePromiseShare: waits.count === 0 ? null : waits.insidePromise / waits.count,
    breaches: waits.breaches,
  };
}

function hundredths(days: number | null): number | null {
  return days === null ? null : Math.round(days * 100) / 100;
}
