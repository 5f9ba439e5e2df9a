import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import {
  canServe,
  cheapestMatching,
  NEED_CLASSES_MAX,
  needsIn,
  setsOfNeeds,
  unservable,
} from './need-matching.rules.js';

const { CAMERA, NURSE } = ResourceKind;
const NO = Number.POSITIVE_INFINITY;

describe('who can serve a need', () => {
  const nurse = { kind: NURSE, skills: ['cannulation'] };

  it('has the kind, and the skill where one is asked for', () => {
    expect(canServe(nurse, { kind: NURSE, skill: null })).toBe(true);
    expect(canServe(nurse, { kind: NURSE, skill: 'cannulation' })).toBe(true);
    expect(canServe(nurse, { kind: NURSE, skill: 'radiotherapy' })).toBe(false);
    expect(canServe(nurse, { kind: CAMERA, skill: null })).toBe(false);
  });
});

describe('sets of needs', () => {
  it('are all of them, the smallest first', () => {
    const classes = [{ count: 2 }, { count: 1 }, { count: 1 }];
    expect(setsOfNeeds(classes)).toEqual([[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]);
    expect(needsIn([0, 2], classes)).toBe(3);
  });

  it('are bounded', () => {
    expect(() => setsOfNeeds(Array.from({ length: NEED_CLASSES_MAX + 1 }, () => ({ count: 1 })))).toThrow(
      RangeError,
    );
  });
});

describe('who cannot be served', () => {
  it('is the smallest set that is too large for those who could', () => {
    const one = { count: 1 };
    expect(unservable([one, one], [['ann'], ['ann', 'ben']])).toBeNull();
    expect(unservable([one, one], [['ann'], ['ann']])).toEqual([0, 1]);
    expect(unservable([one, one], [['ann', 'ben'], []])).toEqual([1]);
    expect(unservable([{ count: 3 }], [['ann', 'ben']])).toEqual([0]);
  });
});

/** Costs of needs in rows and resources in columns, some of them impossible. */
const tables = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof(fc.nat({ max: 20 }), fc.constant(NO)), { minLength: columns, maxLength: columns }),
      { minLength: rows, maxLength: rows },
    ),
  );

/** The least sum by trying every way; not finite when there is none. */
function leastByTrying(costs: readonly (readonly number[])[], row = 0, used: readonly number[] = []): number {
  const options = costs[row];
  if (options === undefined) return 0;
  return options.reduce(
    (least, cost, column) =>
      used.includes(column)
        ? least
        : Math.min(least, cost + leastByTrying(costs, row + 1, [...used, column])),
    NO,
  );
}

describe('laws of matching', () => {
  it('it is as cheap as any, and there is one exactly when every way was tried and one is possible', () => {
    fc.assert(
      fc.property(tables, (costs) => {
        const matching = cheapestMatching(costs);
        const least = leastByTrying(costs);
        expect(matching === null).toBe(least === NO);
        if (matching === null) return;
        expect(new Set(matching).size).toBe(costs.length);
        expect(matching.reduce((sum, column, row) => sum + (costs[row]?.[column] ?? NO), 0)).toBe(least);
      }),
      { numRuns: 2000 },
    );
  });

  it('there is one exactly when no set of needs is too large for those who could serve it (Hall)', () => {
    fc.assert(
      fc.property(tables, (costs) => {
        const able = costs.map((row) => row.flatMap((cost, column) => (cost === NO ? [] : [`r${column}`])));
        const classes = costs.map(() => ({ count: 1 }));
        const failing = unservable(classes, able);
        expect(failing === null).toBe(cheapestMatching(costs) !== null);
        if (failing === null) return;
        const anyOf = new Set(failing.flatMap((place) => able[place] ?? []));
        expect(anyOf.size).toBeLessThan(failing.length);
      }),
      { numRuns: 2000 },
    );
  });
});
