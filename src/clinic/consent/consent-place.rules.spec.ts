import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describePlace,
  isSamePlace,
  overlap,
  pointsOf,
  readLevel,
  readLevels,
} from './consent-place.rules.js';

const places = fc.record({
  side: fc.constantFrom(null, 'LEFT' as const, 'RIGHT' as const, 'BILATERAL' as const),
  levels: fc.subarray(['L3/4', 'L4/5', 'L5/S1']),
});

describe('places', () => {
  it.each([
    ['l4-5', 'L4/5'],
    [' L4 / L5 ', 'L4/5'],
    ['L4–L5', 'L4/5'],
    ['l5/s1', 'L5/S1'],
    ['T12/L1', 'T12/L1'],
    ['s1', 'S1'],
  ])('%s is %s', (typed, kept) => {
    expect(readLevel(typed)).toBe(kept);
  });

  it('keeps each level once, in order', () => {
    expect(readLevels(['L5/S1', 'l4-5', 'L4/L5'])).toEqual(['L4/5', 'L5/S1']);
  });

  it.each([
    [{ side: null, levels: [] }, ''],
    [{ side: 'LEFT', levels: [] }, 'left'],
    [{ side: 'BILATERAL', levels: ['L4/5', 'L5/S1'] }, 'both sides, L4/5 and L5/S1'],
    [{ side: null, levels: ['L4/5'] }, 'L4/5'],
  ] as const)('%j in words', (place, words) => {
    expect(describePlace(place)).toBe(words);
  });

  it('overlaps itself, and in both directions', () => {
    fc.assert(fc.property(places, (place) => overlap(place, place)));
    fc.assert(fc.property(places, places, (one, other) => overlap(one, other) === overlap(other, one)));
  });

  it('is the same place in whatever order the levels are said', () => {
    fc.assert(
      fc.property(places, (place) => isSamePlace(place, { ...place, levels: [...place.levels].reverse() })),
    );
    expect(isSamePlace({ side: 'LEFT', levels: [] }, { side: 'RIGHT', levels: [] })).toBe(false);
    expect(isSamePlace({ side: 'LEFT', levels: ['L4/5'] }, { side: 'LEFT', levels: [] })).toBe(false);
  });

  it('has as many points as sides times levels', () => {
    expect(pointsOf({ side: 'BILATERAL', levels: ['L4/5', 'L5/S1'] })).toHaveLength(4);
    expect(pointsOf({ side: null, levels: [] })).toEqual([{ side: null, level: null }]);
  });
});
