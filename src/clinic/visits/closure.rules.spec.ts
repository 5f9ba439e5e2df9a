import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOfLocal, Temporal } from '../../platform/time/index.js';
import {
  type AttemptFacts,
  attemptsFor,
  byUrgency,
  changedSince,
  closedDays,
  faultOfTime,
  handOn,
  lastEnd,
  planContent,
  withTheSameWaits,
} from './closure.rules.js';

const LONDON = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
const span = (startsAt: string, endsAt: string) => ({ startsAt: at(startsAt), endsAt: at(endsAt) });

describe('the days of a closure', () => {
  it('are whole between the first and the last', () => {
    expect(closedDays(span('2026-03-03T13:00:00Z', '2026-03-05T10:00:00Z'), LONDON)).toEqual([
      { heldOn: '2026-03-03', startsAt: '13:00', endsAt: '23:59' },
      { heldOn: '2026-03-04', startsAt: null, endsAt: null },
      { heldOn: '2026-03-05', startsAt: '00:00', endsAt: '10:00' },
    ]);
  });

  it('leave out a day of which only the last minute is closed', () => {
    expect(closedDays(span('2026-03-03T23:59:00Z', '2026-03-05T00:00:00Z'), LONDON)).toEqual([
      { heldOn: '2026-03-04', startsAt: null, endsAt: null },
    ]);
  });

  it.each([
    ['2026-03-28T09:00:00Z', '2026-03-30T08:00:00Z', ['2026-03-28', '2026-03-29', '2026-03-30'], '09:00'],
    ['2026-10-24T08:00:00Z', '2026-10-26T09:00:00Z', ['2026-10-24', '2026-10-25', '2026-10-26'], '09:00'],
  ])('are told by the wall when the clocks change: %s', (from, until, days, wall) => {
    const found = closedDays(span(from, until), LONDON);
    expect(found.map(({ heldOn }) => heldOn)).toEqual(days);
    expect([found[0]?.startsAt, found.at(-1)?.endsAt]).toEqual([wall, '09:00']);
  });

  it('cover the closed time and nothing else, to the minute', () => {
    const minute = fc.integer({ min: 0, max: 60 * 24 * 20 });
    const start = at('2026-10-20T00:00:00Z');
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 60 * 24 * 5 }), (fromMinutes, lengthMinutes) => {
        const startsAt = start.add({ minutes: fromMinutes });
        const closed = { startsAt, endsAt: startsAt.add({ minutes: lengthMinutes }) };
        if (faultOfTime(closed, LONDON) !== null) return;
        const covered = closedDays(closed, LONDON).map((day) => {
          const date = Temporal.PlainDate.from(day.heldOn);
          const wall = (time: string) =>
            instantOfLocal(date.toPlainDateTime(Temporal.PlainTime.from(time)), LONDON);
          return {
            startsAt: wall(day.startsAt ?? '00:00'),
            endsAt:
              day.endsAt === null
                ? instantOfLocal(date.add({ days: 1 }).toPlainDateTime(), LONDON)
                : wall(day.endsAt),
          };
        });
        for (const [index, { endsAt }] of covered.slice(0, -1).entries()) {
          const gapMinutes = endsAt.until(covered[index + 1]?.startsAt ?? endsAt).total('minutes');
          expect([0, 1]).toContain(gapMinutes);
        }
        const [first, last] = [covered[0], covered.at(-1)];
        if (first === undefined || last === undefined) return;
        expect(closed.startsAt.until(first.startsAt).total('minutes')).toBeLessThanOrEqual(1);
        expect(Temporal.Instant.compare(first.startsAt, closed.startsAt)).toBeGreaterThanOrEqual(0);
        expect(last.endsAt.until(closed.endsAt).total('minutes')).toBeLessThanOrEqual(1);
        expect(Temporal.Instant.compare(last.endsAt, closed.endsAt)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('what is wrong with the time of a closure', () => {
  it.each([
    ['2026-03-03T10:00:00Z', '2026-03-03T10:00:00Z', /later/],
    ['2026-03-03T10:00:30Z', '2026-03-03T11:00:00Z', /startsAt: must be a whole minute/],
    ['2026-03-03T10:00:00Z', '2026-03-03T11:00:00.5Z', /endsAt: must be a whole minute/],
    ['2026-10-25T00:30:00Z', '2026-10-25T12:00:00Z', /startsAt: .* twice/],
    ['2026-10-25T00:00:00Z', '2026-10-25T01:30:00Z', /twice/],
    ['2026-03-01T00:00:00Z', '2026-04-02T00:00:00Z', /at most 31 days/],
    // A mistyped year, and the furthest moment that there is: nothing is listed day by day.
    ['2026-03-01T00:00:00Z', '2200-03-02T00:00:00Z', /at most 31 days/],
    ['2026-03-01T00:00:00Z', '+275760-09-12T00:00:00Z', /at most 31 days/],
  ])('%s to %s', (from, until, words) => {
    expect(faultOfTime(span(from, until), LONDON)).toMatch(words);
  });

  it('is nothing with whole days around a change of the clocks, and with a month', () => {
    expect(faultOfTime(span('2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z'), LONDON)).toBeNull();
    expect(faultOfTime(span('2026-03-01T00:00:00Z', '2026-03-31T23:00:00Z'), LONDON)).toBeNull();
  });
});

describe('what a closure can do with a visit', () => {
  const now = at('2026-03-03T10:00:00Z');
  it.each([
    ['BOOKED', '2026-03-03T10:01:00Z', 'CHANGE'],
    ['BOOKED', '2026-03-03T10:00:00Z', 'LEAVE'],
    ['HELD', '2026-03-04T10:00:00Z', 'GIVE_BACK'],
    ['ARRIVED', '2026-03-03T10:30:00Z', 'LEAVE'],
    ['IN_PROGRESS', '2026-03-03T09:00:00Z', 'LEAVE'],
    ['COMPLETED', '2026-03-03T09:00:00Z', 'LEAVE'],
  ])('%s at %s: %s', (status, startsAt, hand) => {
    expect(handOn({ status, startsAt: at(startsAt) }, now)).toBe(hand);
  });
});

describe('who comes first', () => {
  it('is whose promise is broken first, then the earlier visit, then the one without a promise', () => {
    const visit = (id: string, startsAt: string, breachUntil: string | null) => ({
      id,
      startsAt: at(startsAt),
      breachUntil: breachUntil === null ? null : at(breachUntil),
    });
    const visits = [
      visit('d', '2026-03-03T08:00:00Z', null),
      visit('c', '2026-03-03T09:00:00Z', '2026-03-09T00:00:00Z'),
      visit('b', '2026-03-03T09:00:00Z', '2026-03-09T00:00:00Z'),
      visit('a', '2026-03-03T08:00:00Z', '2026-03-09T00:00:00Z'),
      visit('e', '2026-03-03T12:00:00Z', '2026-03-05T00:00:00Z'),
    ];
    expect(visits.toSorted(byUrgency).map(({ id }) => id)).toEqual(['e', 'a', 'b', 'c', 'd']);
  });
});

describe('where another place is looked for', () => {
  const facts = (parts: Partial<Record<keyof AttemptFacts, string>> = {}, keepsStaff = false) => ({
    startsAt: at(parts.startsAt ?? '2026-03-10T10:00:00Z'),
    noticeAt: at(parts.noticeAt ?? '2026-03-04T00:00:00Z'),
    targetUntil: at(parts.targetUntil ?? '2026-03-14T00:00:00Z'),
    breachUntil: at(parts.breachUntil ?? '2026-03-21T00:00:00Z'),
    until: at(parts.until ?? '2026-05-01T00:00:00Z'),
    keepsStaff,
  });
  const days = (found: ReturnType<typeof attemptsFor>) =>
    found.map(({ fromMs, untilMs }) =>
      [fromMs, untilMs].map((ms) => new Date(ms).toISOString().slice(5, 10)).join(' '),
    );

  it('is from that day on inside the promise, then earlier, then before the breach', () => {
    expect(days(attemptsFor(facts(), LONDON))).toEqual(['03-10 03-14', '03-04 03-10', '03-14 03-21']);
  });

  it('is with the same people first, where the patient asked for that', () => {
    const found = attemptsFor(facts({}, true), LONDON);
    expect(found.map(({ samePeople }) => samePeople)).toEqual([true, false, true, false, true, false]);
  });

  it('is never sooner than the notice, nor later than the breach or the diary', () => {
    expect(days(attemptsFor(facts({ noticeAt: '2026-03-12T00:00:00Z' }), LONDON))).toEqual([
      '03-12 03-14',
      '03-14 03-21',
    ]);
    expect(days(attemptsFor(facts({ until: '2026-03-12T00:00:00Z' }), LONDON))).toEqual([
      '03-10 03-12',
      '03-04 03-10',
    ]);
    expect(attemptsFor(facts({ noticeAt: '2026-03-22T00:00:00Z' }), LONDON)).toEqual([]);
  });

  it('is as soon as possible when the promise was broken already', () => {
    const broken = facts({ startsAt: '2026-03-25T10:00:00Z' });
    expect(days(attemptsFor(broken, LONDON))).toEqual(['03-04 05-01']);
  });
});

describe('a visit with the same waits', () => {
  const wait = { minMinutes: 30, targetMinutes: 45, maxMinutes: 90 };
  const times = [
    span('2026-03-03T09:00:00Z', '2026-03-03T09:15:00Z'),
    span('2026-03-03T10:15:00Z', '2026-03-03T10:30:00Z'),
  ];
  it('waits as long as it did and no other', () => {
    const steps = [
      { wait: null, fillsWait: false },
      { wait, fillsWait: false },
    ];
    expect(withTheSameWaits(steps, times)?.[1]?.wait).toEqual({
      minMinutes: 60,
      targetMinutes: 60,
      maxMinutes: 60,
    });
  });

  it('counts from the step before one that fills the wait', () => {
    const steps = [
      { wait: null, fillsWait: false },
      { wait: null, fillsWait: true },
      { wait, fillsWait: false },
    ];
    const filled = [times[0], span('2026-03-03T09:15:00Z', '2026-03-03T10:15:00Z'), times[1]];
    const found = withTheSameWaits(
      steps,
      filled.flatMap((one) => (one === undefined ? [] : [one])),
    );
    expect(found?.[2]?.wait?.minMinutes).toBe(60);
  });

  it('is none where the protocol knows no such wait, or has other steps', () => {
    const short = { ...wait, maxMinutes: 45 };
    const steps = [
      { wait: null, fillsWait: false },
      { wait: short, fillsWait: false },
    ];
    expect(withTheSameWaits(steps, times)).toBeNull();
    expect(withTheSameWaits(steps.slice(0, 1), times)).toBeNull();
  });
});

describe('a plan', () => {
  const time = {
    ...span('2026-03-03T09:00:00Z', '2026-03-03T18:00:00Z'),
    siteCode: 'MAIN',
    resourceIds: ['b', 'a'],
  };
  const visits = [
    { id: 'v1', version: 0 },
    { id: 'v2', version: 3 },
  ];

  it('is the same in any order, and another for another version, time or resource', () => {
    const content = planContent(time, visits);
    expect(planContent({ ...time, resourceIds: ['a', 'b'] }, visits.toReversed())).toBe(content);
    expect(planContent(time, [{ id: 'v1', version: 1 }])).not.toBe(content);
    expect(planContent({ ...time, resourceIds: ['a'] }, visits)).not.toBe(content);
    expect(planContent({ ...time, endsAt: time.startsAt.add({ hours: 1 }) }, visits)).not.toBe(content);
  });

  it('names what has come, gone or changed', () => {
    expect(changedSince(visits, visits)).toEqual([]);
    const now = [
      { id: 'v2', version: 4 },
      { id: 'v3', version: 0 },
    ];
    expect(changedSince(visits, now)).toEqual(['v1', 'v2', 'v3']);
  });

  it('is possible after the last end', () => {
    expect(lastEnd([])).toBeNull();
    expect(lastEnd([time, span('2026-03-03T09:00:00Z', '2026-03-03T10:00:00Z')])).toEqual(time.endsAt);
  });
});
