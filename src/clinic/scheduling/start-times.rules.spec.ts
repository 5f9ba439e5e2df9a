import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { nearestStart, type Stretch, startGrid, whereAtLeast, whereBoth } from './start-times.rules.js';

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const textOf = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();

describe('the grid of possible starts', () => {
  const grid = (minutes: number, timeZone: string) =>
    startGrid(minutes, at('2026-03-01T00:00:00Z'), at('2026-12-01T00:00:00Z'), timeZone);

  it('lies at multiples past the local hour', () => {
    const london = grid(15, 'Europe/London');
    expect(textOf(london.atOrAfter(at('2026-03-29T00:46:00Z')))).toBe('2026-03-29T01:00:00Z');
    expect(textOf(london.atOrBefore(at('2026-10-25T00:59:59.999Z')))).toBe('2026-10-25T00:45:00Z');
    expect(london.atOrAfter(at('2026-10-25T01:00:00Z'))).toBe(at('2026-10-25T01:00:00Z'));
  });

  it('follows a zone that is off the hour', () => {
    const nepal = grid(60, 'Asia/Kathmandu');
    expect(textOf(nepal.atOrAfter(at('2026-03-29T00:16:00Z')))).toBe('2026-03-29T01:15:00Z');
  });

  it('must divide the hour', () => {
    expect(() => grid(25, 'Europe/London')).toThrow(RangeError);
  });
});

describe('laws of stretches, against sets of numbers', () => {
  const lists = fc.array(
    fc
      .tuple(fc.nat({ max: 40 }), fc.nat({ max: 12 }))
      .map(([first, length]) => ({ first, last: first + length })),
    { maxLength: 8 },
  );
  const holds = (stretches: readonly Stretch[], ms: number): number =>
    stretches.filter((stretch) => stretch.first <= ms && ms <= stretch.last).length;
  const everyMs = Array.from({ length: 60 }, (_, ms) => ms);

  it('at least so many overlap', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 4 }), (stretches, count) => {
        const found = whereAtLeast(count, stretches);
        // Closed stretches: between the last of one and the first of the next lies at least one that does not count,
        // or nothing at all where both are neighbours on the grid.
        for (const ms of everyMs) expect(holds(found, ms)).toBe(holds(stretches, ms) >= count ? 1 : 0);
      }),
    );
  });

  it('both have', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const [left, right] = [whereAtLeast(1, a), whereAtLeast(1, b)];
        const found = whereBoth(left, right);
        for (const ms of everyMs) expect(holds(found, ms)).toBe(holds(left, ms) * holds(right, ms));
      }),
    );
  });

  it('the nearest is the nearest', () => {
    const everyNumber = { atOrAfter: Math.ceil, atOrBefore: Math.floor };
    fc.assert(
      fc.property(
        lists,
        fc.nat({ max: 60 }),
        fc.nat({ max: 10 }),
        fc.nat({ max: 10 }),
        (list, idealMs, less, more) => {
          const stretches = whereAtLeast(1, list);
          const wish = { idealMs, earliestMs: idealMs - less, latestMs: idealMs + more };
          const possible = everyMs.filter(
            (ms) => holds(stretches, ms) > 0 && wish.earliestMs <= ms && ms <= wish.latestMs,
          );
          const best = possible.toSorted((a, b) => Math.abs(a - idealMs) - Math.abs(b - idealMs) || a - b)[0];
          expect(nearestStart(stretches, wish, everyNumber)).toBe(best ?? null);
        },
      ),
    );
  });
});
