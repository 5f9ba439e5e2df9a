import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskOpen } from '../../../test/support/desk-hours.factory.js';
import {
  CallBackAttemptOutcome,
  type CallBackPriority,
  EnquiryTime,
} from '../../platform/database/generated/enums.js';
import { deskMinutesBetween, deskOpenFrom, Temporal } from '../../platform/time/index.js';
import {
  joinedTimes,
  nextEscalation,
  suitableFrom,
  timesAfterAttempt,
  timesOfCall,
} from './call-back-times.rules.js';

const HOLIDAYS = ['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-28'];
const DESK = deskOpen('08:00', '18:00', HOLIDAYS);
const LEVEL = {
  normalMinutes: 600,
  redFlagMinutes: 0,
  attemptsMax: 3,
  pauseMinutes: 120,
  escalateAfterMinutes: 30,
  redFlagEscalateAfterMinutes: 15,
};
const at = (text: string) => Temporal.Instant.from(text);
const moment = fc
  .integer({ min: 0, max: 60 * 24 * 365 })
  .map((minutes) => at('2026-01-01T00:00:00Z').add({ minutes }));
const bestTimes = fc.uniqueArray(fc.constantFrom(...Object.values(EnquiryTime)));
const order = Temporal.Instant.compare;

describe('somebody who rang is to be rung back', () => {
  it.each([
    ['in the morning', '2026-03-03T09:00:00Z', '2026-03-03T09:00:00Z', '2026-03-04T09:00:00Z'],
    ['at night', '2026-03-03T23:00:00Z', '2026-03-04T08:00:00Z', '2026-03-04T18:00:00Z'],
    ['on Friday evening', '2026-03-06T19:00:00Z', '2026-03-09T08:00:00Z', '2026-03-09T18:00:00Z'],
    ['before the clocks change', '2026-03-27T17:00:00Z', '2026-03-27T17:00:00Z', '2026-03-30T16:00:00Z'],
    ['on Christmas Eve', '2026-12-24T17:00:00Z', '2026-12-24T17:00:00Z', '2026-12-29T17:00:00Z'],
  ])('%s: within a working day', (_, called, next, due) => {
    const times = timesOfCall(at(called), 'NORMAL', LEVEL, DESK);
    expect(times.nextAttemptAt.toString()).toBe(next);
    expect(times.dueAt.toString()).toBe(due);
  });

  it('at once where there is a red flag, whatever the hour', () => {
    const called = at('2026-12-25T03:00:00Z');
    expect(timesOfCall(called, 'RED_FLAG', LEVEL, DESK)).toEqual({
      nextAttemptAt: called,
      dueAt: called,
      escalateAt: called.add({ minutes: 15 }),
    });
    const again = nextEscalation(called, 'RED_FLAG', DESK);
    expect(called.until(again).total('minutes')).toBe(15);
  });

  it('within the service level in desk hours, whenever they rang', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 3_000 }), (called, normalMinutes) => {
        const times = timesOfCall(called, 'NORMAL', { ...LEVEL, normalMinutes }, DESK);
        expect(deskMinutesBetween(called, times.dueAt, DESK)).toBeCloseTo(normalMinutes, 6);
        expect(order(called, times.nextAttemptAt)).toBeLessThanOrEqual(0);
        expect(order(times.nextAttemptAt, times.dueAt)).toBeLessThanOrEqual(0);
        expect(order(times.dueAt, times.escalateAt)).toBeLessThanOrEqual(0);
        expect(deskOpenFrom(times.nextAttemptAt, DESK)).toEqual(times.nextAttemptAt);
      }),
    );
  });

  it('never later because they rang again', () => {
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        const [first, again] = [one, other].map((called) => timesOfCall(called, 'NORMAL', LEVEL, DESK));
        if (first === undefined || again === undefined) return;
        const both = joinedTimes(first, again);
        for (const key of ['nextAttemptAt', 'dueAt', 'escalateAt'] as const) {
          expect(order(both[key], first[key])).toBeLessThanOrEqual(0);
          expect(order(both[key], again[key])).toBeLessThanOrEqual(0);
        }
        expect(joinedTimes(again, first)).toEqual(both);
      }),
    );
  });
});

