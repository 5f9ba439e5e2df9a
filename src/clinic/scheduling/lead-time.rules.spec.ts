import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate, localTime, startOfDay, Temporal } from '../../platform/time/index.js';
import { bookableWindow, canBookAt, faultOfDays } from './lead-time.rules.js';
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
