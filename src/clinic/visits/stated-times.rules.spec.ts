import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { statedFree, type TimeOfPatient } from './stated-times.rules.js';

const LONDON = 'Europe/London';
const ms = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const time = (parts: Partial<TimeOfPatient>): TimeOfPatient => ({
  isoWeekday: null,
  fromTime: null,
  untilTime: null,
  firstOn: null,
  lastOn: null,
  isExcluded: false,
  ...parts,
});
const range = (from: string, until: string) => ({ fromMs: ms(from), untilMs: ms(until) });
const shown = (free: readonly (readonly [number, number])[] | null) =>
  free?.map((stretch) => stretch.map((at) => new Date(at).toISOString()));

describe('the times that a patient states', () => {
  it('leave everything open when there is none', () => {
    expect(statedFree([], range('2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'), LONDON)).toBeNull();
  });

  it('are wall time on both sides of a change of the clocks', () => {
    const times = [time({ fromTime: '16:00', untilTime: '17:00' })];
    const free = statedFree(times, range('2026-03-28T00:00:00Z', '2026-03-29T23:00:00Z'), LONDON);
    expect(shown(free)).toEqual([
      ['2026-03-28T16:00:00.000Z', '2026-03-28T17:00:00.000Z'],
      ['2026-03-29T15:00:00.000Z', '2026-03-29T16:00:00.000Z'],
    ]);
  });

  it('are any of those at which one can come, but for those at which one cannot', () => {
    const times = [
      time({ isoWeekday: 3, fromTime: '09:00', untilTime: '12:00' }),
      time({ isoWeekday: 3, fromTime: '11:00', untilTime: '13:00' }),
      time({
        firstOn: '2026-03-04',
        lastOn: '2026-03-04',
        fromTime: '10:00',
        untilTime: '10:30',
        isExcluded: true,
      }),
    ];
    const free = statedFree(times, range('2026-03-02T00:00:00Z', '2026-03-07T00:00:00Z'), LONDON);
    expect(shown(free)).toEqual([
      ['2026-03-04T09:00:00.000Z', '2026-03-04T10:00:00.000Z'],
      ['2026-03-04T10:30:00.000Z', '2026-03-04T13:00:00.000Z'],
    ]);
  });

  it('are cut at the window, and are always when only others were excluded', () => {
    const times = [time({ isoWeekday: 2, isExcluded: true })];
    const free = statedFree(times, range('2026-03-02T12:00:00Z', '2026-03-04T12:00:00Z'), LONDON);
    expect(shown(free)).toEqual([
      ['2026-03-02T12:00:00.000Z', '2026-03-03T00:00:00.000Z'],
      ['2026-03-04T00:00:00.000Z', '2026-03-04T12:00:00.000Z'],
    ]);
  });

  it('agree with a look at every quarter of an hour', () => {
    const clockTime = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`);
    const day = fc.integer({ min: 27, max: 31 }).map((number) => `2026-03-${number}`);
    const stated = fc.record({
      isoWeekday: fc.option(fc.integer({ min: 1, max: 7 })),
      fromTime: fc.option(clockTime),
      untilTime: fc.option(clockTime),
      firstOn: fc.option(day),
      lastOn: fc.option(day),
      isExcluded: fc.boolean(),
    });
    const window = range('2026-03-27T06:00:00Z', '2026-03-31T20:00:00Z');
    fc.assert(
      fc.property(fc.array(stated, { minLength: 1, maxLength: 4 }), (times) => {
        const free = statedFree(times, window, LONDON) ?? [];
        for (let at = window.fromMs; at < window.untilMs; at += 900_000) {
          const isFree = free.some(([from, until]) => from <= at && at < until);
          expect(isFree).toBe(canCome(times, at));
        }
      }),
      { numRuns: 60 },
    );
  });
});

function canCome(times: readonly TimeOfPatient[], at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(LONDON);
  const on = local.toPlainDate().toString();
  const clock = local.toPlainTime().toString().slice(0, 5);
  const holds = ({ isoWeekday, fromTime, untilTime, firstOn, lastOn }: TimeOfPatient) =>
    (isoWeekday === null || isoWeekday === local.dayOfWeek) &&
    (firstOn === null || firstOn <= on) &&
    (lastOn === null || on <= lastOn) &&
    (fromTime === null || fromTime <= clock) &&
    (untilTime === null || clock < untilTime) &&
    !(fromTime !== null && untilTime !== null && fromTime >= untilTime);
  const wanted = times.filter((one) => !one.isExcluded);
  return (wanted.length === 0 || wanted.some(holds)) && !times.some((one) => one.isExcluded && holds(one));
}
