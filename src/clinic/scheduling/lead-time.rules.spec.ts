import Holidays from 'date-holidays';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay, localDate, localTime, startOfDay, Temporal } from '../../platform/time/index.js';
import { bookableWindow, canBookAt, faultOfDays, longestCalendarDays } from './lead-time.rules.js';
import { BeyondDiary, InThePast, TooSoonForLeadTime } from './schedule.refusals.js';

const LONDON = 'Europe/London';
const POLICY = { earliestDays: 7, targetDays: 14, latestDays: 60 };
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);

describe('the window of a policy', () => {
  it('begins at midnight seven days on and keeps the promise to the end of the fourteenth day', () => {
    const window = bookableWindow(POLICY, at('2026-03-02T16:59:00Z'), day('2026-02-27'), LONDON);
    expect(window.earliestOn.toString()).toBe('2026-03-09');
    expect(window.from.toString()).toBe('2026-03-09T00:00:00Z');
    expect(window.targetOn.toString()).toBe('2026-03-13');
    expect(window.targetUntil.toString()).toBe('2026-03-14T00:00:00Z');
    expect(window.latestOn.toString()).toBe('2026-05-01');
    expect(window.until.toString()).toBe('2026-05-01T23:00:00Z');
  });

  it.each([
    ['notice that ends on the day the clocks go forward', '2026-03-22T10:00:00Z', '2026-03-29T00:00:00Z'],
    ['notice across the day the clocks go forward', '2026-03-25T10:00:00Z', '2026-03-31T23:00:00Z'],
    ['notice that ends on the day the clocks go back', '2026-10-18T10:00:00Z', '2026-10-24T23:00:00Z'],
    ['notice across the day the clocks go back', '2026-10-21T10:00:00Z', '2026-10-28T00:00:00Z'],
  ])('is right for %s', (_, now, from) => {
    expect(bookableWindow(POLICY, at(now), day('2026-01-01'), LONDON).from.toString()).toBe(from);
  });

  it('counts from the local day, which in summer begins before the one in UTC', () => {
    const window = bookableWindow(POLICY, at('2026-06-01T23:30:00Z'), day('2026-06-01'), LONDON);
    expect(window.earliestOn.toString()).toBe('2026-06-09');
  });

  it('begins now where no notice is needed', () => {
    const window = bookableWindow(
      { ...POLICY, earliestDays: 0 },
      at('2026-03-02T16:59:00Z'),
      day('2026-03-02'),
      LONDON,
    );
    expect(window.from.toString()).toBe('2026-03-02T16:59:00Z');
  });
});

describe('may it be booked then?', () => {
  const now = at('2026-03-22T10:00:00Z');
  const ask = (startsAt: string) => canBookAt(at(startsAt), POLICY, now, LONDON);

  it('not a minute before the first day', () => {
    const refusal = ask('2026-03-28T23:59:59.999Z');
    expect(refusal).toBeInstanceOf(TooSoonForLeadTime);
    expect(refusal).toMatchObject({ code: 'TooSoonForLeadTime', earliestOn: '2026-03-29' });
    expect(refusal?.message).toContain('Sunday 29 March 2026');
    expect(ask('2026-03-29T00:00:00Z')).toBeNull();
  });

  it('not a minute after the last', () => {
    expect(ask('2026-05-21T22:59:59.999Z')).toBeNull();
    const refusal = ask('2026-05-21T23:00:00Z');
    expect(refusal).toBeInstanceOf(BeyondDiary);
    expect(refusal).toMatchObject({ code: 'BeyondDiary', latestOn: '2026-05-21' });
  });

  it('not in the past, not even now', () => {
    expect(ask('2026-03-21T10:00:00Z')).toBeInstanceOf(InThePast);
    expect(canBookAt(now, { ...POLICY, earliestDays: 0 }, now, LONDON)).toBeInstanceOf(InThePast);
  });
});

