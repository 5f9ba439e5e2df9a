import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EntryFacts,
  followUpOf,
  isAnother,
  type JudgingTerms,
  judge,
  percentRelief,
  proposedBy,
  termsOfRepeat,
  verdictOf,
} from './relief.rules.js';

const TERMS: JudgingTerms = {
  purpose: 'DIAGNOSTIC',
  judgedPoints: ['M30', 'H4', 'H24'],
  judgedBy: 'BEST',
  positivePercentMin: 50,
  negativePercentBelow: 30,
  partialFollowUp: 'REPEAT_BLOCK',
  proposedKind: 'RADIOFREQUENCY_DENERVATION',
};

function entry(
  point: EntryFacts['point'],
  total: number | null | 'DUE',
  timing: EntryFacts['timing'] = 'ON_TIME',
): EntryFacts {
  if (total === 'DUE') return { point, status: 'DUE', scoreId: null, timing: null, total: null };
  return total === null
    ? { point, status: 'MISSED', scoreId: null, timing: null, total }
    : { point, status: 'RECORDED', scoreId: `score ${point}`, timing, total };
}

const diary = (before: number | null | 'DUE', ...after: readonly (number | null | 'DUE')[]) => [
  entry('BEFORE', before),
  ...after.map((total, at) => entry((['M30', 'H4', 'H24'] as const)[at] ?? 'W1', total)),
];

describe('relief', () => {
  it.each([
    [8, 4, 50],
    [8, 8, 0],
    [10, 7, 30],
    [6, 0, 100],
    [4, 8, -100],
    [0, 0, null],
    [0, 5, null],
  ])('from %i to %i is %s %%', (before, after, percent) => {
    expect(percentRelief(before, after)).toBe(percent);
  });
});

const figure = fc.integer({ min: 0, max: 10 });
const pain = fc.integer({ min: 1, max: 10 });
/** Any thresholds that a policy can have: what is negative lies below what is positive. */
const thresholds = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }))
  .map(([one, other]) => ({
    positivePercentMin: Math.max(one, other),
    negativePercentBelow: Math.min(one, other),
  }));

describe('relief of any two figures', () => {
  it('is the part of the pain before that is gone, in per cent', () => {
    fc.assert(
      fc.property(pain, figure, (before, after) => {
        const percent = percentRelief(before, after) ?? Number.NaN;
        expect((before * (100 - percent)) / 100).toBeCloseTo(after, 10);
        expect(percent === 100).toBe(after === 0);
        expect(Math.sign(percent)).toBe(Math.sign(before - after));
      }),
    );
  });

  it('and the verdict never contradict each other, whatever the thresholds are', () => {
    fc.assert(
      fc.property(figure, figure, thresholds, (before, after, own) => {
        const percent = percentRelief(before, after);
        const verdict = verdictOf({ before, after }, { ...TERMS, ...own });
        expect(verdict === 'UNDEFINED').toBe(percent === null);
        if (percent === null) return;
        expect(verdict === 'POSITIVE').toBe(percent >= own.positivePercentMin);
        expect(verdict === 'NEGATIVE').toBe(percent < own.negativePercentBelow);
      }),
    );
  });

  it('grows with every point that the pain falls', () => {
    fc.assert(
      fc.property(pain, fc.integer({ min: 1, max: 10 }), (before, after) => {
        const [more, less] = [percentRelief(before, after - 1), percentRelief(before, after)];
        expect(more ?? 0).toBeGreaterThan(less ?? 0);
      }),
    );
  });
});

