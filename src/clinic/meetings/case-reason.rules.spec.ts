import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedBecause, foundBecause, judgedAgainBecause, responseInWords } from './case-reason.rules.js';

const TREATED = {
  kind: 'MEDIAL_BRANCH_BLOCK',
  otherName: null,
  places: ['L4/L5 facet joint, left', 'L5/S1 facet joint, left'],
} as const;
const NEXT = { structure: 'FACET', level: 'L3_L4', side: 'LEFT', detail: null, uptake: 'MODERATE' } as const;
const JUDGED = { verdict: 'NEGATIVE', percentRelief: 12.5 } as const;

describe('why a treatment brings its patient back', () => {
  it('says what was done, what it came to, and what may be next', () => {
    expect(failedBecause(TREATED, JUDGED, NEXT, 2000)).toBe(
      'Medial branch block (L4/L5 facet joint, left; L5/S1 facet joint, left): negative response, 12.5 per cent relief. Next candidate: L3/L4 facet joint, left, moderate uptake.',
    );
  });

  it('says so where nothing is left to test, and names what has no kind of its own', () => {
    const other = { kind: 'OTHER', otherName: 'Epidural', places: [] } as const;
    expect(failedBecause(other, JUDGED, null, 2000)).toBe(
      'Epidural: negative response, 12.5 per cent relief. No other candidate is known.',
    );
    const detail = { ...NEXT, structure: 'OTHER', level: null, side: 'MIDLINE', uptake: null } as const;
    expect(failedBecause(other, JUDGED, { ...detail, detail: 'coccyx' }, 2000)).toContain(
      'Next candidate: coccyx, midline.',
    );
  });

  it('fits, and says what it came to whole', () => {
    const many = { ...TREATED, places: Array.from({ length: 40 }, () => 'L4/L5 facet joint, left') };
    const words = failedBecause(many, JUDGED, NEXT, 300);
    expect(words).toHaveLength(300);
    expect(words).toContain('…: negative response, 12.5 per cent relief. Next candidate:');
  });
});

describe('why a report brings its patient', () => {
  const finding = 'L4/L5 facet joint, left: intense uptake.';

  it('says what was found', () => {
    expect(foundBecause([finding], 1000)).toBe(`A final report of a scan. ${finding}`);
  });

  it('says whole findings only, and how many more there are', () => {
    expect(foundBecause([finding, finding, finding], 130)).toBe(
      `A final report of a scan. ${finding} ${finding} And 1 more.`,
    );
    expect(foundBecause(['x'.repeat(300)], 200)).toBe('A final report of a scan. And 1 more.');
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 90 })), fc.integer({ min: 60, max: 400 }), (words, max) => {
        expect(foundBecause(words, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('a response in words', () => {
  it.each([
    ['NEGATIVE', 0, 'negative response, 0 per cent relief'],
    ['NEGATIVE', -25, 'negative response, 25 per cent more pain'],
    ['PARTIAL', 100 / 3, 'partial response, 33.3 per cent relief'],
    ['UNDEFINED', null, 'response that nobody can tell'],
  ] as const)('%s, %s per cent', (verdict, percentRelief, words) => {
    expect(responseInWords({ verdict, percentRelief })).toBe(words);
    expect(judgedAgainBecause({ verdict, percentRelief })).toBe(`The response was judged again: ${words}.`);
  });
});
