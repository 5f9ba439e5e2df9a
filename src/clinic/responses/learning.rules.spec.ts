import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupsBy,
  LEARNING_DIMENSIONS,
  type Learned,
  type LearnedPlace,
  learnedFrom,
  predictiveValue,
  wholeOf,
} from './learning.rules.js';

function places(count: number, wish: Partial<LearnedPlace> = {}): readonly LearnedPlace[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{
      patientId: `${wish.level ?? ''}${wish.uptake ?? ''}${wish.verdict ?? ''} ${at}`,
      treatmentId: `${at}`,
    },
    ...{
      structure: 'FACET',
      level: 'L4_L5',
      uptake: 'INTENSE',
      operatorId: 'operator',
      agentCodes: ['LIDOCAINE'],
    },
    ...{ verdict: 'POSITIVE' as const },
    ...wish,
  }));
}

describe('groups', () => {
  it('are shown from the minimum on', () => {
    const { groups, hiddenCount } = groupsBy(places(5), 'LEVEL', 5);
    expect(groups).toMatchObject([{ key: 'L4_L5', patientsCount: 5, positiveCount: 5 }]);
    expect(hiddenCount).toBe(0);
    expect(groupsBy(places(4), 'LEVEL', 5)).toEqual({ groups: [], hiddenCount: 1 });
  });

  it('count patients, not places', () => {
    expect(groupsBy(places(9, { patientId: 'one' }), 'LEVEL', 5).groups).toEqual([]);
    expect(wholeOf(places(9, { patientId: 'one' }), 5)).toBeNull();
  });

  it('hide the smallest that could be shown with a single one that cannot', () => {
    const all = [...places(20), ...places(6, { level: 'L5_S1' }), ...places(2, { level: 'L3_L4' })];
    const { groups, hiddenCount } = groupsBy(all, 'LEVEL', 5);
    expect(groups.map(({ key }) => key)).toEqual(['L4_L5']);
    expect(hiddenCount).toBe(2);
  });

  it('never let a hidden one be found by taking the shown from the whole', () => {
    const level = fc.constantFrom('L2_L3', 'L3_L4', 'L4_L5', 'L5_S1');
    const place = fc.record({ level, patientId: fc.integer({ min: 1, max: 40 }).map(String) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), fc.integer({ min: 5, max: 8 }), (wishes, minimum) => {
        const all = wishes.flatMap((wish) => places(1, wish));
        const { groups, hiddenCount } = groupsBy(all, 'LEVEL', minimum);
        const shown = new Set(groups.map(({ key }) => key));
        const rest = all.filter((one) => !shown.has(one.level ?? ''));
        for (const { patientsCount } of groups) expect(patientsCount).toBeGreaterThanOrEqual(minimum);
        if (groups.length > 0 && hiddenCount > 0) {
          expect(hiddenCount).toBeGreaterThanOrEqual(2);
          expect(new Set(rest.map(({ patientId }) => patientId)).size).toBeGreaterThanOrEqual(minimum);
        }
      }),
    );
  });
});

describe('what a scan predicts', () => {
  const all = [
    ...places(18, { verdict: 'POSITIVE' }),
    ...places(4, { verdict: 'NEGATIVE' }),
    ...places(8, { uptake: 'NONE', verdict: 'POSITIVE' }),
    ...places(8, { uptake: 'NONE', verdict: 'NEGATIVE' }),
    ...places(9, { uptake: null, verdict: 'NEGATIVE' }),
    ...places(9, { verdict: 'PARTIAL' }),
  ];

  it('is counted of what is known on both sides', () => {
    const found = predictiveValue(all, 5);
    expect(found).toMatchObject({
      truePositives: 18,
      falsePositives: 4,
      falseNegatives: 8,
      trueNegatives: 8,
    });
    expect(found?.positivePredictiveValue?.value).toBeCloseTo(18 / 22, 9);
    expect(found?.sensitivity?.value).toBeCloseTo(18 / 26, 9);
    expect(found?.negativePredictiveValue?.value).toBeCloseTo(0.5, 9);
  });

  it('is not shown when one margin has too few patients', () => {
    const few = all.filter(({ uptake, verdict }) => uptake !== 'NONE' || verdict === 'POSITIVE');
    expect(predictiveValue(few, 5)).toBeNull();
  });
});

/** Keys of a place, as the room itself groups it. */
function keys(place: LearnedPlace, dimension: (typeof LEARNING_DIMENSIONS)[number]): readonly string[] {
  switch (dimension) {
    case 'STRUCTURE':
      return [place.structure];
    case 'UPTAKE':
      return [place.uptake ?? 'NO_SCAN'];
    case 'LEVEL':
      return [place.level ?? 'NO_LEVEL'];
    case 'OPERATOR':
      return [place.operatorId];
    case 'AGENT':
      return place.agentCodes.length === 0 ? ['NO_AGENT'] : place.agentCodes;
  }
}

function keysOfAll(all: readonly LearnedPlace[], dimension: (typeof LEARNING_DIMENSIONS)[number]) {
  return [...new Set(all.flatMap((place) => keys(place, dimension)))];
}

const patients = (own: readonly LearnedPlace[]) => new Set(own.map(({ patientId }) => patientId)).size;

/** Everything shown, place by place: 1 where it counts. */
function rowsShown(all: readonly LearnedPlace[], learned: Learned): number[][] {
  const row = (counts: (place: LearnedPlace) => boolean) => all.map((place) => (counts(place) ? 1 : 0));
  return [
    ...(learned.whole === null ? [] : [row(() => true)]),
    ...learned.dimensions.flatMap(({ dimension, groups }) =>
      groups.map(({ key }) => row((place) => keys(place, dimension).includes(key))),
    ),
    ...(learned.predictiveValue === null
      ? []
      : [row(({ uptake }) => uptake !== null && uptake !== 'NONE'), row(({ uptake }) => uptake === 'NONE')]),
  ];
}

