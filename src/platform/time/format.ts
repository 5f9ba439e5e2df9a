import type { Temporal } from 'temporal-polyfill';
import { localDate, localDateTime, localTime } from './zone.js';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `Sunday 29 March 2026`. Written out, because 03/04 is two different days on two sides of an ocean. */
export function formatDate(date: Temporal.PlainDate): string {
  return `${WEEKDAYS[date.dayOfWeek - 1]} ${date.day} ${MONTHS[date.month - 1]} ${date.year}`;
}

/** `09:05`, 24-hour clock. */
export function formatTime(time: Temporal.PlainTime): string {
  return time.toString({ smallestUnit: 'minute', roundingMode: 'trunc' });
}

/** The day in `timeZone`, as `Sunday 29 March 2026`. */
export function formatLocalDate(instant: Temporal.Instant, timeZone: string): string {
  return formatDate(localDate(instant, timeZone));
}

/** The time in `timeZone`, as `09:05`. */
export function formatLocalTime(instant: Temporal.Instant, timeZone: string): string {
  return formatTime(localTime(instant, timeZone));
}

/** The time in `timeZone` with its seconds, as `09:05:30`: where a minute holds two moments that have to be told apart. */
export function formatLocalTimeToSecond(instant: Temporal.Instant, timeZone: string): string {
  return localTime(instant, timeZone).toString({ smallestUnit: 'second', roundingMode: 'trunc' });
}

/** Day and time in `timeZone`, as `Sunday 29 March 2026 at 09:05`. */
export function formatLocalDateTime(instant: Temporal.Instant, timeZone: string): string {
  const local = localDateTime(instant, timeZone);
  return `${formatDate(local.toPlainDate())} at ${formatTime(local.toPlainTime())}`;
}

/** With the offset from UTC, as `2026-03-29T09:05:00+01:00`: for machines. */
export function formatIsoWithOffset(instant: Temporal.Instant, timeZone: string): string {
  return instant.toString({ timeZone, smallestUnit: 'second', roundingMode: 'trunc' });
}
