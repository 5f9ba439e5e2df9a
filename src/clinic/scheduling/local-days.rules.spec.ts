import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOfLocal, localDate, localDateTime, startOfDay, Temporal } from '../../platform/time/index.js';
import { hoursOfEachDay, localDays } from './local-days.rules.js';
import { startGrid } from './start-times.rules.js';

const LONDON = 'Europe/London';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Beirut and Havana change at midnight, so that it is skipped or comes twice; Kathmandu is off the hour. */
const ZONES = [LONDON, 'Asia/Beirut', 'America/Havana', 'Asia/Kathmandu', 'America/New_York'] as const;
const FROM_MS = Date.UTC(2026, 0, 1);

function instant(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}

describe('local days as plain numbers', () => {
  it('begin, and show the time, as the calendar says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.nat({ max: 365 * 24 * 60 }),
        fc.nat({ max: 48 * 60 }),
        (zone, start, later) => {
          const fromMs = FROM_MS + start * MINUTE_MS;
          const days = localDays(15, fromMs, fromMs + 2 * DAY_MS, zone);
          const ms = fromMs + later * MINUTE_MS;
          const tomorrow = localDate(instant(ms), zone).add({ days: 1 });
          expect(days.nextDay(ms)).toBe(startOfDay(tomorrow, zone).epochMilliseconds);
          const local = localDateTime(instant(ms), zone);
          const wallClockMs = local.toZonedDateTime('UTC').epochMilliseconds;
          expect(days.wallClock(ms)).toBe(wallClockMs);
          expect(days.momentOf(wallClockMs)).toBe(instantOfLocal(local, zone).epochMilliseconds);
          const grid = startGrid(15, fromMs, fromMs + 2 * DAY_MS, zone);
          expect(days.atOrAfter(ms)).toBe(grid.atOrAfter(ms));
          expect(days.atOrBefore(ms)).toBe(grid.atOrBefore(ms));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are an hour shorter and longer when the clocks change', () => {
    for (const [date, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
      ['2026-10-26', 24],
    ] as const) {
      const ms = startOfDay(Temporal.PlainDate.from(date), LONDON).epochMilliseconds;
      expect(localDays(15, ms, ms, LONDON).nextDay(ms) - ms).toBe(hours * 60 * MINUTE_MS);
    }
  });

  it('read an hour that is skipped as if the clock had not been put forward', () => {
    const days = localDays(15, Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 31), LONDON);
    expect(days.momentOf(Date.UTC(2026, 2, 29, 1, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30));
    const autumn = localDays(15, Date.UTC(2026, 9, 24), Date.UTC(2026, 9, 27), LONDON);
    expect(autumn.momentOf(Date.UTC(2026, 9, 25, 1, 30))).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });
});

describe('the same hours of each day', () => {
  it('are wall-clock hours, cut to the window', () => {
    const window = { fromMs: Date.UTC(2026, 2, 27, 12), untilMs: Date.UTC(2026, 2, 30, 9) };
    const days = localDays(15, window.fromMs, window.untilMs, LONDON);
    const hours = hoursOfEachDay(days, window, { fromMinute: 9 * 60, untilMinute: 16 * 60 });
    expect(hours.map((span) => span.map((ms) => instant(ms).toString()))).toEqual([
      ['2026-03-27T12:00:00Z', '2026-03-27T16:00:00Z'],
      ['2026-03-28T09:00:00Z', '2026-03-28T16:00:00Z'],
      ['2026-03-29T08:00:00Z', '2026-03-29T15:00:00Z'],
      ['2026-03-30T08:00:00Z', '2026-03-30T09:00:00Z'],
    ]);
  });
});
