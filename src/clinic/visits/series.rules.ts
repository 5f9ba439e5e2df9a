import { daysBetween, Temporal } from '../../platform/time/index.js';

/** One visit is no series; a weekly one lasts a year at most, after which somebody looks at the patient anew. */
export const SERIES_VISITS_MIN = 2;
export const SERIES_VISITS_MAX = 52;
/** Every day, up to once in a quarter. What is further apart is a follow-up with a request of its own. */
export const EVERY_DAYS_MIN = 1;
export const EVERY_DAYS_MAX = 91;
/** A year of weeks, and one visit put off at either end; with the days of the first visit as much as one diary shows. */
export const SERIES_LENGTH_MAX_DAYS = 371;

/** What is wrong with how many visits there are and how far apart, in a sentence; null when it can be a series. */
export function faultOfPattern(count: number, everyDays: number): string | null {
  const days = (count - 1) * everyDays;
  return days <= SERIES_LENGTH_MAX_DAYS
    ? null
    : `${count} visits ${everyDays} days apart take ${days} days: a series takes at most ${SERIES_LENGTH_MAX_DAYS}`;
}

/** What is wrong with when the visits start, in a sentence; null when they can be a series. */
export function faultOfStarts(starts: readonly Temporal.Instant[], timeZone: string): string | null {
  const place = starts.findIndex((startsAt, at) => {
    const before = starts[at - 1];
    return before !== undefined && Temporal.Instant.compare(before, startsAt) >= 0;
  });
  if (place >= 0) return `visit ${place + 1} must start after visit ${place}: send them in order of time`;
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return 'a series has visits';
  const days = daysBetween(first, last, timeZone);
  return days <= SERIES_LENGTH_MAX_DAYS
    ? null
    : `the last is ${days} days after the first: a series takes at most ${SERIES_LENGTH_MAX_DAYS}`;
}
