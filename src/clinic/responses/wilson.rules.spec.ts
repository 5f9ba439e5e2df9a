import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proportionOf } from './wilson.rules.js';

describe('a proportion', () => {
  // By Wilson's formula with z = 1.959964; 18 of 22 and 8 of 16 are those of a published series; 81 of 263 and 15 of 148 are
  // examples of Newcombe, Statistics in Medicine 17 (1998), method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [10, 20, 0.2993, 0.7007],
    [18, 22, 0.6148, 0.9269],
    [8, 16, 0.28, 0.72],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [1, 1, 0.2065, 1],
  ])('%i of %i lies between', (count, of, lower, upper) => {
    const found = proportionOf(count, of);
    expect(found?.lower).toBeCloseTo(lower, 3);
    expect(found?.upper).toBeCloseTo(upper, 3);
  });

  it('of nothing is none', () => {
    expect(proportionOf(0, 0)).toBeNull();
  });

  it('lies in its interval, which lies between 0 and 1 and mirrors that of the opposite', () => {
    const counts = fc
      .integer({ min: 1, max: 5_000 })
      .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)));
    fc.assert(
      fc.property(counts, ([count, of]) => {
        const found = proportionOf(count, of);
        const opposite = proportionOf(of - count, of);
        if (found === null || opposite === null) throw new Error('is none');
        expect(found.lower).toBeGreaterThanOrEqual(0);
        expect(found.lower).toBeLessThanOrEqual(found.value);
        expect(found.value).toBeLessThanOrEqual(found.upper);
        expect(found.upper).toBeLessThanOrEqual(1);
        expect(found.lower).toBeCloseTo(1 - opposite.upper, 9);
      }),
    );
  });
});
