import { Temporal } from '../../platform/time/index.js';
import type { StartGrid } from './start-times.rules.js';

// Local wall time in plain numbers: the offsets from UTC are asked for once in a search, and everything after that is
// arithmetic. Right on the days on which the clocks change.

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NANOSECONDS_PER_MS = 1_000_000;

interface OffsetPeriod {
  readonly sinceMs: number;
  readonly offsetMs: number;
}

/** The wall calendar and clock of a zone between two times. */
export interface LocalDays extends StartGrid {
  /** The moment at which the next local day begins. */
  readonly nextDay: (ms: number) => number;
  /** What the wall clock shows, counted as if it were UTC. */
  readonly wallClock: (ms: number) => number;
  /**
   * The moment at which the wall clock shows this. An hour that is skipped in spring is read as if the clock had not
   * been put forward; of an hour that comes twice in autumn the first is meant.
   */
  readonly momentOf: (wallClockMs: number) => number;
}

function offsetPeriods(fromMs: number, untilMs: number, timeZone: string): readonly OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  let moment = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  for (;;) {
    periods.push({
      sinceMs: moment.epochMilliseconds,
      offsetMs: moment.offsetNanoseconds / NANOSECONDS_PER_MS,
    });
    const change = moment.getTimeZoneTransition('next');
    if (change === null || change.epochMilliseconds > untilMs) return periods;
    moment = change;
  }
}

/** A grid of starts so many minutes past the local hour, and the borders of the days. The step divides the hour. */
export function localDays(
  startStepMinutes: number,
  fromMs: number,
  untilMs: number,
  timeZone: string,
): LocalDays {
  // A day more on either side: buffers, waits and the last midnight reach beyond the window.
  const periods = offsetPeriods(fromMs - DAY_MS, untilMs + DAY_MS, timeZone);
  const stepMs = startStepMinutes * MINUTE_MS;
  const periodAt = (ms: number): number => {
    let index = periods.length - 1;
    while (index > 0 && (periods[index]?.sinceMs ?? 0) > ms) index -= 1;
    return index;
  };
  const offsetAt = (ms: number): number => periods[periodAt(ms)]?.offsetMs ?? 0;
  const nextDay = (ms: number): number => {
    let index = periodAt(ms);
    const midnight = (Math.floor((ms + offsetAt(ms)) / DAY_MS) + 1) * DAY_MS;
    // The first moment at which the wall clock shows midnight or later: where a change skips it, the change itself.
    for (let sinceMs = ms; ; index += 1) {
      const next = periods[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
      const at = Math.max(sinceMs, midnight - (periods[index]?.offsetMs ?? 0));
      if (at < next) return at;
      sinceMs = next;
    }
  };
  return {
    atOrAfter: (ms) => {
      const offsetMs = offsetAt(ms);
      return Math.ceil((ms + offsetMs) / stepMs) * stepMs - offsetMs;
    },
    atOrBefore: (ms) => {
      const offsetMs = offsetAt(ms);
      return Math.floor((ms + offsetMs) / stepMs) * stepMs - offsetMs;
    },
    nextDay,
    wallClock: (ms) => ms + offsetAt(ms),
    momentOf: (wallClockMs) => {
      for (let index = 0; ; index += 1) {
        const at = wallClockMs - (periods[index]?.offsetMs ?? 0);
        if (at >= (periods[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY)) continue;
        const isSkipped = index > 0 && at < (periods[index]?.sinceMs ?? 0);
        return isSkipped ? wallClockMs - (periods[index - 1]?.offsetMs ?? 0) : at;
      }
    },
  };
}

/** The same hours of each local day between two times: when a patient can come. Minutes past local midnight. */
export function hoursOfEachDay(
  days: LocalDays,
  window: { readonly fromMs: number; readonly untilMs: number },
  hours: { readonly fromMinute: number; readonly untilMinute: number },
): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  for (let ms = window.fromMs; ms < window.untilMs; ms = days.nextDay(ms)) {
    const midnight = Math.floor(days.wallClock(ms) / DAY_MS) * DAY_MS;
    const fromMs = Math.max(window.fromMs, days.momentOf(midnight + hours.fromMinute * MINUTE_MS));
    const untilMs = Math.min(window.untilMs, days.momentOf(midnight + hours.untilMinute * MINUTE_MS));
    if (fromMs < untilMs) spans.push([fromMs, untilMs]);
  }
  return spans;
}
