import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FixedClock } from '../../../test/support/fixed-clock.js';
import {
  addDays,
  dateFromInstant,
  dateFromPlainDate,
  daysBetween,
  existsInZone,
  formatIsoWithOffset,
  formatLocalDate,
  formatLocalDateTime,
  formatLocalTime,
  instantFromDate,
  instantOfLocal,
  localDate,
  plainDateFromDate,
  SystemClock,
  spanOfDay,
  Temporal,
} from './index.js';

const LONDON = 'Europe/London';
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const local = (text: string): Temporal.PlainDateTime => Temporal.PlainDateTime.from(text);
const hoursOf = (date: string): number => {
  const { start, end } = spanOfDay(Temporal.PlainDate.from(date), LONDON);
  return start.until(end).total('hours');
};

describe('the clock', () => {
  it('tells the time of this machine in whole milliseconds', () => {
    const now = new SystemClock().now();
    expect(now.epochNanoseconds % 1_000_000n).toBe(0n);
  });

  it('stands still in a test until it is moved', () => {
    const clock = new FixedClock('2026-03-01T09:00:00Z');
    expect(clock.now().toString()).toBe('2026-03-01T09:00:00Z');
    clock.advance({ hours: 2 });
    expect(clock.now().toString()).toBe('2026-03-01T11:00:00Z');
    clock.set('2026-10-25T00:30:00Z');
    expect(clock.now().toString()).toBe('2026-10-25T00:30:00Z');
  });
});

describe('29 March 2026, when the clocks go forward', () => {
  it('is a day of 23 hours', () => {
    expect(hoursOf('2026-03-28')).toBe(24);
    expect(hoursOf('2026-03-29')).toBe(23);
    expect(hoursOf('2026-03-30')).toBe(24);
  });

  it('keeps the time on the wall when a day is added', () => {
    const saturday = at('2026-03-28T09:00:00Z');
    const sunday = addDays(saturday, 1, LONDON);
    expect(sunday.toString()).toBe('2026-03-29T08:00:00Z');
    expect(formatLocalTime(saturday, LONDON)).toBe('09:00');
    expect(formatLocalTime(sunday, LONDON)).toBe('09:00');
    expect(daysBetween(saturday, sunday, LONDON)).toBe(1);
  });

  it('has no half past one', () => {
    expect(existsInZone(local('2026-03-29T01:30'), LONDON)).toBe(false);
    expect(formatLocalTime(instantOfLocal(local('2026-03-29T01:30'), LONDON), LONDON)).toBe('02:30');
  });

  it('is written with the right offset on both sides', () => {
    expect(formatIsoWithOffset(at('2026-03-29T00:59:59Z'), LONDON)).toBe('2026-03-29T00:59:59+00:00');
    expect(formatIsoWithOffset(at('2026-03-29T01:00:00Z'), LONDON)).toBe('2026-03-29T02:00:00+01:00');
  });
});

describe('25 October 2026, when the clocks go back', () => {
  it('is a day of 25 hours', () => {
    expect(hoursOf('2026-10-24')).toBe(24);
    expect(hoursOf('2026-10-25')).toBe(25);
    expect(hoursOf('2026-10-26')).toBe(24);
  });

  it('has half past one twice, and the first is meant', () => {
    expect(existsInZone(local('2026-10-25T01:30'), LONDON)).toBe(true);
    expect(instantOfLocal(local('2026-10-25T01:30'), LONDON).toString()).toBe('2026-10-25T00:30:00Z');
    expect(formatLocalTime(at('2026-10-25T00:30:00Z'), LONDON)).toBe('01:30');
    expect(formatLocalTime(at('2026-10-25T01:30:00Z'), LONDON)).toBe('01:30');
  });

  it('keeps the time on the wall when days are added or taken away', () => {
    expect(addDays(at('2026-10-24T08:00:00Z'), 1, LONDON).toString()).toBe('2026-10-25T09:00:00Z');
    expect(addDays(at('2026-10-26T09:00:00Z'), -2, LONDON).toString()).toBe('2026-10-24T08:00:00Z');
  });

  it('belongs to the local day just after midnight, which is still yesterday in UTC', () => {
    expect(localDate(at('2026-10-24T23:30:00Z'), LONDON).toString()).toBe('2026-10-25');
  });
});

describe('text for people', () => {
  it('writes dates out', () => {
    expect(formatLocalDate(at('2026-03-29T08:00:00Z'), LONDON)).toBe('Sunday 29 March 2026');
    expect(formatLocalDateTime(at('2026-12-24T23:59:59.999Z'), LONDON)).toBe(
      'Thursday 24 December 2026 at 23:59',
    );
  });
});

describe('instants and database values', () => {
  it('go to a Date and back', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(dateFromInstant(instantFromDate(date)).getTime()).toBe(date.getTime());
      }),
    );
  });

  it('take a date column as the day it names', () => {
    const day = Temporal.PlainDate.from('2026-06-30');
    expect(dateFromPlainDate(day).toISOString()).toBe('2026-06-30T00:00:00.000Z');
    expect(plainDateFromDate(new Date('2026-06-30T00:00:00.000Z')).equals(day)).toBe(true);
  });

  it('find the local time again that they were made from, whenever it exists', () => {
    const minutes = fc.integer({ min: 0, max: 2 * 366 * 24 * 60 });
    fc.assert(
      fc.property(minutes, (sinceStart) => {
        const wall = local('2026-01-01T00:00').add({ minutes: sinceStart });
        fc.pre(existsInZone(wall, LONDON));
        const again = instantOfLocal(wall, LONDON).toZonedDateTimeISO(LONDON).toPlainDateTime();
        expect(again.toString()).toBe(wall.toString());
      }),
    );
  });
});