describe('after an attempt that reached nobody', () => {
  const attempt = {
    outcome: CallBackAttemptOutcome.NO_ANSWER,
    at: at('2026-03-03T09:00:00Z'),
    ringAgainAt: null,
    bestTimes: [],
  } as const;
  const nextOf = (
    parts: Partial<Parameters<typeof timesAfterAttempt>[0]>,
    priority: CallBackPriority = 'NORMAL',
  ) => timesAfterAttempt({ ...attempt, ...parts }, priority, LEVEL, DESK).nextAttemptAt.toString();

  it.each([
    ['nobody answered: after the pause', {}, '2026-03-03T11:00:00Z'],
    [
      'late in the day: the pause goes on in the morning',
      { at: at('2026-03-03T17:00:00Z') },
      '2026-03-04T09:00:00Z',
    ],
    ['engaged: soon', { outcome: 'ENGAGED' }, '2026-03-03T09:15:00Z'],
    ['a wrong number: as soon as there is another', { outcome: 'WRONG_NUMBER' }, '2026-03-03T09:00:00Z'],
    ['they like the afternoon', { bestTimes: ['WEEKDAY_AFTERNOON'] }, '2026-03-03T14:00:00Z'],
    [
      'they like the morning: tomorrow, when the pause is over after noon',
      { at: at('2026-03-03T11:00:00Z'), bestTimes: ['WEEKDAY_MORNING'] },
      '2026-03-04T08:00:00Z',
    ],
    [
      'they like the evening: the last hour of the desk',
      { bestTimes: ['WEEKDAY_EVENING'] },
      '2026-03-03T17:00:00Z',
    ],
    [
      'they like Saturdays, when nobody is there: after the pause',
      { bestTimes: ['SATURDAY'] },
      '2026-03-03T11:00:00Z',
    ],
    [
      'they asked for another time',
      { outcome: 'ASKED_TO_RING_LATER', ringAgainAt: at('2026-03-05T15:00:00Z') },
      '2026-03-05T15:00:00Z',
    ],
    [
      'they asked for a Sunday',
      { outcome: 'ASKED_TO_RING_LATER', ringAgainAt: at('2026-03-08T15:00:00Z') },
      '2026-03-09T08:00:00Z',
    ],
    ['they asked to be rung later, and not when', { outcome: 'ASKED_TO_RING_LATER' }, '2026-03-03T11:00:00Z'],
  ] as const)('%s', (_, parts, next) => {
    expect(nextOf(parts)).toBe(next);
  });

  it('with a red flag soon, whatever the hour', () => {
    const night = at('2026-12-25T03:00:00Z');
    expect(nextOf({ at: night }, 'RED_FLAG')).toBe('2026-12-25T03:10:00Z');
    expect(nextOf({ at: night, outcome: 'ENGAGED' }, 'RED_FLAG')).toBe('2026-12-25T03:03:00Z');
    expect(nextOf({ at: night, outcome: 'WRONG_NUMBER' }, 'RED_FLAG')).toBe('2026-12-25T03:00:00Z');
    const ringAgainAt = at('2026-12-25T05:00:00Z');
    expect(nextOf({ at: night, outcome: 'ASKED_TO_RING_LATER', ringAgainAt }, 'RED_FLAG')).toBe(
      '2026-12-25T05:00:00Z',
    );
  });

  it('rings in desk hours, not before the pause is over, and is due after that', () => {
    fc.assert(
      fc.property(moment, bestTimes, (now, times) => {
        const { nextAttemptAt, dueAt, escalateAt } = timesAfterAttempt(
          { ...attempt, at: now, bestTimes: times },
          'NORMAL',
          LEVEL,
          DESK,
        );
        expect(deskMinutesBetween(now, nextAttemptAt, DESK)).toBeGreaterThanOrEqual(
          LEVEL.pauseMinutes - 1e-6,
        );
        expect(order(nextAttemptAt, dueAt)).toBeLessThan(0);
        expect(order(dueAt, escalateAt)).toBeLessThanOrEqual(0);
        expect(deskMinutesBetween(nextAttemptAt, dueAt, DESK)).toBeCloseTo(LEVEL.pauseMinutes, 6);
      }),
    );
  });

  it('keeps to their best times wherever the desk is open at one within two weeks', () => {
    const inTime: Record<EnquiryTime, (local: Temporal.ZonedDateTime) => boolean> = {
      WEEKDAY_MORNING: ({ hour }) => hour < 12,
      WEEKDAY_MIDDAY: ({ hour }) => hour >= 12 && hour < 14,
      WEEKDAY_AFTERNOON: ({ hour }) => hour >= 14 && hour < 17,
      WEEKDAY_EVENING: ({ hour }) => hour >= 17,
      SATURDAY: ({ dayOfWeek }) => dayOfWeek === 6,
      ANY_TIME: () => true,
    };
    fc.assert(
      fc.property(moment, bestTimes, (now, times) => {
        const open = deskOpenFrom(now, DESK);
        const suitable = suitableFrom(open, times, DESK);
        expect(order(open, suitable)).toBeLessThanOrEqual(0);
        const local = suitable.toZonedDateTimeISO('Europe/London');
        const canBeKept = times.some((time) => time !== 'SATURDAY');
        if (canBeKept) expect(times.some((time) => inTime[time](local))).toBe(true);
        else expect(suitable).toEqual(open);
        expect(deskOpenFrom(suitable, DESK)).toEqual(suitable);
      }),
    );
  });
});
