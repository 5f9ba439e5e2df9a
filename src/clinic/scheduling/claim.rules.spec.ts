import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { exchangeOf, faultOfClaim, mergedSpans, sayWhen, spansFrom, wholeOf } from './claim.rules.js';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const minute = (minutes: number): Temporal.Instant => at('2026-03-02T00:00:00Z').add({ minutes });
const span = (from: number, until: number) => ({ startsAt: minute(from), endsAt: minute(until) });
const someSpans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 20 }))
    .map(([from, length]) => span(from, from + length)),
  { minLength: 1, maxLength: 12 },
);
const inside = (spans: readonly ReturnType<typeof span>[], minutes: number): boolean =>
  spans.some(
    ({ startsAt, endsAt }) =>
      Temporal.Instant.compare(startsAt, minute(minutes)) <= 0 &&
      Temporal.Instant.compare(minute(minutes), endsAt) < 0,
  );

describe('spans of one stay', () => {
  it('become few that never touch and hold the same minutes', () => {
    fc.assert(
      fc.property(someSpans, (spans) => {
        const merged = mergedSpans(spans);
        for (const [index, { startsAt }] of merged.entries()) {
          const before = merged[index - 1];
          if (before) expect(Temporal.Instant.compare(before.endsAt, startsAt)).toBe(-1);
        }
        for (let at = 0; at < 120; at += 1) expect(inside(merged, at)).toBe(inside(spans, at));
        expect(wholeOf(merged)).toEqual(wholeOf(spans));
      }),
    );
  });

  it('are said with the day, or with both days', () => {
    expect(sayWhen(span(540, 600), 'Europe/London')).toBe('on Monday 2 March 2026 from 09:00 to 10:00');
    expect(sayWhen(span(540, 2_040), 'Europe/London')).toBe(
      'from Monday 2 March 2026 at 09:00 to Tuesday 3 March 2026 at 10:00',
    );
  });
});

describe('a claim', () => {
  const one = { ...span(0, 10), resourceId: 'a' };

  it('is of some spans that end after they start', () => {
    expect(faultOfClaim([one], minute(0), null)).toBeNull();
    expect(faultOfClaim([], minute(0), null)).not.toBeNull();
    expect(
      faultOfClaim(
        Array.from({ length: 145 }, () => one),
        minute(0),
        null,
      ),
    ).not.toBeNull();
    expect(faultOfClaim([{ ...one, endsAt: one.startsAt }], minute(0), null)).not.toBeNull();
  });

  it('that is a hold ends after it begins', () => {
    expect(faultOfClaim([one], minute(0), minute(1))).toBeNull();
    expect(faultOfClaim([one], minute(0), minute(0))).not.toBeNull();
  });
});

describe('an exchange', () => {
  const of = (resourceId: string, spans: readonly ReturnType<typeof span>[]) =>
    mergedSpans(spans).map((one) => ({ ...one, resourceId }));

  it('gives all that is wanted from now on, takes no past that was not theirs, and leaves the same alone', () => {
    fc.assert(
      fc.property(someSpans, someSpans, fc.integer({ min: 0, max: 120 }), (had, wanted, now) => {
        const [held, wish] = [of('room', had), of('room', wanted)];
        const { given, taken } = exchangeOf(held, wish, minute(now));
        const after = [...held.filter((row) => !given.includes(row)), ...taken];
        for (let at = now; at < 120; at += 1) expect(inside(after, at)).toBe(inside(wish, at));
        for (let at = 0; at < now; at += 1) {
          if (inside(taken, at)) expect(inside(held, at)).toBe(true);
        }
        expect(exchangeOf(held, held, minute(now))).toEqual({ given: [], taken: [] });
      }),
      { examples: [[[span(0, 10), span(12, 20)], [span(0, 25)], 30]] },
    );
  });

  it('is asked about what is still to come only', () => {
    const spans = of('room', [span(0, 10), span(12, 20), span(30, 40)]);
    expect(spansFrom(spans, minute(15))).toEqual(of('room', [span(15, 20), span(30, 40)]));
  });
});
