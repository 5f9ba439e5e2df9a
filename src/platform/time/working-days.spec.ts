import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from './index.js';
import {
  daysAhead,
  isWorkingDay,
  lastDayToKnow,
  workingDaysAhead,
  workingDaysBetween,
} from './working-days.js';

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
/** Easter, May and Christmas 2026, and New Year's Day 2027. */
const HOLIDAYS = new Set([
  '2026-04-03',
  '2026-04-06',
  '2026-05-04',
  '2026-05-25',
  '2026-08-31',
  '2026-12-25',
  '2026-12-28',
  '2027-01-01',
]);
const someDay = fc.integer({ min: 0, max: 360 }).map((days) => day('2026-01-01').add({ days }));

describe('working days', () => {
  it('are Monday to Friday without bank holidays', () => {
    expect(isWorkingDay(day('2026-04-02'), HOLIDAYS)).toBe(true);
    for (const off of ['2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06']) {
      expect(isWorkingDay(day(off), HOLIDAYS)).toBe(false);
    }
  });

  it('ahead lie on working days, as many as were asked for, in order', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 1, max: 60 }), (from, count) => {
        const ahead = workingDaysAhead(from, count, HOLIDAYS);
        expect(isWorkingDay(ahead, HOLIDAYS)).toBe(true);
        expect(workingDaysBetween(from, ahead, HOLIDAYS)).toBe(count);
        expect(workingDaysBetween(ahead, from, HOLIDAYS)).toBe(0);
        expect(Temporal.PlainDate.compare(workingDaysAhead(from, count + 1, HOLIDAYS), ahead)).toBe(1);
      }),
    );
  });

  it('are never beyond the days whose holidays are known', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 0, max: 396 }), (from, count) => {
        const ahead = workingDaysAhead(from, count, HOLIDAYS);
        expect(Temporal.PlainDate.compare(ahead, lastDayToKnow(from, count))).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('differ from calendar days, of which every one counts', () => {
    expect(daysAhead(day('2026-04-02'), 1, 'CALENDAR', HOLIDAYS).toString()).toBe('2026-04-03');
    expect(daysAhead(day('2026-04-02'), 1, 'WORKING', HOLIDAYS).toString()).toBe('2026-04-07');
    expect(daysAhead(day('2026-04-03'), 0, 'WORKING', HOLIDAYS).toString()).toBe('2026-04-03');
  });
});
