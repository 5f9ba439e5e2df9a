import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskOpen } from '../../../test/support/desk-hours.factory.js';
import { afterDeskMinutes, type DeskHours, deskMinutesBetween, deskOpenFrom, Temporal } from './index.js';

/** Christmas 2026 with its substitute, New Year's Day, and Easter 2026. */
const HOLIDAYS = ['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-26', '2026-12-28', '2027-01-01'];
const DESK = deskOpen('08:00', '18:00', HOLIDAYS);
const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);
const from = fc
  .integer({ min: 0, max: 60 * 24 * 365 })
  .map((minutes) => at('2026-01-01T00:00:00Z').add({ minutes }));

/** Any week with something in it: on each weekday up to two spans, at any time of the day, the skipped hour too. */
const span = fc
  .uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 2, maxLength: 4 })
  .filter(({ length }) => length % 2 === 0)
  .map((quarters) => quarters.toSorted((a, b) => a - b));
const clock = (quarter: number) =>
  Temporal.PlainTime.from('00:00')
    .add({ minutes: quarter * 15 })
    .toString({ smallestUnit: 'minute' });
const desk = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 7 }), span), { minLength: 1, maxLength: 7 })
  .map((days): DeskHours => {
    const week = [...new Map(days)].flatMap(([isoWeekday, [opens = 0, closes = 95, again, ends]]) => [
      { isoWeekday, opens: clock(opens), closes: clock(closes) },
      ...(again === undefined || ends === undefined
        ? []
        : [{ isoWeekday, opens: clock(again), closes: clock(ends) }]),
    ]);
    return { timeZone: 'Europe/London', week, holidays: new Set(HOLIDAYS) };
  });

