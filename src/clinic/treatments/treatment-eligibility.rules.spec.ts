import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type EligibilityFacts,
  type EligibilityTerms,
  goesOn,
  judgeEligibility,
  unmetOf,
} from './treatment-eligibility.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const TARGET = { structure: 'FACET', level: 'L4_L5', side: 'LEFT' } as const;
const NOTHING: EligibilityTerms = {
  ...{ nrsMin: null, conservativeWeeksMin: null, blockKind: null, blockPercentMin: null },
  ...{ blockMonthsMax: null, repeatMonthsMin: null, steroidCeilingMg: null },
};
const FACTS: EligibilityFacts = {
  ...{ today: day('2027-06-01'), targets: [TARGET], pain: null, conservativeWeeks: null },
  ...{ blocks: [], earlier: [], steroidGivenMg: 0, steroidPlannedMg: 0 },
};
const verdict = (terms: Partial<EligibilityTerms>, facts: Partial<EligibilityFacts>) =>
  judgeEligibility({ ...NOTHING, ...terms }, { ...FACTS, ...facts }).map((one) => one.verdict);

describe('terms', () => {
  it('that are not asked are not judged', () => {
    expect(judgeEligibility(NOTHING, FACTS)).toEqual([]);
  });

  it.each([
    [null, 'UNKNOWN'],
    [4, 'FAILED'],
    [5, 'PASSED'],
  ] as const)('of pain: %s of 10 is %s', (total, expected) => {
    const pain = total === null ? null : { total, on: day('2027-05-20') };
    expect(verdict({ nrsMin: 5 }, { pain })).toEqual([expected]);
  });

  it.each([
    [null, 'UNKNOWN'],
    [11, 'FAILED'],
    [12, 'PASSED'],
  ] as const)('of care without needles: %s weeks is %s', (conservativeWeeks, expected) => {
    expect(verdict({ conservativeWeeksMin: 12 }, { conservativeWeeks })).toEqual([expected]);
  });

  it.each([
    ['2026-02-01', '2027-05-31', 'FAILED'],
    ['2026-01-31', '2027-05-30', 'FAILED'],
    ['2026-01-31', '2027-05-31', 'PASSED'],
    ['2026-02-01', '2027-06-01', 'PASSED'],
  ])('of the interval: done on %s, again on %s after 16 months is %s', (doneOn, today, expected) => {
    const earlier = [{ doneOn: day(doneOn), targets: [TARGET] }];
    expect(verdict({ repeatMonthsMin: 16 }, { earlier, today: day(today) })).toEqual([expected]);
  });

  it('of the interval look at the same joints only', () => {
    const earlier = [{ doneOn: day('2027-05-01'), targets: [{ ...TARGET, side: 'RIGHT' as const }] }];
    expect(verdict({ repeatMonthsMin: 16 }, { earlier })).toEqual(['PASSED']);
  });

  it.each([
    [200, 40, 'PASSED'],
    [200, 41, 'FAILED'],
    [241, null, 'FAILED'],
    [200, null, 'UNKNOWN'],
  ] as const)(
    'of steroid: %s mg given and %s mg planned is %s',
    (steroidGivenMg, steroidPlannedMg, expected) => {
      expect(verdict({ steroidCeilingMg: 240 }, { steroidGivenMg, steroidPlannedMg })).toEqual([expected]);
    },
  );
});

describe('a diagnostic block', () => {
  const terms = { blockKind: 'MEDIAL_BRANCH_BLOCK', blockPercentMin: 50, blockMonthsMax: 6 };
  const block = (parts: object) => ({
    ...{ doneOn: day('2027-03-01'), targets: [TARGET], isJudged: true, percentRelief: 50 },
    ...parts,
  });

  it.each([
    ['none', [], 'FAILED'],
    ['of exactly 50 %', [block({})], 'PASSED'],
    ['of 49.9 %', [block({ percentRelief: 49.9 })], 'FAILED'],
    ['that nobody has judged', [block({ isJudged: false, percentRelief: null })], 'UNKNOWN'],
    ['that cannot be told', [block({ percentRelief: null })], 'UNKNOWN'],
    ['six months ago', [block({ doneOn: day('2026-12-01') })], 'PASSED'],
    ['longer ago', [block({ doneOn: day('2026-11-30') })], 'FAILED'],
    ['of the other side', [block({ targets: [{ ...TARGET, side: 'RIGHT' }] })], 'FAILED'],
    [
      'followed by one that did nothing',
      [block({}), block({ doneOn: day('2027-04-01'), percentRelief: 0 })],
      'FAILED',
    ],
  ])('%s', (_, blocks, expected) => {
    expect(verdict(terms, { blocks })).toEqual([expected]);
  });

  it('has to be of every place', () => {
    const both = [{ ...TARGET, side: 'BILATERAL' as const }];
    expect(verdict(terms, { blocks: [block({})], targets: both })).toEqual(['FAILED']);
    expect(verdict(terms, { blocks: [block({ targets: both })], targets: both })).toEqual(['PASSED']);
  });
});

describe('going on', () => {
  const judged = (...verdicts: readonly ('PASSED' | 'FAILED' | 'UNKNOWN')[]) =>
    verdicts.map((one) => ({ criterion: 'PAIN_SCORE' as const, verdict: one, fact: '' }));

  it('needs a reason where a term is not met or not known, and none where all are', () => {
    expect(goesOn(judged('PASSED'), 'ADVISORY', null)).toBe('GO_ON');
    expect(goesOn(judged('FAILED'), 'ADVISORY', null)).toBe('SAY_WHY');
    expect(goesOn(judged('UNKNOWN'), 'MANDATORY', null)).toBe('SAY_WHY');
    expect(goesOn(judged('FAILED'), 'ADVISORY', 'Because.')).toBe('GO_ON');
    expect(unmetOf(judged('PASSED', 'FAILED', 'UNKNOWN'))).toHaveLength(2);
  });

  it('is refused where a mandatory term is not met, whatever is said', () => {
    expect(goesOn(judged('PASSED', 'FAILED'), 'MANDATORY', 'Because.')).toBe('REFUSED');
    expect(goesOn(judged('UNKNOWN'), 'MANDATORY', 'Because.')).toBe('GO_ON');
  });
});
