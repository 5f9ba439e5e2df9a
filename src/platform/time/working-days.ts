import { Temporal } from 'temporal-polyfill';
import type { DayKind } from '../database/generated/enums.js';

/** Bank holidays as ISO dates, `YYYY-MM-DD`. */
export type Holidays = ReadonlySet<string>;

const SATURDAY = 6;
const WEEK_DAYS = 7;
const WEEK_WORKING_DAYS = 5;
/** No four weeks of England lose more than this many working days to bank holidays (Easter with early May: 4). */
const HOLIDAYS_IN_A_ROW_MAX = 5;

/** Monday to Friday, unless it is a bank holiday. Days on which the clinic itself is closed are working days all the same. */
export function isWorkingDay(date: Temporal.PlainDate, holidays: Holidays): boolean {
  return date.dayOfWeek < SATURDAY && !holidays.has(date.toString());
}

/** The n-th working day after a day; 0 is the day itself, whatever day it is. */
export function workingDaysAhead(
  from: Temporal.PlainDate,
  count: number,
  holidays: Holidays,
): Temporal.PlainDate {
  let date = from;
  for (let left = count; left > 0; ) {
    date = date.add({ days: 1 });
    if (isWorkingDay(date, holidays)) left -= 1;
  }
  return date;
}

/** How many working days there are after `from`, up to and including `to`; 0 when `to` is not later. */
export function workingDaysBetween(
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  holidays: Holidays,
): number {
  let count = 0;
  let date = from.add({ days: 1 });
  while (Temporal.PlainDate.compare(date, to) <= 0) {
    if (isWorkingDay(date, holidays)) count += 1;
    date = date.add({ days: 1 });
  }
  return count;
}

/** So many days of that kind after a day. */
export function daysAhead(
  from: Temporal.PlainDate,
  count: number,
  kind: DayKind,
  holidays: Holidays,
): Temporal.PlainDate {
  return kind === 'WORKING' ? workingDaysAhead(from, count, holidays) : from.add({ days: count });
}

/** A day that so many working days after `from` cannot lie beyond: how far bank holidays have to be known. */
export function lastDayToKnow(from: Temporal.PlainDate, workingDays: number): Temporal.PlainDate {
  const weeks = Math.ceil((workingDays + 1) / (WEEK_WORKING_DAYS - 1)) + HOLIDAYS_IN_A_ROW_MAX;
  return from.add({ days: weeks * WEEK_DAYS });
}
