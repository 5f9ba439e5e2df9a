import { startOfDay, Temporal } from '../../platform/time/index.js';

/**
 * How far ahead is looked at first, and then. Most waits are shorter than two weeks, and two weeks are read in a moment;
 * only where nothing is free is the whole diary asked for. Three looks at most, however long the diary is.
 */
const FIRST_LOOK_DAYS = 14;
const SECOND_LOOK_DAYS = 28;

/** Ends of the windows to look through, nearest first, all from the same beginning; the last is the end of the diary. */
export function lookUntil(
  earliestOn: Temporal.PlainDate,
  diaryUntil: Temporal.Instant,
  timeZone: string,
): readonly Temporal.Instant[] {
  const nearer = [FIRST_LOOK_DAYS, SECOND_LOOK_DAYS]
    .map((days) => startOfDay(earliestOn.add({ days }), timeZone))
    .filter((end) => Temporal.Instant.compare(end, diaryUntil) < 0);
  return [...nearer, diaryUntil];
}

/** Calendar days from today; 0 is today. */
export function waitDays(today: Temporal.PlainDate, earliestOn: Temporal.PlainDate | null): number | null {
  return earliestOn === null ? null : today.until(earliestOn, { largestUnit: 'day' }).days;
}

/** Whether the website may say how long the wait is. */
export function isShownPublicly(
  visitType: {
    readonly isPublic: boolean;
    readonly retiredOn: string | null;
    /** Null as long as nobody has said how it is carried out. */
    readonly protocol: object | null;
  },
  today: Temporal.PlainDate,
): boolean {
  if (visitType.protocol === null) return false;
  return visitType.isPublic && (visitType.retiredOn === null || today.toString() < visitType.retiredOn);
}
