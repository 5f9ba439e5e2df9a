import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOfLocal, localDateTime, Temporal } from '../../platform/time/index.js';
import { seriesCalendar } from './series-calendar.rules.js';
import { bestSeries, isBlocked, planSeries, type Starts, type Way } from './series-plan.rules.js';

const ZONE = 'Europe/London';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const at = (local: string) => instantOfLocal(Temporal.PlainDateTime.from(local), ZONE).epochMilliseconds;
const localOf = (ms: number) =>
  localDateTime(Temporal.Instant.fromEpochMilliseconds(ms), ZONE).toString({ smallestUnit: 'minute' });

/** Starts from one wall-clock time to another on each weekday of the year 2026, but for the days named. */
function weekdays(from: string, until: string, without: readonly string[] = []): Starts[] {
  return Array.from({ length: 365 }, (_, days) => Temporal.PlainDate.from('2026-01-01').add({ days }))
    .filter((day) => day.dayOfWeek < 6 && !without.includes(day.toString()))
    .map((day) => ({ first: at(`${day.toString()}T${from}`), last: at(`${day.toString()}T${until}`) }));
}

/** Worked out once: a property asks for it a hundred times. */
const MORNINGS = weekdays('09:00', '11:00').map((starts) => ({
  ...starts,
  on: localOf(starts.first).slice(0, 10),
}));

const way = (starts: readonly Starts[], order = 0, isKept = false): Way => ({ order, isKept, starts });
const calendar = seriesCalendar(
  Temporal.PlainDate.from('2026-01-01'),
  Temporal.PlainDate.from('2026-12-31'),
  ZONE,
);
const weekly = { count: 6, everyDays: 7, toleranceDays: 3, stepMs: 15 * MINUTE_MS, calendar };

function localsOf(plan: ReturnType<typeof planSeries>): readonly string[] {
  if (isBlocked(plan)) throw new Error(`blocked at ${plan.position}`);
  return plan.occurrences.map(({ startMs }) => localOf(startMs));
}

describe('the calendar of a series', () => {
  it('knows the wall clock of every moment of a year, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 * 24 * 4 - 1 }), (quarters) => {
        const ms = at('2026-01-01T00:00') + quarters * 15 * MINUTE_MS;
        const local = localDateTime(Temporal.Instant.fromEpochMilliseconds(ms), ZONE);
        expect(calendar.days[calendar.dayOf(ms)]?.date.toString()).toBe(local.toPlainDate().toString());
        expect(calendar.wallClock(ms)).toBe((local.hour * 60 + local.minute) * MINUTE_MS);
        const back = calendar.momentOn(calendar.dayOf(ms), calendar.wallClock(ms));
        expect(localOf(back ?? 0)).toBe(localOf(ms));
      }),
    );
  });

  it('knows no moment in the hour that is skipped in spring, nor outside its days', () => {
    const sunday = calendar.dayOf(at('2026-03-29T12:00'));
    expect(calendar.momentOn(sunday, 1.5 * HOUR_MS)).toBeNull();
    expect(calendar.momentOn(sunday, 2.5 * HOUR_MS)).toBe(at('2026-03-29T02:30'));
    expect(calendar.dayOf(at('2025-12-31T23:59'))).toBe(-1);
    expect(calendar.dayOf(at('2027-01-01T00:00'))).toBe(-1);
    expect(calendar.momentOn(365, 0)).toBeNull();
  });
});

