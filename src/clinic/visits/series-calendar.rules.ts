import {
  existsInZone,
  instantOfLocal,
  localDateTime,
  spanOfDay,
  Temporal,
} from '../../platform/time/index.js';

const DAY_MS = 86_400_000;

/** A local day of the clinic in numbers. */
export interface CalendarDay {
  readonly date: Temporal.PlainDate;
  readonly startMs: number;
  /** Midnight at which it is over. */
  readonly endMs: number;
}

/** Local days in a row, and the wall clock on each. */
export interface SeriesCalendar {
  readonly days: readonly CalendarDay[];
  /** Place of the day in which a moment lies; -1 outside. */
  readonly dayOf: (ms: number) => number;
  /** Milliseconds that the wall clock shows since midnight. */
  readonly wallClock: (ms: number) => number;
  /** The moment on a day at which the wall clock shows this; null for an hour that is skipped in spring. */
  readonly momentOn: (day: number, wallClockMs: number) => number | null;
}

/** Both days included. The zone is asked only on days on which the clocks change; on all others it is arithmetic. */
export function seriesCalendar(
  firstOn: Temporal.PlainDate,
  lastOn: Temporal.PlainDate,
  timeZone: string,
): SeriesCalendar {
  const count = firstOn.until(lastOn, { largestUnit: 'day' }).days + 1;
  const days = Array.from({ length: Math.max(0, count) }, (_, place): CalendarDay => {
    const date = firstOn.add({ days: place });
    const { start, end } = spanOfDay(date, timeZone);
    return { date, startMs: start.epochMilliseconds, endMs: end.epochMilliseconds };
  });
  const dayOf = (ms: number): number => {
    // No day is shorter than 23 hours, so the guess is never too early by more than the changes of a year.
    const [first] = days;
    if (first === undefined || ms < first.startMs) return -1;
    let place = Math.min(days.length - 1, Math.floor((ms - first.startMs) / DAY_MS));
    while (place > 0 && ms < (days[place]?.startMs ?? ms)) place -= 1;
    while (place < days.length && ms >= (days[place]?.endMs ?? ms + 1)) place += 1;
    return place < days.length ? place : -1;
  };
  return {
    days,
    dayOf,
    wallClock: (ms) => {
      const day = days[dayOf(ms)];
      if (day !== undefined && isPlain(day)) return ms - day.startMs;
      const local = localDateTime(Temporal.Instant.fromEpochMilliseconds(ms), timeZone);
      return local.toPlainTime().since(Temporal.PlainTime.from('00:00')).total('milliseconds');
    },
    momentOn: (place, wallClockMs) => {
      const day = days[place];
      if (day === undefined) return null;
      if (isPlain(day)) return day.startMs + wallClockMs;
      const local = day.date.toPlainDateTime().add({ milliseconds: wallClockMs });
      return existsInZone(local, timeZone) ? instantOfLocal(local, timeZone).epochMilliseconds : null;
    },
  };
}

function isPlain({ startMs, endMs }: CalendarDay): boolean {
  return endMs - startMs === DAY_MS;
}
