import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import {
  bandOf,
  INSTRUMENT_RULES,
  isImportantChange,
  isRiskUnanswered,
  type Marks,
  noTotalReason,
  riskAnswerOf,
  scoreOf,
} from './instrument.rules.js';

const INSTRUMENTS = Object.values(OutcomeInstrument);
const all = (instrument: OutcomeInstrument, value: number): Marks =>
  Array.from({ length: INSTRUMENT_RULES[instrument].itemsCount }, () => [value]);
const marks = (...values: readonly (number | null)[]): Marks =>
  values.map((value) => (value === null ? [] : [value]));

/** Answers to an instrument as people give them, with items left out. */
const answered = (instrument: OutcomeInstrument) => {
  const { itemsCount, markMax } = INSTRUMENT_RULES[instrument];
  const item = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: markMax }).map((mark) => [mark]) },
    fc.constant<number[]>([]),
  );
  return fc.array(item, { minLength: itemsCount, maxLength: itemsCount });
};
const answering = fc
  .constantFrom(...INSTRUMENTS)
  .chain((instrument) => fc.record({ instrument: fc.constant(instrument), marks: answered(instrument) }));

describe('every instrument', () => {
  it('runs from 0 to its published end', () => {
    const ends = INSTRUMENTS.map((instrument) => [
      instrument,
      scoreOf(instrument, all(instrument, 0)).total,
      scoreOf(instrument, all(instrument, INSTRUMENT_RULES[instrument].markMax)).total,
    ]);
    expect(ends).toEqual([
      ['NRS', 0, 10],
      ['ODI', 0, 100],
      ['PHQ9', 0, 27],
      ['GAD7', 0, 21],
      ['PSEQ', 0, 60],
    ]);
  });

  it('gives a total within its bounds, in a band, or says why there is none', () => {
    fc.assert(
      fc.property(answering, ({ instrument, marks: given }) => {
        const { totalMax, missingMax, itemsCount } = INSTRUMENT_RULES[instrument];
        const scored = scoreOf(instrument, given);
        expect(scored.missingCount).toBe(given.filter((item) => item.length === 0).length);
        if (scored.total === null) {
          expect(scored.missingCount > missingMax || scored.missingCount === itemsCount).toBe(true);
          expect(noTotalReason(instrument, scored)).toContain(`${scored.missingCount} of ${itemsCount}`);
          expect(bandOf(instrument, scored.total)).toBeNull();
          return;
        }
        expect(scored.missingCount).toBeLessThanOrEqual(missingMax);
        expect(scored.total).toBeGreaterThanOrEqual(0);
        expect(scored.total).toBeLessThanOrEqual(totalMax);
        expect(noTotalReason(instrument, scored)).toBeNull();
        const band = bandOf(instrument, scored.total);
        // No total lies between two bands.
        expect(band === null || scored.total < band.from).toBe(false);
      }),
    );
  });

  it('never falls when an answer rises', () => {
    fc.assert(
      fc.property(answering, fc.nat(9), ({ instrument, marks: given }, at) => {
        const place = at % given.length;
        const [value] = given[place] ?? [];
        fc.pre(value !== undefined && value < INSTRUMENT_RULES[instrument].markMax);
        const higher = given.map((item, i) => (i === place ? [(value ?? 0) + 1] : item));
        const before = scoreOf(instrument, given).total;
        const after = scoreOf(instrument, higher).total;
        if (before === null || after === null) expect(after).toBe(before);
        else expect(after).toBeGreaterThan(before - Number.EPSILON);
      }),
    );
  });

  it('has bands from 0 to its end, without a gap and without an overlap', () => {
    for (const { bands, totalMax } of Object.values(INSTRUMENT_RULES)) {
      expect(bands[0]?.from).toBe(0);
      expect(bands.at(-1)?.to).toBe(totalMax);
      for (const [at, { from }] of bands.slice(1).entries()) expect(from - (bands[at]?.to ?? 0)).toBe(1);
    }
  });

  it('names a source for each figure', () => {
    for (const rules of Object.values(INSTRUMENT_RULES)) {
      for (const source of [
        rules.scoringSource,
        rules.bandsSource,
        rules.missingSource,
        rules.importantChangeSource,
      ])
        expect(source).toMatch(/\S/);
      expect(rules.scoringVersion).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('published cut points', () => {
  it.each<[OutcomeInstrument, readonly (readonly [number, string])[]]>([
    [
      'NRS',
      [
        [0, 'NONE'],
        [3, 'MILD'],
        [4, 'MODERATE'],
        [6, 'MODERATE'],
        [7, 'SEVERE'],
        [10, 'SEVERE'],
      ],
    ],
    [
      'ODI',
      [
        [20, 'MINIMAL'],
        [22, 'MODERATE'],
        [40, 'MODERATE'],
        [42, 'SEVERE'],
        [60, 'SEVERE'],
        [80, 'CRIPPLING'],
        [82, 'EXTREME'],
      ],
    ],
    [
      'PHQ9',
      [
        [4, 'MINIMAL'],
        [5, 'MILD'],
        [10, 'MODERATE'],
        [15, 'MODERATELY_SEVERE'],
        [20, 'SEVERE'],
        [27, 'SEVERE'],
      ],
    ],
    [
      'GAD7',
      [
        [4, 'MINIMAL'],
        [5, 'MILD'],
        [10, 'MODERATE'],
        [15, 'SEVERE'],
        [21, 'SEVERE'],
      ],
    ],
    [
      'PSEQ',
      [
        [19, 'SEVERE'],
        [20, 'MODERATE'],
        [30, 'MODERATE'],
        [31, 'MILD'],
        [40, 'MILD'],
        [41, 'MINIMAL'],
      ],
    ],
  ])('of %s', (instrument, cuts) => {
    expect(cuts.map(([total]) => [total, bandOf(instrument, total)?.code])).toEqual(cuts);
  });
});

describe('ODI', () => {
  it('is a share of what was answered: one section left out', () => {
    expect(scoreOf('ODI', marks(2, 2, 2, 2, 2, 2, 2, 2, null, 0)).total).toBeCloseTo((16 / 45) * 100);
    expect(scoreOf('ODI', marks(2, 2, 2, 2, 2, 2, 2, 2, 0, 0)).total).toBe(32);
  });

  it('takes the highest of two boxes', () => {
    const twice: Marks = [[1, 3], ...all('ODI', 0).slice(1)];
    expect(scoreOf('ODI', twice).total).toBe(6);
  });

  it('has no total with fewer than seven sections', () => {
    expect(scoreOf('ODI', marks(5, 5, 5, 5, 5, 5, 5, null, null, null)).total).toBe(100);
    expect(scoreOf('ODI', marks(5, 5, 5, 5, 5, 5, null, null, null, null)).total).toBeNull();
  });
});

describe('PHQ-9 and GAD-7', () => {
  it('make up for two missing items, to the nearest whole number, a half up', () => {
    expect(scoreOf('PHQ9', marks(1, 1, 1, 1, 1, 1, 1, 1, null)).total).toBe(9);
    expect(scoreOf('PHQ9', marks(2, 1, 1, 1, 1, 1, 1, null, null)).total).toBe(10); // 8 × 9 ÷ 7 = 10.3
    expect(scoreOf('PHQ9', marks(3, 1, 0, 0, 0, 0, 0, 0, null)).total).toBe(5); // 4 × 9 ÷ 8 = 4.5
    expect(scoreOf('PHQ9', marks(3, 3, 3, 3, 3, 3, null, null, null)).total).toBeNull();
    expect(scoreOf('GAD7', marks(3, 3, 3, 3, 3, null, null)).total).toBe(21);
    expect(scoreOf('GAD7', marks(3, 3, 3, 3, null, null, null)).total).toBeNull();
  });

  it('item 9 raises a task whatever the total, also where there is none', () => {
    expect(riskAnswerOf('PHQ9', marks(0, 0, 0, 0, 0, 0, 0, 0, 1))).toBe(1);
    expect(riskAnswerOf('PHQ9', marks(null, null, null, null, null, null, null, null, 3))).toBe(3);
    expect(riskAnswerOf('PHQ9', marks(3, 3, 3, 3, 3, 3, 3, 3, 0))).toBeNull();
    expect(riskAnswerOf('PHQ9', marks(3, 3, 3, 3, 3, 3, 3, 3, null))).toBeNull();
    expect(isRiskUnanswered('PHQ9', marks(3, 3, 3, 3, 3, 3, 3, 3, null))).toBe(true);
    expect(isRiskUnanswered('PHQ9', all('PHQ9', 0))).toBe(false);
    expect(riskAnswerOf('GAD7', all('GAD7', 3))).toBeNull();
    expect(isRiskUnanswered('GAD7', marks(null, 0, 0, 0, 0, 0, 0))).toBe(false);
  });
});

describe('PSEQ', () => {
  it('makes up for one missing item', () => {
    expect(scoreOf('PSEQ', marks(6, 6, 6, 6, 6, 6, 6, 6, 6, null)).total).toBe(60);
    expect(scoreOf('PSEQ', marks(6, 6, 6, 6, 6, 6, 6, 6, null, null)).total).toBeNull();
  });
});

describe('a change', () => {
  it.each<[OutcomeInstrument, number | null, number | null, boolean | null]>([
    ['NRS', 8, 6, true],
    ['NRS', 8, 7, false],
    ['ODI', 50, 40, true],
    ['ODI', 50, 42, false],
    ['PHQ9', 12, 7, true],
    ['GAD7', 10, 7, false],
    ['PSEQ', 15, 22, true],
    ['PSEQ', 20, 28, false], // eight points within one band
    ['PSEQ', 30, 31, false], // another band by one point
    ['ODI', null, 40, null],
    ['ODI', 40, null, null],
  ])('of %s from %s to %s matters: %s', (instrument, before, after, matters) => {
    expect(isImportantChange(instrument, before, after)).toBe(matters);
  });
});
