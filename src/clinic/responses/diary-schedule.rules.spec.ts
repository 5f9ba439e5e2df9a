import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiaryPoint } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { dueAt, makesSense, type PointWindow, scheduleOf, timingOf } from './diary-schedule.rules.js';

const LONDON = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
const done = (text: string) => ({ startedAt: at(text).subtract({ minutes: 20 }), finishedAt: at(text) });
const WINDOWS: readonly PointWindow[] = Object.values(DiaryPoint).map((point) => ({
  ...{ point, earlyMinutes: 15, lateMinutes: 30 },
}));

describe('a point is due', () => {
  it.each([
    [
      '24 hours are 24 hours when the clock goes forward',
      'H24',
      '2027-03-27T12:00:00Z',
      '2027-03-28T12:00:00Z',
    ],
    ['24 hours are 24 hours when the clock goes back', 'H24', '2027-10-30T12:00:00Z', '2027-10-31T12:00:00Z'],
    ['half an hour over the hour that is skipped', 'M30', '2027-03-28T00:45:00Z', '2027-03-28T01:15:00Z'],
    ['a week at the same time by the clock, in spring', 'W1', '2027-03-24T12:00:00Z', '2027-03-31T11:00:00Z'],
    [
      'a month at the same time by the clock, in autumn',
      'MO1',
      '2027-10-10T11:00:00Z',
      '2027-11-10T12:00:00Z',
    ],
    ['a month after 31 January', 'MO1', '2027-01-31T12:00:00Z', '2027-02-28T12:00:00Z'],
    ['a month after 31 January of a leap year', 'MO1', '2028-01-31T12:00:00Z', '2028-02-29T12:00:00Z'],
    ['three months', 'MO3', '2026-11-24T12:00:00Z', '2027-02-24T12:00:00Z'],
    ['six months', 'MO6', '2026-11-24T12:00:00Z', '2027-05-24T11:00:00Z'],
    ['before the needle', 'BEFORE', '2026-11-24T12:00:00Z', '2026-11-24T11:40:00Z'],
  ] as const)('%s', (_, point, finishedAt, due) => {
    expect(dueAt(point, done(finishedAt), LONDON)).toEqual(at(due));
  });
});

describe('a schedule', () => {
  it('is in order of time, and no figure belongs to two points after the treatment', () => {
    const moment = fc.integer({ min: 0, max: 60 * 24 * 800 });
    fc.assert(
      fc.property(moment, (minutes) => {
        const anchors = done(at('2026-01-01T00:00:00Z').add({ minutes }).toString());
        const schedule = scheduleOf(WINDOWS, anchors, LONDON);
        expect(schedule.map(({ point }) => point)).toEqual(Object.values(DiaryPoint));
        for (const [i, one] of schedule.entries()) {
          expect(Temporal.Instant.compare(one.senseFrom, one.windowFrom)).toBeLessThanOrEqual(0);
          expect(Temporal.Instant.compare(one.windowFrom, one.windowUntil)).toBeLessThanOrEqual(0);
          expect(Temporal.Instant.compare(one.windowUntil, one.senseUntil)).toBeLessThanOrEqual(0);
          const next = schedule[i + 1];
          if (i > 0 && next !== undefined) expect(one.senseUntil).toEqual(next.dueAt);
        }
      }),
    );
  });

  const [before, m30] = scheduleOf(WINDOWS, done('2026-11-24T12:00:00Z'), LONDON);
  if (before === undefined || m30 === undefined) throw new Error('there is no schedule');

  it.each([
    ['2026-11-24T12:14:59Z', 'EARLY'],
    ['2026-11-24T12:15:00Z', 'ON_TIME'],
    ['2026-11-24T13:00:00Z', 'ON_TIME'],
    ['2026-11-24T13:00:01Z', 'LATE'],
  ])('says of a figure of %s that it is %s', (takenAt, timing) => {
    expect(timingOf(m30, at(takenAt))).toBe(timing);
  });

  it.each([
    ['while the needle was in', '2026-11-24T11:59:59Z', false],
    ['at once', '2026-11-24T12:00:00Z', true],
    ['when the next point was due', '2026-11-24T16:00:00Z', true],
    ['after it', '2026-11-24T16:00:01Z', false],
  ])('takes a figure after half an hour, taken %s: %s', (_, takenAt, sense) => {
    expect(makesSense(m30, at(takenAt))).toBe(sense);
  });

  it('takes no figure for one before that is older than a week, or younger than the needle', () => {
    expect(makesSense(before, at('2026-11-17T11:40:00Z'))).toBe(true);
    expect(makesSense(before, at('2026-11-17T11:39:59Z'))).toBe(false);
    expect(makesSense(before, at('2026-11-24T11:40:01Z'))).toBe(false);
  });
});
