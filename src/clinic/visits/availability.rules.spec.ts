import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { isShownPublicly, lookUntil, waitDays } from './availability.rules.js';

const LONDON = 'Europe/London';
const day = (text: string) => Temporal.PlainDate.from(text);
const looks = (earliestOn: string, until: string) =>
  lookUntil(day(earliestOn), Temporal.Instant.from(until), LONDON).map(String);

describe('how far is looked', () => {
  it('two weeks, four weeks, everything; each ends at midnight on the wall', () => {
    expect(looks('2026-03-20', '2026-06-12T23:00:00Z')).toEqual([
      '2026-04-02T23:00:00Z',
      '2026-04-16T23:00:00Z',
      '2026-06-12T23:00:00Z',
    ]);
  });

  it('never beyond the diary, and once where it is short', () => {
    expect(looks('2026-01-05', '2026-01-12T00:00:00Z')).toEqual(['2026-01-12T00:00:00Z']);
    expect(looks('2026-01-05', '2026-01-19T00:00:00Z')).toEqual(['2026-01-19T00:00:00Z']);
    expect(looks('2026-01-05', '2026-01-20T00:00:00Z')).toHaveLength(2);
  });
});

describe('how long that is', () => {
  it('counts days on the calendar', () => {
    expect(waitDays(day('2026-03-28'), day('2026-03-30'))).toBe(2);
    expect(waitDays(day('2026-03-28'), day('2026-03-28'))).toBe(0);
    expect(waitDays(day('2026-03-28'), null)).toBeNull();
  });
});

describe('what the website may show', () => {
  const today = day('2026-03-28');
  it.each([
    [true, null, true],
    [true, '2026-03-29', true],
    [true, '2026-03-28', false],
    [false, null, false],
  ])('public: %s, retired on %s: %s', (isPublic, retiredOn, isShown) => {
    expect(isShownPublicly({ isPublic, retiredOn, protocol: {} }, today)).toBe(isShown);
  });

  it('not before somebody has said how it is carried out', () => {
    expect(isShownPublicly({ isPublic: true, retiredOn: null, protocol: null }, today)).toBe(false);
  });
});
