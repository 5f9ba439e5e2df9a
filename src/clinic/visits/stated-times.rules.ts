import { instantOfLocal, localDate, spanOfDay, Temporal } from '../../platform/time/index.js';

/** A time that the patient can, or cannot, come. */
export interface TimeOfPatient {
  readonly isoWeekday: number | null;
  /** `HH:MM` on the clinic's wall clock. */
  readonly fromTime: string | null;
  readonly untilTime: string | null;
  /** Local dates, both included. */
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly isExcluded: boolean;
}

/** A stretch of time in epoch milliseconds, half-open. */
export type Stretch = readonly [fromMs: number, untilMs: number];

/**
 * When the patient can come by what was said: any of the times at which they can, but for those at which they cannot;
 * where only the latter were said, always but for those. Null: nothing was said. In order, never overlapping. Wall
 * time becomes instants day by day, so it is right on the days on which the clocks change.
 */
export function statedFree(
  times: readonly TimeOfPatient[],
  window: { readonly fromMs: number; readonly untilMs: number },
  timeZone: string,
): readonly Stretch[] | null {
  if (times.length === 0) return null;
  const wanted = times.filter((time) => !time.isExcluded);
  const excluded = times.filter((time) => time.isExcluded);
  const free: Stretch[] = [];
  for (const day of daysIn(window, timeZone)) {
    const can = wanted.length === 0 ? [wholeOf(day, timeZone)] : stretchesOn(wanted, day, timeZone);
    const cannot = stretchesOn(excluded, day, timeZone);
    free.push(...cannot.reduce<readonly Stretch[]>(without, united(can)));
  }
  return common(united(free), [[window.fromMs, window.untilMs]]);
}

/** What lies in both. Each in order and without overlaps. */
export function common(some: readonly Stretch[], others: readonly Stretch[]): readonly Stretch[] {
  return some.flatMap(([from, until]) =>
    others.flatMap(([begins, ends]): Stretch[] => {
      const [fromMs, untilMs] = [Math.max(from, begins), Math.min(until, ends)];
      return fromMs < untilMs ? [[fromMs, untilMs]] : [];
    }),
  );
}

function daysIn(
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  timeZone: string,
): readonly Temporal.PlainDate[] {
  if (fromMs >= untilMs) return [];
  const first = localDate(Temporal.Instant.fromEpochMilliseconds(fromMs), timeZone);
  const last = localDate(Temporal.Instant.fromEpochMilliseconds(untilMs - 1), timeZone);
  const count = first.until(last, { largestUnit: 'day' }).days + 1;
  return Array.from({ length: count }, (_, days) => first.add({ days }));
}

function wholeOf(day: Temporal.PlainDate, timeZone: string): Stretch {
  const { start, end } = spanOfDay(day, timeZone);
  return [start.epochMilliseconds, end.epochMilliseconds];
}

function stretchesOn(
  times: readonly TimeOfPatient[],
  day: Temporal.PlainDate,
  timeZone: string,
): readonly Stretch[] {
  const on = day.toString();
  return times
    .filter(
      ({ isoWeekday, firstOn, lastOn }) =>
        (isoWeekday === null || isoWeekday === day.dayOfWeek) &&
        (firstOn === null || firstOn <= on) &&
        (lastOn === null || on <= lastOn),
    )
    .flatMap(({ fromTime, untilTime }): Stretch[] => {
      const [start, end] = wholeOf(day, timeZone);
      const fromMs = fromTime === null ? start : msOf(day, fromTime, timeZone);
      const untilMs = untilTime === null ? end : msOf(day, untilTime, timeZone);
      return fromMs < untilMs ? [[fromMs, untilMs]] : [];
    });
}

function msOf(day: Temporal.PlainDate, time: string, timeZone: string): number {
  return instantOfLocal(day.toPlainDateTime(Temporal.PlainTime.from(time)), timeZone).epochMilliseconds;
}

function united(stretches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = [];
  for (const [fromMs, untilMs] of stretches.toSorted((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last !== undefined && fromMs <= last[1]) {
      whole[whole.length - 1] = [last[0], Math.max(last[1], untilMs)];
    } else {
      whole.push([fromMs, untilMs]);
    }
  }
  return whole;
}

function without(free: readonly Stretch[], [begins, ends]: Stretch): readonly Stretch[] {
  return free.flatMap(([fromMs, untilMs]): Stretch[] => {
    const left: Stretch[] = [
      [fromMs, Math.min(untilMs, begins)],
      [Math.max(fromMs, ends), untilMs],
    ];
    return left.filter(([from, until]) => from < until);
  });
}
