import type { Temporal } from 'temporal-polyfill';

/** The day on the wall calendar of `timeZone` at that instant. */
export function localDate(instant: Temporal.Instant, timeZone: string): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The time on the wall clock of `timeZone` at that instant. */
export function localTime(instant: Temporal.Instant, timeZone: string): Temporal.PlainTime {
  return instant.toZonedDateTimeISO(timeZone).toPlainTime();
}

/** Calendar and wall clock of `timeZone` at that instant. */
export function localDateTime(instant: Temporal.Instant, timeZone: string): Temporal.PlainDateTime {
  return instant.toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/**
 * The instant at which the wall clock of `timeZone` shows `local`. An hour that is skipped in spring is read
 * as if the clock had not been put forward (01:30 becomes 02:30); of an hour that comes twice in autumn the
 * first is meant.
 */
export function instantOfLocal(local: Temporal.PlainDateTime, timeZone: string): Temporal.Instant {
  return local.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).toInstant();
}

/** Does the wall clock of `timeZone` ever show `local`? No, for an hour that is skipped in spring. */
export function existsInZone(local: Temporal.PlainDateTime, timeZone: string): boolean {
  return localDateTime(instantOfLocal(local, timeZone), timeZone).equals(local);
}

/** The first instant of that day in `timeZone`. */
export function startOfDay(date: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return date.toZonedDateTime(timeZone).startOfDay().toInstant();
}

/** The day as a half-open span [start, end): 23, 24 or 25 hours long. */
export function spanOfDay(
  date: Temporal.PlainDate,
  timeZone: string,
): { readonly start: Temporal.Instant; readonly end: Temporal.Instant } {
  return { start: startOfDay(date, timeZone), end: startOfDay(date.add({ days: 1 }), timeZone) };
}

/** The same wall-clock time so many days later (or earlier, if negative), across a change of the clocks. */
export function addDays(instant: Temporal.Instant, days: number, timeZone: string): Temporal.Instant {
  return instant.toZonedDateTimeISO(timeZone).add({ days }).toInstant();
}

/** Days on the calendar of `timeZone` from one instant to another: tomorrow is 1, however short the night. */
export function daysBetween(from: Temporal.Instant, to: Temporal.Instant, timeZone: string): number {
  return localDate(from, timeZone).until(localDate(to, timeZone), { largestUnit: 'day' }).days;
}