describe('a verdict', () => {
  it.each([
    ['8 to 4 is exactly 50 %', 8, 4, 'POSITIVE'],
    ['6 to 3 is exactly 50 %', 6, 3, 'POSITIVE'],
    ['9 to 5 is 44 %', 9, 5, 'PARTIAL'],
    ['10 to 7 is exactly 30 %', 10, 7, 'PARTIAL'],
    ['7 to 5 is 29 %', 7, 5, 'NEGATIVE'],
    ['more pain', 4, 6, 'NEGATIVE'],
    ['no pain before', 0, 0, 'UNDEFINED'],
    ['no figure before', null, 4, 'UNDEFINED'],
    ['no figure after', 8, null, 'UNDEFINED'],
  ] as const)('%s', (_, before, after, verdict) => {
    expect(verdictOf({ before, after }, TERMS)).toBe(verdict);
  });

  it('takes a partial response for a negative one where the policy says so', () => {
    expect(verdictOf({ before: 9, after: 5 }, { ...TERMS, partialFollowUp: 'TREAT_AS_NEGATIVE' })).toBe(
      'NEGATIVE',
    );
  });

  it('gets no better when the pain after is higher', () => {
    const order = ['POSITIVE', 'PARTIAL', 'NEGATIVE'];
    fc.assert(
      fc.property(pain, figure, figure, (before, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const [better, worse] = [low, high].map((after) =>
          order.indexOf(verdictOf({ before, after }, TERMS)),
        );
        expect(better).toBeLessThanOrEqual(worse ?? 0);
      }),
    );
  });
});

describe('what follows', () => {
  it.each([
    ['POSITIVE', 'REPEAT_BLOCK', 'PROPOSE_TREATMENT'],
    ['NEGATIVE', 'REPEAT_BLOCK', 'BACK_TO_TEAM'],
    ['PARTIAL', 'REPEAT_BLOCK', 'REPEAT_BLOCK'],
    ['PARTIAL', 'BACK_TO_TEAM', 'BACK_TO_TEAM'],
    ['UNDEFINED', 'REPEAT_BLOCK', 'NONE'],
  ] as const)('%s under %s: %s', (verdict, partialFollowUp, followUp) => {
    expect(followUpOf(verdict, { ...TERMS, partialFollowUp })).toBe(followUp);
  });

  it('proposes nothing where there is nothing to propose', () => {
    expect(followUpOf('POSITIVE', { ...TERMS, proposedKind: null })).toBe('NONE');
  });
});

describe('what is proposed', () => {
  const policy = {
    kind: 'MEDIAL_BRANCH_BLOCK',
    proposedKind: 'RADIOFREQUENCY_DENERVATION',
  } as const;

  it.each([
    ['PROPOSE_TREATMENT', 'RADIOFREQUENCY_DENERVATION'],
    ['REPEAT_BLOCK', 'MEDIAL_BRANCH_BLOCK'],
    ['BACK_TO_TEAM', null],
    ['NONE', null],
  ] as const)('where %s follows: %s', (followUp, kind) => {
    expect(proposedBy(followUp, policy)).toBe(kind);
  });

  it('is nothing after relief where the policy names nothing', () => {
    expect(proposedBy('PROPOSE_TREATMENT', { ...policy, proposedKind: null })).toBeNull();
  });
});

describe('a block that is a repetition', () => {
  it.each([
    ['REPEAT_BLOCK', 'BACK_TO_TEAM'],
    ['BACK_TO_TEAM', 'BACK_TO_TEAM'],
    ['TREAT_AS_NEGATIVE', 'TREAT_AS_NEGATIVE'],
  ] as const)('of a kind whose partial response leads to %s leads to %s', (partialFollowUp, then) => {
    const terms = { ...TERMS, partialFollowUp };
    expect(termsOfRepeat(terms)).toEqual({ ...terms, partialFollowUp: then });
  });

  it('has the same verdict as a first one, and is never repeated again', () => {
    const followUps = fc.constantFrom('REPEAT_BLOCK', 'BACK_TO_TEAM', 'TREAT_AS_NEGATIVE');
    fc.assert(
      fc.property(figure, figure, followUps, thresholds, (before, after, partialFollowUp, own) => {
        const terms = { ...TERMS, ...own, partialFollowUp };
        const [first, again] = [terms, termsOfRepeat(terms)].map((one) => judge(diary(before, after), one));
        expect(again?.verdict).toBe(first?.verdict);
        expect(again?.followUp).not.toBe('REPEAT_BLOCK');
        expect(again?.followUp).toBe(first?.followUp === 'REPEAT_BLOCK' ? 'BACK_TO_TEAM' : first?.followUp);
      }),
    );
  });
});