describe('a series', () => {
  it.each(['2026-03-04T09:00', '2026-10-07T14:30'])('from %s is at one time on the wall', (first) => {
    const all = way(weekdays('08:00', '17:00'));
    const locals = localsOf(planSeries(at(first), all, all, weekly));
    expect(new Set(locals.map((local) => local.slice(11)))).toEqual(new Set([first.slice(11)]));
    expect(locals.map((local) => Temporal.PlainDateTime.from(local).dayOfWeek)).toEqual([3, 3, 3, 3, 3, 3]);
  });

  it('has the nearest time of the day, then the nearest day, the later of two alike', () => {
    const starts = weekdays('08:00', '17:00', ['2026-03-18', '2026-03-25']).concat(
      { first: at('2026-03-18T08:00'), last: at('2026-03-18T08:15') },
      { first: at('2026-03-18T09:30'), last: at('2026-03-18T10:00') },
    );
    const all = way(starts.toSorted((a, b) => a.first - b.first));
    const plan = planSeries(at('2026-03-04T09:00'), all, all, weekly);
    expect(localsOf(plan).slice(2, 4)).toEqual(['2026-03-18T09:30', '2026-03-26T09:00']);
    expect(plan).toMatchObject({ exceptions: 2, shiftDays: 1, shiftMs: 24.5 * HOUR_MS });
  });

  it('breaks off where nothing is possible near enough', () => {
    const closed = Array.from({ length: 7 }, (_, days) =>
      Temporal.PlainDate.from('2026-03-15').add({ days }).toString(),
    );
    const all = way(weekdays('08:00', '17:00', closed));
    expect(planSeries(at('2026-03-04T09:00'), all, all, weekly)).toEqual({
      position: 2,
      wantedMs: at('2026-03-18T09:00'),
    });
  });

  it('has somebody else only where its own people cannot near enough', () => {
    const own = way(weekdays('08:00', '17:00', ['2026-03-11', '2026-03-12', '2026-03-13']), 0, true);
    const all = way(weekdays('08:00', '17:00'), 1);
    const [near, far] = [weekly, { ...weekly, toleranceDays: 1 }].map((pattern) =>
      planSeries(at('2026-03-04T09:00'), own, all, pattern),
    );
    expect(near).toMatchObject({ staffChanges: 0, exceptions: 1, shiftDays: 1 });
    const strict = way(
      own.starts.filter(({ first }) => localOf(first).slice(0, 10) !== '2026-03-10'),
      0,
      true,
    );
    expect(planSeries(at('2026-03-04T09:00'), strict, all, { ...weekly, toleranceDays: 1 })).toMatchObject({
      staffChanges: 1,
      exceptions: 0,
    });
    expect(far).toMatchObject({ staffChanges: 0 });
  });

  it('never lets two visits meet or change their order, and is always possible where it says', () => {
    const pattern = fc.record({
      everyDays: fc.integer({ min: 1, max: 10 }),
      count: fc.integer({ min: 2, max: 12 }),
      closed: fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 60 }),
      quarter: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(pattern, ({ everyDays, count, closed, quarter }) => {
        const days = closed.map((day) => Temporal.PlainDate.from('2026-03-05').add({ days: day }).toString());
        const all = way(MORNINGS.filter(({ on }) => !days.includes(on)));
        const toleranceDays = Math.floor((everyDays - 1) / 2);
        const startMs = at('2026-03-04T09:00') + quarter * 15 * MINUTE_MS;
        const plan = planSeries(startMs, all, all, { ...weekly, count, everyDays, toleranceDays });
        if (isBlocked(plan)) return;
        expect(plan.occurrences).toHaveLength(count);
        for (const [place, one] of plan.occurrences.entries()) {
          expect(all.starts.some(({ first, last }) => first <= one.startMs && one.startMs <= last)).toBe(
            true,
          );
          const before = plan.occurrences[place - 1];
          if (before) expect(calendar.dayOf(before.startMs)).toBeLessThan(calendar.dayOf(one.startMs));
        }
      }),
    );
  });
});

describe('the best series', () => {
  const choice = {
    pattern: weekly,
    fromMs: at('2026-03-02T00:00'),
    untilMs: at('2026-03-23T00:00'),
    targetUntilMs: at('2026-03-16T00:00'),
    breachUntilMs: at('2026-03-18T00:00'),
    limit: 5,
  };

  it('begin inside the promise, have few exceptions, and are told apart', () => {
    const all = way(weekdays('09:00', '10:00', ['2026-04-06']));
    const { series, blocked } = bestSeries({ ...choice, ways: [all], whoever: all });
    expect(blocked).toBeNull();
    expect(series.map(({ occurrences }) => localOf(occurrences[0]?.startMs ?? 0))).toEqual([
      '2026-03-03T09:00',
      '2026-03-03T09:30',
      '2026-03-03T10:00',
      '2026-03-04T09:00',
      '2026-03-04T09:30',
    ]);
    expect(series.every(({ exceptions }) => exceptions === 0)).toBe(true);
  });

  it('say how far the best one comes, or that none begins', () => {
    const until = at('2026-03-28T00:00');
    const all = way(weekdays('09:00', '10:00').filter(({ first }) => first < until));
    const { series, blocked } = bestSeries({ ...choice, ways: [all], whoever: all });
    expect([series.length, blocked?.position]).toEqual([0, 5]);
    const none = way([]);
    expect(bestSeries({ ...choice, ways: [none], whoever: none })).toEqual({ series: [], blocked: null });
  });

  it('keep the same people before anything else but the promise', () => {
    const all = way(weekdays('09:00', '10:00'), 2);
    const ada = way(
      weekdays('09:00', '10:00', ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']),
      0,
      true,
    );
    const ben = way(weekdays('09:30', '10:00'), 1, true);
    const { series } = bestSeries({ ...choice, limit: 1, ways: [ada, ben, all], whoever: all });
    expect(series[0]).toMatchObject({ staffChanges: 0, exceptions: 0, way: { order: 1 } });
  });
});