/** By elimination in ordinary numbers: another way than the room's own. */
function rankOf(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => [...row]);
  let rank = 0;
  for (let column = 0; column < (left[0]?.length ?? 0); column += 1) {
    const at = left.findIndex((row, place) => place >= rank && Math.abs(row[column] ?? 0) > 1e-9);
    const pivot = left[at];
    if (at === -1 || pivot === undefined) continue;
    left.splice(at, 1);
    left.splice(rank, 0, pivot);
    for (const row of left.slice(rank + 1)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let next = column; next < row.length; next += 1) {
        row[next] = (row[next] ?? 0) - factor * (pivot[next] ?? 0);
      }
    }
    rank += 1;
  }
  return rank;
}

describe('all that is shown together', () => {
  it('shows what no two of its figures give away', () => {
    const all = [...places(8), ...places(8, { level: 'L5_S1', uptake: 'NONE', verdict: 'NEGATIVE' })];
    const { whole, dimensions, predictiveValue: value } = learnedFrom(all, 5);
    expect(whole).toMatchObject({ patientsCount: 16 });
    expect(dimensions.map(({ groups }) => groups.length)).toEqual([1, 2, 2, 1, 1]);
    expect(value).toMatchObject({ truePositives: 8, trueNegatives: 8 });
  });

  it('is nothing of a clinic with fewer patients than the minimum', () => {
    const all = [...places(2), ...places(1, { level: 'L5_S1' })];
    const { whole, dimensions, predictiveValue: value } = learnedFrom(all, 5);
    expect([whole, value]).toEqual([null, null]);
    expect(dimensions.flatMap(({ groups }) => groups)).toEqual([]);
    expect(learnedFrom([], 5).whole).toBeNull();
  });

  it('does not give a level away by its structure', () => {
    const joints = { structure: 'SACRO_ILIAC', level: null };
    const all = [
      ...places(20),
      ...places(2, { level: 'L5_S1' }),
      ...places(10, { ...joints, uptake: 'MILD' }),
    ];
    // By itself each dimension would show the 20 at L4/L5 and the 22 facet joints.
    expect(groupsBy(all, 'LEVEL', 5).groups.map(({ key }) => key)).toEqual(['L4_L5']);
    expect(groupsBy(all, 'STRUCTURE', 5).groups.map(({ key }) => key)).toEqual(['FACET', 'SACRO_ILIAC']);
    const { dimensions } = learnedFrom(all, 5);
    const shown = dimensions.flatMap(({ groups }) => groups.map(({ key }) => key));
    expect(shown.includes('FACET') && shown.includes('L4_L5')).toBe(false);
  });

  it('does not give a grade of uptake away by the predictive value', () => {
    const all = [
      ...[...places(10), ...places(10, { verdict: 'NEGATIVE' })],
      ...places(2, { uptake: 'MILD' }),
      ...[...places(6, { uptake: 'NONE' }), ...places(6, { uptake: 'NONE', verdict: 'NEGATIVE' })],
      ...places(3, { uptake: null }),
    ];
    expect(predictiveValue(all, 5)).not.toBeNull();
    expect(learnedFrom(all, 5).predictiveValue).toBeNull();
  });

  it('does not give away those without a drug by those with it', () => {
    const both = { agentCodes: ['LIDOCAINE', 'TRIAMCINOLONE'] };
    const all = [...places(18, both), ...places(2, { agentCodes: ['TRIAMCINOLONE'], level: 'L5_S1' })];
    const agents = learnedFrom(all, 5).dimensions.find(({ dimension }) => dimension === 'AGENT');
    expect(agents?.groups.map(({ key }) => key)).toEqual(['TRIAMCINOLONE']);
  });

  it('never shows nor gives away a group of fewer patients than the minimum', () => {
    const place = fc.record({
      patientId: fc.integer({ min: 1, max: 25 }).map(String),
      structure: fc.constantFrom('FACET', 'SACRO_ILIAC'),
      level: fc.constantFrom('L3_L4', 'L4_L5', null),
      uptake: fc.constantFrom('NONE', 'MILD', 'INTENSE', null),
      operatorId: fc.constantFrom('a', 'b'),
      agentCodes: fc.subarray(['LIDOCAINE', 'TRIAMCINOLONE']),
      verdict: fc.constantFrom('POSITIVE' as const, 'NEGATIVE' as const, 'PARTIAL' as const),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 60 }), fc.integer({ min: 5, max: 8 }), (wishes, minimum) => {
        const all = wishes.map((wish, at) => ({ ...wish, treatmentId: String(at) }));
        const learned = learnedFrom(all, minimum);
        const figures = [learned.whole, ...learned.dimensions.flatMap(({ groups }) => groups)];
        for (const figure of figures) {
          if (figure !== null) expect(figure.patientsCount).toBeGreaterThanOrEqual(minimum);
        }
        const shown = rowsShown(all, learned);
        const rank = rankOf(shown);
        for (const dimension of LEARNING_DIMENSIONS) {
          for (const key of keysOfAll(all, dimension)) {
            const own = all.filter((one) => keys(one, dimension).includes(key));
            if (patients(own) >= minimum) continue;
            expect(rankOf([...shown, all.map((one) => (own.includes(one) ? 1 : 0))])).toBe(rank + 1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