describe('laws', () => {
  const minutes = fc.integer({ min: 0, max: 2 * 366 * 24 * 60 });
  const policies = fc
    .tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }), fc.nat({ max: 60 }))
    .map(([earliest, target, latest]) => ({
      earliestDays: earliest,
      targetDays: earliest + target,
      latestDays: earliest + target + latest,
    }));
  const nows = minutes.map((since) => at('2026-01-01T00:00:00Z').add({ minutes: since }));

  it('days begin at local midnight and are as many days off as the policy says, whatever the clocks do', () => {
    fc.assert(
      fc.property(nows, policies, fc.nat({ max: 40 }), (now, policy, ago) => {
        const today = localDate(now, LONDON);
        const receivedOn = today.subtract({ days: ago });
        const window = bookableWindow(policy, now, receivedOn, LONDON);
        for (const midnight of [window.targetUntil, window.until]) {
          expect(localTime(midnight, LONDON).toString()).toBe('00:00:00');
        }
        expect(today.until(localDate(window.from, LONDON)).days).toBe(policy.earliestDays);
        expect(receivedOn.until(localDate(window.targetUntil, LONDON)).days).toBe(policy.targetDays + 1);
        expect(today.until(localDate(window.until, LONDON)).days).toBe(policy.latestDays + 1);
      }),
    );
  });

  it('what lies in the window may be booked, and nothing else', () => {
    fc.assert(
      fc.property(
        nows,
        policies,
        fc.integer({ min: -3, max: 130 }),
        fc.nat({ max: 23 }),
        (now, policy, days, hour) => {
          const startsAt = startOfDay(localDate(now, LONDON).add({ days }), LONDON).add({ hours: hour });
          const window = bookableWindow(policy, now, localDate(now, LONDON), LONDON);
          const isInside =
            Temporal.Instant.compare(startsAt, window.from) >= 0 &&
            Temporal.Instant.compare(startsAt, now) > 0 &&
            Temporal.Instant.compare(startsAt, window.until) < 0;
          expect(canBookAt(startsAt, policy, now, LONDON) === null).toBe(isInside);
        },
      ),
    );
  });

  it('days out of order are a mistake', () => {
    expect(faultOfDays({ earliestDays: 7, targetDays: 6, latestDays: 60 })).not.toBeNull();
    expect(faultOfDays({ earliestDays: 7, targetDays: 7, latestDays: 7 })).toBeNull();
  });
});

describe('working days against a diary of calendar days', () => {
  const fault = (earliestDays: number, targetDays: number, latestDays: number) =>
    faultOfDays({ earliestDays, targetDays, latestDays, dayKind: 'WORKING' });

  it('must fit into it over weekends and bank holidays, and the sentence says how many days that takes', () => {
    expect(fault(10, 10, 10)).toContain('at least 19');
    expect(fault(0, 5, 11)).toContain('at least 12');
    expect(fault(0, 10, 18)).not.toBeNull();
    expect(fault(10, 10, 19)).toBeNull();
    expect(fault(0, 0, 0)).toBeNull();
    expect(faultOfDays({ earliestDays: 10, targetDays: 10, latestDays: 10, dayKind: 'CALENDAR' })).toBeNull();
  });

  it('leave a day to book whatever today is: at Christmas the fewest days that are allowed are just enough', () => {
    const now = at('2026-12-23T09:00:00Z');
    const holidays = new Set(['2026-12-25', '2026-12-28', '2027-01-01']);
    const bounds = { earliestDays: 5, targetDays: 5, latestDays: 12, dayKind: 'WORKING' } as const;
    const window = bookableWindow(bounds, now, day('2026-12-23'), LONDON, holidays);
    expect(faultOfDays(bounds)).toBeNull();
    expect(window.earliestOn.toString()).toBe('2027-01-04');
    expect(window.latestOn.toString()).toBe('2027-01-04');
  });

  it('never last longer in the calendar of England, up to the longest count a policy can have', () => {
    const { lasts, countMax } = longestInEngland(2020, 2045);
    const tooShort = lasts.flatMap((days, count) => (longestCalendarDays(count) < days ? [count] : []));
    expect(lasts).toHaveLength(countMax + 1);
    expect(tooShort).toEqual([]);
    expect([5, 10].map((count) => lasts[count])).toEqual([5, 10].map(longestCalendarDays));
  });
});

/** By the number of working days: how many calendar days they last, from the worst day of these years. */
function longestInEngland(firstYear: number, lastYear: number) {
  const countMax = 396;
  const england = new Holidays('GB', 'ENG');
  const holidays = new Set<string>();
  for (let year = firstYear; year <= lastYear; year += 1) {
    for (const { date, type } of england.getHolidays(year))
      if (type === 'public') holidays.add(date.slice(0, 10));
  }
  const first = new Temporal.PlainDate(firstYear, 1, 1);
  const { days } = first.until(new Temporal.PlainDate(lastYear, 12, 31));
  const worked: number[] = [];
  for (let ahead = 0; ahead <= days; ahead += 1) {
    if (isWorkingDay(first.add({ days: ahead }), holidays)) worked.push(ahead);
  }
  const lasts = Array.from({ length: countMax + 1 }, () => 0);
  // The worst day to count from is a working day itself: from a later day off the same days are nearer.
  for (const [index, from] of worked.entries()) {
    for (let count = 1; count <= countMax; count += 1) {
      lasts[count] = Math.max(lasts[count] ?? 0, (worked[index + count] ?? from) - from);
    }
  }
  return { lasts, countMax };
}
