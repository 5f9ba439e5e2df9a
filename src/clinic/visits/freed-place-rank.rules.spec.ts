import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  compareCandidates,
  compareUrgency,
  type Fit,
  isUrgent,
  rankedCandidates,
  type Waiting,
} from './freed-place-rank.rules.js';

const PLACE_ON = Temporal.PlainDate.from('2026-03-04');
const dayNear = fc.integer({ min: -6, max: 6 }).map((days) => PLACE_ON.add({ days }));
const someFit = fc.record({ unusableMs: fc.nat({ max: 3 }), unusedMs: fc.nat({ max: 3 }) });

type One = Waiting & { readonly fit: Fit; readonly isExcluded: boolean };

const list: fc.Arbitrary<readonly One[]> = fc.uniqueArray(
  fc.record({
    requestId: fc.nat({ max: 60 }).map((n) => `r${String(n).padStart(2, '0')}`),
    hasVisit: fc.boolean(),
    startedOn: dayNear,
    breachOn: dayNear,
    fit: someFit,
    isExcluded: fc.boolean(),
  }),
  { selector: ({ requestId }) => requestId, maxLength: 30 },
);

const find = (one: One) => (one.isExcluded ? null : { fit: one.fit });
const idsOf = (ones: readonly Waiting[]) => ones.map(({ requestId }) => requestId);

describe('the order in which people are asked', () => {
  it('puts a breach before a wait, a wait before a fit, and a fit before an id', () => {
    const of = (
      requestId: string,
      startedOn: string,
      breachOn: string,
      unusableMs: number,
      unusedMs = 0,
      hasVisit = false,
    ) => ({
      requestId,
      hasVisit,
      startedOn: Temporal.PlainDate.from(startedOn),
      breachOn: Temporal.PlainDate.from(breachOn),
      fit: { unusableMs, unusedMs },
    });
    const inOrder = [
      of('breached', '2026-02-20', '2026-03-01', 9),
      of('on the day of the place', '2026-02-21', '2026-03-04', 9),
      of('longest', '2026-01-01', '2026-03-05', 9),
      of('fits', '2026-02-01', '2026-04-01', 1, 9),
      of('leaves less', '2026-02-01', '2026-04-01', 2, 1),
      of('leaves more', '2026-02-01', '2026-04-01', 2, 2),
      of('leaves more, too', '2026-02-01', '2026-04-01', 2, 2),
      of('has a visit, a breach', '2025-01-01', '2026-01-01', 0, 0, true),
      of('has a visit', '2025-01-01', '2026-04-01', 0, 0, true),
    ];
    const shuffled = inOrder.toReversed().toSorted((a, b) => compareCandidates(a, b, PLACE_ON));
    expect(idsOf(shuffled)).toEqual(idsOf(inOrder));
    expect(isUrgent(of('', '2026-01-01', '2026-03-04', 0), PLACE_ON)).toBe(true);
    expect(isUrgent(of('', '2026-01-01', '2026-03-05', 0), PLACE_ON)).toBe(false);
  });

  it('is total: of two one is first, and three stand in one line', () => {
    fc.assert(
      fc.property(list, (ones) => {
        const sign = (a: One, b: One) => Math.sign(compareCandidates(a, b, PLACE_ON));
        for (const a of ones) {
          for (const b of ones) {
            expect(sign(a, b) + sign(b, a)).toBe(0);
            expect(sign(a, b) === 0).toBe(a.requestId === b.requestId);
            for (const c of ones) if (sign(a, b) < 0 && sign(b, c) < 0) expect(sign(a, c)).toBe(-1);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has nobody in it for whom nothing fits, and is the head of the whole order', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 8 }), (ones, limit) => {
        const asked = rankedCandidates(ones, PLACE_ON, limit, find);
        const whole = ones
          .filter(({ isExcluded }) => !isExcluded)
          .toSorted((a, b) => compareCandidates(a, b, PLACE_ON));
        expect(idsOf(asked)).toEqual(idsOf(whole.slice(0, limit)));
        expect(asked.some(({ isExcluded }) => isExcluded)).toBe(false);
      }),
    );
  });

  it('is the same whatever the order in which people are read', () => {
    fc.assert(
      fc.property(list, (ones) => {
        const there = rankedCandidates(ones, PLACE_ON, 5, find);
        expect(idsOf(rankedCandidates(ones.toReversed(), PLACE_ON, 5, find))).toEqual(idsOf(there));
      }),
    );
  });

  it('stops trying behind the last who could still be asked', () => {
    const tried: string[] = [];
    const ones = Array.from({ length: 10 }, (_, day) => ({
      requestId: `r${day}`,
      hasVisit: false,
      startedOn: Temporal.PlainDate.from('2026-01-01').add({ days: day }),
      breachOn: Temporal.PlainDate.from('2026-06-01'),
    }));
    rankedCandidates(ones, PLACE_ON, 3, ({ requestId }) => {
      tried.push(requestId);
      return { fit: { unusableMs: 0, unusedMs: 0 } };
    });
    expect(tried).toEqual(['r0', 'r1', 'r2']);
    const [first, second] = ones;
    if (first && second) expect(compareUrgency(first, second, PLACE_ON)).toBeLessThan(0);
  });
});
