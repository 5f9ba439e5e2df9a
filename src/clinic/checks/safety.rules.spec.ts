import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { decidersOf } from './check-decision.rules.js';
import { inForceFor, limitKgOn } from './check-policy.rules.js';
import {
  concernsOf,
  deciderOf,
  type SafetyItemFacts,
  templateProblem,
  unansweredItems,
} from './safety.rules.js';

const WEIGHT: SafetyItemFacts = { code: 'WEIGHT', kind: 'WEIGHT', expected: null, decidedBy: 'NOBODY' };
const STILL: SafetyItemFacts = {
  code: 'LIES_STILL',
  kind: 'YES_OR_NO',
  expected: 'YES',
  decidedBy: 'OPERATOR',
};
const KIDNEYS: SafetyItemFacts = {
  code: 'KIDNEYS',
  kind: 'YES_OR_NO',
  expected: 'NO',
  decidedBy: 'PRACTITIONER',
};
const ITEMS = [WEIGHT, STILL, KIDNEYS];
const GOOD = [
  { code: 'LIES_STILL', reply: 'YES' },
  { code: 'KIDNEYS', reply: 'NO' },
] as const;

describe('a checklist that was gone through', () => {
  it('has one answer to each item, and no other', () => {
    expect(unansweredItems(ITEMS, GOOD, 80)).toEqual({ unanswered: [], isForeign: false });
    expect(unansweredItems(ITEMS, GOOD, null).unanswered).toEqual(['WEIGHT']);
    expect(unansweredItems(ITEMS, [GOOD[0]], 80).unanswered).toEqual(['KIDNEYS']);
    expect(unansweredItems(ITEMS, [...GOOD, GOOD[0]], 80).isForeign).toBe(true);
    expect(unansweredItems(ITEMS, [...GOOD, { code: 'OTHER', reply: 'NO' }], 80).isForeign).toBe(true);
    expect(unansweredItems(ITEMS, [...GOOD, { code: 'WEIGHT', reply: 'NO' }], 80).isForeign).toBe(true);
  });

  it.each([
    [180, 180, []],
    [180.1, 180, ['WEIGHT']],
    [179.9, 180, []],
    [80, null, ['WEIGHT']],
  ])('of %s kg on a table that bears %s kg is wrong in %j', (weightKg, limitKg, codes) => {
    expect(concernsOf(ITEMS, GOOD, { weightKg, limitKg }).map(({ code }) => code)).toEqual(codes);
  });

  it('is wrong where an answer is another, or somebody is not sure', () => {
    const weighed = { weightKg: 80, limitKg: 180 };
    const replies = [
      { code: 'LIES_STILL', reply: 'NOT_SURE' },
      { code: 'KIDNEYS', reply: 'YES' },
    ] as const;
    const concerns = concernsOf(ITEMS, replies, weighed);
    expect(concerns).toEqual([STILL, KIDNEYS]);
    expect(deciderOf(concerns)).toBe('PRACTITIONER');
    expect(deciderOf([STILL])).toBe('OPERATOR');
    expect(deciderOf([KIDNEYS, WEIGHT, STILL])).toBe('NOBODY');
    expect(deciderOf([])).toBeNull();
    const unknown = concernsOf(ITEMS, GOOD, { weightKg: 80, limitKg: null });
    expect(deciderOf(unknown)).toBe('OPERATOR');
  });

  it('asks the strictest of those who may decide, whatever the order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ITEMS), (concerns) => {
        const strictest = concerns.includes(WEIGHT)
          ? 'NOBODY'
          : concerns.includes(KIDNEYS)
            ? 'PRACTITIONER'
            : concerns.includes(STILL)
              ? 'OPERATOR'
              : null;
        return deciderOf(concerns) === strictest;
      }),
    );
  });
});

describe('a new checklist', () => {
  it('has codes of its own, one weight, and an answer to expect elsewhere', () => {
    expect(templateProblem(ITEMS)).toBeNull();
    expect(templateProblem([STILL, STILL])).toMatch('code');
    expect(templateProblem([WEIGHT, { ...WEIGHT, code: 'AGAIN' }])).toMatch('weight');
    expect(templateProblem([{ ...STILL, expected: null }])).toMatch('LIES_STILL');
    expect(templateProblem([{ ...STILL, expected: 'NOT_SURE' }])).toMatch('LIES_STILL');
    expect(templateProblem([{ ...WEIGHT, expected: 'NO' }])).toMatch('WEIGHT');
  });
});

describe('who decides', () => {
  it('is a practitioner on pregnancy, and whom the list names on safety', () => {
    expect(decidersOf({ pregnancy: { answer: 'YES' }, safety: null })).toEqual(['JUSTIFY']);
    expect(decidersOf({ pregnancy: { answer: 'CANNOT_BE_EXCLUDED' }, safety: null })).toEqual(['JUSTIFY']);
    expect(decidersOf({ pregnancy: { answer: 'NO' }, safety: null })).toMatchObject({
      code: 'NothingToDecide',
    });
    const safety = (decidedBy: 'OPERATOR' | 'PRACTITIONER' | 'NOBODY' | null) =>
      decidersOf({ pregnancy: null, safety: { concerns: ['X'], decidedBy } });
    expect(safety('OPERATOR')).toEqual(['ADMINISTER_TRACER', 'JUSTIFY']);
    expect(safety('PRACTITIONER')).toEqual(['JUSTIFY']);
    expect(safety('NOBODY')).toMatchObject({ code: 'NotToBeDecided', items: ['X'] });
    expect(safety(null)).toMatchObject({ code: 'NothingToDecide' });
    expect(decidersOf({ pregnancy: null, safety: null })).toMatchObject({ code: 'NothingToDecide' });
  });
});

describe('rows that hold from a day on', () => {
  const day = (text: string) => Temporal.PlainDate.from(text);
  const row = (procedureCode: string, from: string) => ({ procedureCode, effectiveFrom: day(from) });
  const rows = [row('ANY', '2020-01-01'), row('ANY', '2026-01-01'), row('BONE', '2026-06-01')];

  it.each([
    ['BONE', '2026-05-31', 1],
    ['BONE', '2026-06-01', 2],
    ['OTHER', '2026-06-01', 1],
    ['OTHER', '2025-12-31', 0],
  ])('of %s on %s', (code, on, index) => {
    expect(inForceFor(rows, code, day(on))).toBe(rows[index]);
  });

  it('are none before the first', () => {
    expect(inForceFor(rows, 'BONE', day('2019-12-31'))).toBeNull();
  });

  it('of a camera come before those of all', () => {
    const limits = [
      { resourceId: null, limitKg: 180, effectiveFrom: day('2020-01-01') },
      { resourceId: 'a', limitKg: 227, effectiveFrom: day('2026-06-01') },
    ];
    expect(limitKgOn(limits, 'a', day('2026-06-01'))).toBe(227);
    expect(limitKgOn(limits, 'a', day('2026-05-31'))).toBe(180);
    expect(limitKgOn(limits, 'b', day('2026-06-01'))).toBe(180);
    expect(limitKgOn(limits, null, day('2026-06-01'))).toBe(180);
    expect(limitKgOn([], 'a', day('2026-06-01'))).toBeNull();
  });
});
