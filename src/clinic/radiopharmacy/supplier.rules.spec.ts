import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay, localDate, Temporal } from '../../platform/time/index.js';
import {
  CUT_OFF_LOOKED_BACK_DAYS,
  cutOffFor,
  deliveryFor,
  faultOfTerms,
  workingDaysBack,
} from './supplier.rules.js';

/** Christmas 2026 with its substitute, New Year's Day, Easter 2026 and 2027, early May 2027. */
const HOLIDAYS = new Set([
  ...['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-28', '2027-01-01'],
  ...['2027-03-26', '2027-03-29', '2027-05-03'],
]);
const ZONE = 'Europe/London';
const time = (text: string) => Temporal.PlainTime.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const TERMS = {
  cutOffTime: time('14:00'),
  workingDaysBefore: 1,
  weekdays: [1, 2, 3, 4, 5],
  deliversOnHolidays: false,
  deliveries: [
    { deliversAt: time('07:30'), calibratedAt: time('08:00') },
    { deliversAt: time('12:30'), calibratedAt: time('13:00') },
  ],
};

describe('until when a day can be ordered', () => {
  it.each([
    ['a Wednesday', '2026-11-25', '2026-11-24T14:00:00Z'],
    ['a Monday', '2026-11-30', '2026-11-27T14:00:00Z'],
    ['the Tuesday after Christmas, whose Monday is its substitute', '2026-12-29', '2026-12-24T14:00:00Z'],
    ['the Tuesday after Easter 2026', '2026-04-07', '2026-04-02T13:00:00Z'],
    [
      'the Tuesday after Easter 2027, when the clocks went forward in between',
      '2027-03-30',
      '2027-03-25T14:00:00Z',
    ],
    ['the Monday after the clocks went back', '2026-10-26', '2026-10-23T13:00:00Z'],
    ['the Monday after the clocks went back in 2027', '2027-11-01', '2027-10-29T13:00:00Z'],
  ])('%s', (_, on, until) => {
    expect(cutOffFor(day(on), TERMS, HOLIDAYS, ZONE).toString()).toBe(until);
  });

  it('on the day itself, when no notice is wanted', () => {
    const terms = { ...TERMS, workingDaysBefore: 0, cutOffTime: time('06:00') };
    expect(cutOffFor(day('2027-03-28'), terms, HOLIDAYS, ZONE).toString()).toBe('2027-03-28T05:00:00Z');
  });

  it('always on a working day, with so many of them from there to the delivery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 20 }), (days, count) => {
        const on = day('2026-01-01').add({ days });
        const back = workingDaysBack(on, count, HOLIDAYS);
        expect(isWorkingDay(back, HOLIDAYS)).toBe(true);
        let between = 0;
        for (let date = back; Temporal.PlainDate.compare(date, on) < 0; date = date.add({ days: 1 }))
          if (isWorkingDay(date, HOLIDAYS)) between += 1;
        expect(between).toBe(count);
        expect(back.until(on).days).toBeLessThanOrEqual(CUT_OFF_LOOKED_BACK_DAYS);
      }),
    );
  });
});

describe('the delivery for an injection', () => {
  const calibrated = (injection: string, terms = TERMS) =>
    deliveryFor(at(injection), terms, HOLIDAYS, ZONE)?.calibratedAt.toString() ?? null;

  it.each([
    ['in the morning by the first', '2026-11-25T09:00:00Z', '2026-11-25T08:00:00Z'],
    ['in the afternoon by the second', '2026-11-25T14:00:00Z', '2026-11-25T13:00:00Z'],
    ['at the very minute of the second by it', '2026-11-25T12:30:00Z', '2026-11-25T13:00:00Z'],
    ['a minute before it by the first', '2026-11-25T12:29:00Z', '2026-11-25T08:00:00Z'],
    ['in summer by the wall clock', '2026-07-01T08:00:00Z', '2026-07-01T07:00:00Z'],
  ])('%s', (_, injection, expected) => {
    expect(calibrated(injection)).toBe(expected);
  });

  it('is none before the first, on a Saturday or on a bank holiday', () => {
    expect(calibrated('2026-11-25T07:29:00Z')).toBeNull();
    expect(calibrated('2026-11-28T09:00:00Z')).toBeNull();
    expect(calibrated('2027-03-29T09:00:00Z')).toBeNull();
    expect(calibrated('2027-03-29T09:00:00Z', { ...TERMS, deliversOnHolidays: true })).toBe(
      '2027-03-29T07:00:00Z',
    );
  });

  it('comes on the day of the injection and not after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 24 * 500 }), (minutes) => {
        const injectionAt = at('2026-01-05T00:00:00Z').add({ minutes });
        const delivery = deliveryFor(injectionAt, TERMS, HOLIDAYS, ZONE);
        if (delivery === null) return;
        expect(Temporal.Instant.compare(delivery.deliversAt, injectionAt)).toBeLessThanOrEqual(0);
        expect(localDate(delivery.deliversAt, ZONE).equals(localDate(injectionAt, ZONE))).toBe(true);
        expect(Temporal.Instant.compare(delivery.cutOffAt, delivery.deliversAt)).toBeLessThan(0);
      }),
    );
  });
});

describe('terms as they are entered', () => {
  it('name each weekday and each time once', () => {
    const deliveries = [{ deliversAt: '07:30' }, { deliversAt: '12:30' }];
    expect(faultOfTerms({ weekdays: [1, 2], deliveries })).toBeNull();
    expect(faultOfTerms({ weekdays: [1, 1], deliveries })).toContain('weekdays');
    expect(faultOfTerms({ weekdays: [1], deliveries: [...deliveries, { deliversAt: '07:30' }] })).toContain(
      'deliveries',
    );
  });
});
