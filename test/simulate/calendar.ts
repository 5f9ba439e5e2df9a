import { isWorkingDay, startOfDay, Temporal } from '../../src/platform/time/index.js';
import { HORIZON_DAYS, TIME_ZONE } from './clinic.js';

// The days of the simulation as numbers from 0 on, with their moments. Bank holidays are ordinary days here.

const FIRST_DAY = '2027-01-04';
/** Before counting starts, the empty diary fills up. */
export const WARM_UP_DAYS = 42;
/** After the last request that counts, so long until nearly all of them have been seen. */
const RUN_OUT_DAYS = 49;
export const YEAR_DAYS = 364;

export interface Day {
  readonly number: number;
  readonly date: Temporal.PlainDate;
  readonly startMs: number;
  readonly endMs: number;
  readonly isWorking: boolean;
}

export interface SimulatedCalendar {
  readonly days: readonly Day[];
  /** Requests and minutes of [from, until) count. */
  readonly countsFrom: number;
  readonly countsUntil: number;
  /** The last day that is lived through. */
  readonly lastDay: number;
}

export function makeCalendar(years: number): SimulatedCalendar {
  const countsUntil = WARM_UP_DAYS + years * YEAR_DAYS;
  const lastDay = countsUntil + RUN_OUT_DAYS;
  const first = Temporal.PlainDate.from(FIRST_DAY);
  // The diary is open beyond the last day, and the search looks a day further.
  const count = lastDay + HORIZON_DAYS + 3;
  const days = Array.from({ length: count }, (_, number): Day => {
    const date = first.add({ days: number });
    return {
      number,
      date,
      startMs: startOfDay(date, TIME_ZONE).epochMilliseconds,
      endMs: startOfDay(date.add({ days: 1 }), TIME_ZONE).epochMilliseconds,
      isWorking: isWorkingDay(date, NO_HOLIDAYS),
    };
  });
  return { days, countsFrom: WARM_UP_DAYS, countsUntil, lastDay };
}

const NO_HOLIDAYS = new Set<string>();

/** The working day before a day. */
export function workingDayBefore(calendar: SimulatedCalendar, number: number): number {
  let before = number - 1;
  while (before > 0 && calendar.days[before]?.isWorking === false) before -= 1;
  return before;
}
