import {
  type Holidays,
  instantOfLocal,
  isWorkingDay,
  localDate,
  Temporal,
} from '../../platform/time/index.js';

/** More working days of notice than this is weeks ahead, which no supplier of short-lived tracers asks for. */
export const WORKING_DAYS_BEFORE_MAX = 20;
/** So many working days back are always within as many calendar days: weekends, Christmas and Easter together. */
export const CUT_OFF_LOOKED_BACK_DAYS = 60;

export interface DeliveryTimes {
  readonly deliversAt: Temporal.PlainTime;
  /** The time for which the activities of this delivery are stated. */
  readonly calibratedAt: Temporal.PlainTime;
}

/** Until when a supplier takes orders and when it delivers, in local wall time. */
export interface DeliveryTerms {
  readonly cutOffTime: Temporal.PlainTime;
  readonly workingDaysBefore: number;
  /** ISO 8601: 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly deliversOnHolidays: boolean;
  readonly deliveries: readonly DeliveryTimes[];
}

/** What a dose comes by. */
export interface Delivery {
  readonly deliversAt: Temporal.Instant;
  readonly calibratedAt: Temporal.Instant;
  readonly cutOffAt: Temporal.Instant;
}

/** The last delivery of the day of an injection that comes before it; null: none does, or there is none that day. */
export function deliveryFor(
  injectionAt: Temporal.Instant,
  terms: DeliveryTerms,
  holidays: Holidays,
  timeZone: string,
): Delivery | null {
  const day = localDate(injectionAt, timeZone);
  if (!deliversOn(day, terms, holidays)) return null;
  const at = (time: Temporal.PlainTime) => instantOfLocal(day.toPlainDateTime(time), timeZone);
  const inTime = terms.deliveries
    .map(({ deliversAt, calibratedAt }) => ({ deliversAt: at(deliversAt), calibratedAt: at(calibratedAt) }))
    .filter(({ deliversAt }) => Temporal.Instant.compare(deliversAt, injectionAt) <= 0)
    .toSorted((a, b) => Temporal.Instant.compare(b.deliversAt, a.deliversAt))[0];
  return inTime === undefined ? null : { ...inTime, cutOffAt: cutOffFor(day, terms, holidays, timeZone) };
}

/** Until when what is delivered on a day can be ordered, amended and cancelled: that moment included. */
export function cutOffFor(
  day: Temporal.PlainDate,
  { cutOffTime, workingDaysBefore }: Pick<DeliveryTerms, 'cutOffTime' | 'workingDaysBefore'>,
  holidays: Holidays,
  timeZone: string,
): Temporal.Instant {
  const on = workingDaysBack(day, workingDaysBefore, holidays);
  return instantOfLocal(on.toPlainDateTime(cutOffTime), timeZone);
}

/** The n-th working day before a day; 0 is the day itself, whatever day it is. */
export function workingDaysBack(
  day: Temporal.PlainDate,
  count: number,
  holidays: Holidays,
): Temporal.PlainDate {
  let date = day;
  for (let left = count; left > 0; ) {
    date = date.subtract({ days: 1 });
    if (isWorkingDay(date, holidays)) left -= 1;
  }
  return date;
}

function deliversOn(
  day: Temporal.PlainDate,
  { weekdays, deliversOnHolidays }: DeliveryTerms,
  holidays: Holidays,
): boolean {
  return weekdays.includes(day.dayOfWeek) && (deliversOnHolidays || !holidays.has(day.toString()));
}

/** What is wrong with terms as they were entered, in a sentence; null when they can be kept. `HH:MM` sorts as it reads. */
export function faultOfTerms({
  weekdays,
  deliveries,
}: {
  readonly weekdays: readonly number[];
  readonly deliveries: readonly { readonly deliversAt: string }[];
}): string | null {
  if (new Set(weekdays).size !== weekdays.length) return 'weekdays: name each once.';
  const times = deliveries.map(({ deliversAt }) => deliversAt);
  return new Set(times).size === times.length ? null : 'deliveries: one for each time of delivery.';
}