describe('somebody is at the desk', () => {
  it.each([
    ['on a Tuesday morning', '2026-03-03T09:00:00Z', '2026-03-03T09:00:00Z'],
    ['at eight, not before', '2026-03-03T07:59:59Z', '2026-03-03T08:00:00Z'],
    ['until six, not at six', '2026-03-03T18:00:00Z', '2026-03-04T08:00:00Z'],
    ['not in the night', '2026-03-03T23:30:00Z', '2026-03-04T08:00:00Z'],
    ['not at the weekend', '2026-03-06T18:30:00Z', '2026-03-09T08:00:00Z'],
    ['by the wall clock, after it went forward', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00Z'],
    ['by the wall clock, after it went back', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00Z'],
    ['not over Easter', '2026-04-02T17:00:00Z', '2026-04-07T07:00:00Z'],
    ['not at Christmas, nor on its substitute day', '2026-12-24T18:00:00Z', '2026-12-29T08:00:00Z'],
  ])('%s', (_, now, opens) => {
    expect(deskOpenFrom(at(now), DESK).toString()).toBe(opens);
  });

  it.each([
    ['2026-03-03T09:00', 120, '2026-03-03T11:00:00Z'],
    ['2026-03-03T17:30', 120, '2026-03-04T09:30:00Z'],
    ['2026-03-03T16:00', 120, '2026-03-03T18:00:00Z'],
    ['2026-03-03T20:00', 5, '2026-03-04T08:05:00Z'],
    ['2026-03-03T10:00', 600, '2026-03-04T10:00:00Z'],
    ['2026-03-03T20:00', 0, '2026-03-04T08:00:00Z'],
    ['2026-12-24T17:00', 120, '2026-12-29T09:00:00Z'],
    ['2026-03-27T17:00', 120, '2026-03-30T08:00:00Z'],
  ])('from %s for %i minutes', (since, minutes, end) => {
    expect(afterDeskMinutes(at(`${since}:00Z`), minutes, DESK).toString()).toBe(end);
  });

  it('not over lunch, when the day has two spans', () => {
    const week = [
      { isoWeekday: 2, opens: '13:00', closes: '17:00' },
      { isoWeekday: 2, opens: '08:00', closes: '12:00' },
    ];
    const hours = { ...DESK, week };
    expect(deskOpenFrom(at('2026-03-03T12:10:00Z'), hours)).toEqual(at('2026-03-03T13:00:00Z'));
    expect(afterDeskMinutes(at('2026-03-03T11:30:00Z'), 60, hours)).toEqual(at('2026-03-03T13:30:00Z'));
    expect(deskMinutesBetween(at('2026-03-03T07:00:00Z'), at('2026-03-11T00:00:00Z'), hours)).toBe(960);
  });

  it('by other hours from the day on which they begin', () => {
    const weeksToCome = [
      { from: day('2026-03-04'), week: deskOpen('10:00', '12:00').week },
      { from: day('2026-03-06'), week: deskOpen('07:00', '20:00').week },
    ];
    const hours = { ...DESK, weeksToCome };
    expect(deskOpenFrom(at('2026-03-03T18:00:00Z'), hours)).toEqual(at('2026-03-04T10:00:00Z'));
    expect(afterDeskMinutes(at('2026-03-03T17:00:00Z'), 330, hours)).toEqual(at('2026-03-06T07:30:00Z'));
  });

  it('on a day that is an hour short or long as long as its clock says', () => {
    const sunday = { ...DESK, week: [{ isoWeekday: 7, opens: '00:00', closes: '06:00' }] };
    const minutesOn = (date: string, next: string) =>
      deskMinutesBetween(at(`${date}T00:00:00Z`), at(`${next}T12:00:00Z`), sunday);
    expect(minutesOn('2026-03-29', '2026-03-29')).toBe(300);
    expect(minutesOn('2026-10-24', '2026-10-25')).toBe(420);
  });

  it('never in the hour that is skipped, and no minute twice', () => {
    const week = [
      { isoWeekday: 7, opens: '01:30', closes: '02:00' },
      { isoWeekday: 7, opens: '02:00', closes: '03:00' },
    ];
    const sunday = { ...DESK, week };
    expect(deskMinutesBetween(at('2026-03-29T00:00:00Z'), at('2026-03-29T12:00:00Z'), sunday)).toBe(60);
  });

  it('never, where a week has no hours', () => {
    const never = { ...DESK, week: [] };
    expect(() => deskOpenFrom(at('2026-03-03T09:00:00Z'), never)).toThrow(RangeError);
    expect(() => afterDeskMinutes(at('2026-03-03T09:00:00Z'), 1, never)).toThrow(RangeError);
    expect(deskMinutesBetween(at('2026-03-03T09:00:00Z'), at('2026-06-03T09:00:00Z'), never)).toBe(0);
  });
});

describe('whatever the week', () => {
  it('as many minutes pass as were asked for, and no fewer by the clock', () => {
    fc.assert(
      fc.property(desk, from, fc.integer({ min: 1, max: 5_000 }), (hours, since, minutes) => {
        const end = afterDeskMinutes(since, minutes, hours);
        expect(deskMinutesBetween(since, end, hours)).toBeCloseTo(minutes, 6);
        expect(Temporal.Instant.compare(since.add({ minutes }), end)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('what is waited in two parts is waited in one', () => {
    fc.assert(
      fc.property(
        desk,
        from,
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        (hours, since, first, then) => {
          const inTwo = afterDeskMinutes(afterDeskMinutes(since, first, hours), then, hours);
          expect(inTwo).toEqual(afterDeskMinutes(since, first + then, hours));
        },
      ),
    );
  });

  it('an hour of the desk that passes is an hour counted, in whatever pieces', () => {
    fc.assert(
      fc.property(desk, from, from, from, (hours, ...moments) => {
        const [a, b, c] = moments.toSorted(Temporal.Instant.compare);
        if (a === undefined || b === undefined || c === undefined) return;
        const parts = deskMinutesBetween(a, b, hours) + deskMinutesBetween(b, c, hours);
        expect(parts).toBeCloseTo(deskMinutesBetween(a, c, hours), 6);
      }),
    );
  });

  it('it opens at a moment from which time passes, on no holiday and in no earlier minute', () => {
    fc.assert(
      fc.property(desk, from, (hours, now) => {
        const opens = deskOpenFrom(now, hours);
        expect(Temporal.Instant.compare(now, opens)).toBeLessThanOrEqual(0);
        expect(deskMinutesBetween(now, opens, hours)).toBe(0);
        expect(deskMinutesBetween(opens, opens.add({ seconds: 60 }), hours)).toBeGreaterThan(0);
        expect(HOLIDAYS).not.toContain(opens.toZonedDateTimeISO('Europe/London').toPlainDate().toString());
      }),
    );
  });
});
