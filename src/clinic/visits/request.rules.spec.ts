import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  clockState,
  daysWaited,
  faultOfTime,
  faultOfTimes,
  instantOfWallTime,
  judgedOn,
  priorityOf,
  startOfClock,
  wallTime,
} from './request.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const DAYS = { startedOn: day('2026-03-16'), targetOn: day('2026-03-30'), breachOn: day('2026-04-06') };

describe('where a wait stands', () => {
  it.each([
    ['2026-03-16', 'INSIDE_PROMISE', 0],
    ['2026-03-29', 'INSIDE_PROMISE', 13], // 23 hours long
    ['2026-03-30', 'INSIDE_PROMISE', 14],
    ['2026-03-31', 'BEYOND_PROMISE', 15],
    ['2026-04-06', 'BEYOND_PROMISE', 21],
    ['2026-04-07', 'BREACHED', 22],
  ])('on %s it is %s after %i days', (on, state, waited) => {
    expect(clockState(DAYS, day(on))).toBe(state);
    expect(daysWaited(DAYS.startedOn, day(on))).toBe(waited);
  });

  it('never gets better with time, and a promise that is its own breach has no middle', () => {
    const order = ['INSIDE_PROMISE', 'BEYOND_PROMISE', 'BREACHED'];
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 200 }), (target, grace, waited) => {
        const days = {
          startedOn: DAYS.startedOn,
          targetOn: DAYS.startedOn.add({ days: target }),
          breachOn: DAYS.startedOn.add({ days: target + grace }),
        };
        const state = clockState(days, DAYS.startedOn.add({ days: waited }));
        const later = clockState(days, DAYS.startedOn.add({ days: waited + 1 }));
        expect(order.indexOf(later)).toBeGreaterThanOrEqual(order.indexOf(state));
        expect(state === 'INSIDE_PROMISE').toBe(waited <= target);
        if (grace === 0) expect(state).not.toBe('BEYOND_PROMISE');
      }),
    );
  });

  it('is judged by today while it lasts, then by the day on which it ended', () => {
    const ends = { visitOn: day('2026-04-02'), closedOn: day('2026-03-20'), today: day('2026-05-01') };
    expect(judgedOn({ ...ends, status: 'WAITING' })).toEqual(ends.today);
    expect(judgedOn({ ...ends, status: 'BOOKED' })).toEqual(ends.visitOn);
    expect(judgedOn({ ...ends, status: 'BOOKED', visitOn: null })).toEqual(ends.today);
    expect(judgedOn({ ...ends, status: 'CLOSED' })).toEqual(ends.closedOn);
  });
});

describe('what starts a clock', () => {
  const today = day('2026-07-02');
  const referral = { receivedOn: day('2026-06-12'), acceptedOn: day('2026-06-26') };

  it.each([
    ['REFERRAL_RECEIVED', referral, '2026-06-12', 'REFERRAL_RECEIVED'],
    ['REFERRAL_ACCEPTED', referral, '2026-06-26', 'REFERRAL_ACCEPTED'],
    ['REQUESTED', referral, '2026-07-02', 'REQUESTED'],
    ['REFERRAL_RECEIVED', null, '2026-07-02', 'REQUESTED'],
    ['REFERRAL_ACCEPTED', { ...referral, acceptedOn: null }, '2026-07-02', 'REQUESTED'],
    ['REFERRAL_RECEIVED', { ...referral, receivedOn: day('2026-07-03') }, '2026-07-02', 'REQUESTED'],
  ] as const)('%s', (by, facts, startedOn, startedBy) => {
    const start = startOfClock(by, facts, today);
    expect([start.startedOn.toString(), start.startedBy]).toEqual([startedOn, startedBy]);
  });

  it('is as urgent as somebody said, then as the referrer said, then routine', () => {
    expect(priorityOf('ROUTINE', { priority: 'URGENT' })).toBe('ROUTINE');
    expect(priorityOf(null, { priority: 'TWO_WEEK_WAIT' })).toBe('TWO_WEEK_WAIT');
    expect(priorityOf(null, null)).toBe('ROUTINE');
  });
});

describe('a stated time', () => {
  const none = {
    isoWeekday: null,
    fromTime: null,
    untilTime: null,
    firstOn: null,
    lastOn: null,
    isExcluded: false,
  };

  it.each([
    [{}, 'must name'],
    [{ isExcluded: true }, 'must name'],
    [{ fromTime: '09:00', untilTime: '09:00' }, 'fromTime'],
    [{ fromTime: '10:00', untilTime: '09:59' }, 'fromTime'],
    [{ firstOn: '2026-08-02', lastOn: '2026-08-01' }, 'firstOn'],
  ])('%j is not one', (parts, words) => {
    expect(faultOfTime({ ...none, ...parts })).toContain(words);
    expect(
      faultOfTimes([
        { ...none, isoWeekday: 1 },
        { ...none, ...parts },
      ]),
    ).toMatch(/^times[.]1: /);
  });

  it.each([
    [{ isoWeekday: 7 }],
    [{ fromTime: '09:00' }],
    [{ untilTime: '09:00' }],
    [{ fromTime: '08:59', untilTime: '09:00' }],
    [{ firstOn: '2026-08-01', lastOn: '2026-08-01' }],
  ])('%j is one', (parts) => {
    expect(faultOfTime({ ...none, ...parts })).toBeNull();
  });

  it('comes back from its column as it went in', () => {
    for (const text of ['00:00', '09:05', '23:59']) expect(wallTime(instantOfWallTime(text))).toBe(text);
  });
});