describe('a diary', () => {
  it('is judged by the best of its points', () => {
    expect(judge(diary(8, 6, 4, 7), TERMS)).toEqual({
      ...{ verdict: 'POSITIVE', percentRelief: 50, beforeTotal: 8, afterTotal: 4 },
      ...{ scoreIds: ['score BEFORE', 'score H4'], followUp: 'PROPOSE_TREATMENT' },
    });
  });

  it('is judged by the last of its points, where the policy says so', () => {
    expect(judge(diary(8, 2, 6, 7), { ...TERMS, judgedBy: 'LAST' })?.verdict).toBe('NEGATIVE');
  });

  it('waits for every point that judges, and for no other', () => {
    expect(judge(diary(8, 4, 'DUE', 7), TERMS)).toBeNull();
    expect(judge(diary('DUE', 4, 4, 7), TERMS)).toBeNull();
    expect(judge([...diary(8, 4, 4, 7), entry('W1', 'DUE')], TERMS)?.verdict).toBe('POSITIVE');
  });

  it('does with what there is when a point is missing', () => {
    expect(judge(diary(8, null, 4, null), TERMS)?.verdict).toBe('POSITIVE');
    expect(judge(diary(8, null, null, null), TERMS)).toMatchObject({
      verdict: 'UNDEFINED',
      percentRelief: null,
    });
    expect(judge(diary(null, 1, 1, 1), TERMS)).toMatchObject({ verdict: 'UNDEFINED', afterTotal: 1 });
  });

  it.each([
    ['long after the anaesthetic', entry('H24', 8, 'LATE')],
    ['long after the anaesthetic, and low', entry('H24', 2, 'LATE')],
    ['seconds after the block', entry('M30', 8, 'EARLY')],
    ['seconds after the block, and low', entry('M30', 0, 'EARLY')],
  ])('of a block is not judged by a figure from %s', (_, late) => {
    const others = diary(8, null, null, null).filter(({ point }) => point !== late.point);
    expect(judge([...others, late], TERMS)).toEqual({
      ...{ verdict: 'UNDEFINED', percentRelief: null, beforeTotal: 8, afterTotal: null },
      ...{ scoreIds: ['score BEFORE'], followUp: 'NONE' },
    });
  });

  it('of a block is not judged against pain of days before', () => {
    const [, ...after] = diary(8, 8, 8, 8);
    expect(judge([entry('BEFORE', 8, 'EARLY'), ...after], TERMS)).toMatchObject({
      ...{ verdict: 'UNDEFINED', beforeTotal: null },
    });
  });

  it('of a block excludes nothing by the figure of the next day alone, which may confirm', () => {
    expect(judge(diary(8, null, null, 8), TERMS)).toMatchObject({ verdict: 'UNDEFINED', afterTotal: null });
    expect(judge(diary(8, null, null, 2), TERMS)?.verdict).toBe('POSITIVE');
    expect(judge(diary(8, null, 8, 8), TERMS)?.verdict).toBe('NEGATIVE');
    const [before, , ...later] = diary(8, 8, 8, 8);
    const early = [before ?? entry('BEFORE', 8), entry('M30', 8, 'EARLY'), ...later];
    expect(judge(early, TERMS)).toMatchObject({
      verdict: 'NEGATIVE',
      scoreIds: ['score BEFORE', 'score H4'],
    });
  });

  it('of a treatment that is to help is judged by figures of other times, too', () => {
    const terms = { ...TERMS, purpose: 'THERAPEUTIC', judgedPoints: ['MO1'] } as const;
    expect(judge([entry('BEFORE', 8), entry('MO1', 8, 'LATE')], terms)?.verdict).toBe('NEGATIVE');
  });

  it('is judged again only when it says something else', () => {
    const now = judge(diary(8, 4, 4, 7), TERMS);
    if (now === null) throw new Error('was not judged');
    expect(isAnother(now, null)).toBe(true);
    expect(isAnother(now, now)).toBe(false);
    expect(isAnother(now, { ...now, afterTotal: 3 })).toBe(true);
  });
});
