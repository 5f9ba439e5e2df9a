import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CtGrade,
  FindingSide,
  FindingStructure,
  SpineLevel,
  UptakeGrade,
} from '../../platform/database/generated/enums.js';
import {
  type FindingFacts,
  faultsOfFinding,
  faultsOfFindings,
  findingInWords,
  isAbnormal,
  isWanted,
} from './finding.rules.js';

const FACET: FindingFacts = {
  structure: 'FACET',
  level: 'L4_L5',
  side: 'LEFT',
  uptake: 'INTENSE',
  ctGrade: 'MODERATE',
  comment: '',
};
const finding = (parts: Partial<FindingFacts>): FindingFacts => ({ ...FACET, ...parts });

const aFinding: fc.Arbitrary<FindingFacts> = fc.record({
  structure: fc.constantFrom(...Object.values(FindingStructure)),
  level: fc.constantFrom(null, ...Object.values(SpineLevel)),
  side: fc.constantFrom(null, ...Object.values(FindingSide)),
  uptake: fc.constantFrom(...Object.values(UptakeGrade)),
  ctGrade: fc.constantFrom(null, ...Object.values(CtGrade)),
  comment: fc.constantFrom('', 'rib'),
});

describe('what goes with what', () => {
  it.each<[string, Partial<FindingFacts>]>([
    ['a facet joint with level and side', {}],
    ['the topmost', { level: 'C0_C1' }],
    ['the lowest', { level: 'L5_S1', side: 'BILATERAL' }],
    ['of a sixth lumbar vertebra', { level: 'L6_S1' }],
    ['a sacro-iliac joint with a side', { structure: 'SACRO_ILIAC', level: null }],
    ['a disc without a side', { structure: 'DISC', side: null }],
    ['the topmost disc', { structure: 'DISC', side: null, level: 'C2_C3' }],
    ['an endplate on one side', { structure: 'ENDPLATE', side: 'RIGHT' }],
    ['an endplate in the midline', { structure: 'ENDPLATE', side: 'MIDLINE' }],
    ['an endplate beside its space', { structure: 'ENDPLATE', side: null }],
    ['an endplate of its vertebra', { structure: 'ENDPLATE', side: null, level: 'S1' }],
    ['another structure that is named', { structure: 'OTHER', level: null, side: null, comment: 'Left hip' }],
  ])('%s', (_, parts) => {
    expect(faultsOfFinding(finding(parts))).toEqual([]);
  });

  it.each<[string, Partial<FindingFacts>, RegExp]>([
    ['a facet joint without a level', { level: null }, /lies between two vertebrae/],
    ['a facet joint of one vertebra', { level: 'S1' }, /lies between two vertebrae/],
    ['a facet joint without a side', { side: null }, /has a side/],
    ['a facet joint in the midline', { side: 'MIDLINE' }, /has a side/],
    ['a sacro-iliac joint with a level', { structure: 'SACRO_ILIAC' }, /has no level/],
    [
      'a sacro-iliac joint without a side',
      { structure: 'SACRO_ILIAC', level: null, side: null },
      /has a side/,
    ],
    ['a disc above the axis', { structure: 'DISC', side: null, level: 'C1_C2' }, /A disc lies/],
    ['a disc of one vertebra', { structure: 'DISC', side: null, level: 'L5' }, /A disc lies/],
    ['the left of a disc', { structure: 'DISC' }, /A disc has no side: leave it out/],
    ['both sides of a disc', { structure: 'DISC', side: 'BILATERAL' }, /A disc has no side/],
    ['the midline of a disc', { structure: 'DISC', side: 'MIDLINE' }, /A disc has no side/],
    ['an endplate of the atlas', { structure: 'ENDPLATE', level: 'C1' }, /An endplate has a level/],
    ['an endplate in the sacrum', { structure: 'ENDPLATE', level: 'S2' }, /An endplate has a level/],
    ['another structure without a name', { structure: 'OTHER', comment: '  ' }, /Say in the comment/],
  ])('not %s', (_, parts, why) => {
    expect(faultsOfFinding(finding(parts))).toEqual([expect.stringMatching(why)]);
  });

  it('has a sentence that ends and says what to do for every fault there is', () => {
    fc.assert(
      fc.property(aFinding, (one) => {
        for (const fault of faultsOfFinding(one)) expect(fault).toMatch(/^[A-Z].{20,}\.$/);
      }),
    );
  });
});

describe('a list of findings', () => {
  it('says with its number what is said twice, and what contradicts itself', () => {
    expect(faultsOfFindings([FACET, finding({ side: 'RIGHT' }), FACET])).toEqual([
      'Finding 3: L4/L5 facet joint, left is said in finding 1 already: make one of the two.',
    ]);
    expect(faultsOfFindings([FACET, finding({ side: 'BILATERAL', uptake: 'MILD' })])).toHaveLength(1);
    const endplate = finding({ structure: 'ENDPLATE', side: null });
    expect(faultsOfFindings([endplate, { ...endplate, side: 'MIDLINE' }])).toEqual([]);
    const other = finding({ structure: 'OTHER', comment: 'Rib' });
    expect(faultsOfFindings([other, other])).toEqual([]);
  });

  it('has no fault of its own when each is whole and no two are of one place', () => {
    fc.assert(
      fc.property(fc.array(aFinding, { maxLength: 12 }), (list) => {
        const places = new Set<string>();
        const whole = list.filter((one) => {
          const place = `${one.structure} ${one.level} ${one.side === 'LEFT' || one.side === 'RIGHT' ? 'SIDE' : one.side}`;
          const bothWays = `${one.structure} ${one.level} ${one.side === 'BILATERAL' ? 'SIDE' : 'BILATERAL'}`;
          const isFree = !places.has(place) && !places.has(bothWays);
          places.add(place);
          return isFree && faultsOfFinding(one).length === 0;
        });
        expect(faultsOfFindings(whole)).toEqual([]);
        // The order in which they are read does not matter.
        expect(faultsOfFindings(whole.toReversed())).toEqual([]);
      }),
    );
  });
});

describe('words', () => {
  it('name the place and both grades, and leave out what was not looked at', () => {
    expect(findingInWords(FACET)).toBe('L4/L5 facet joint, left: intense uptake, moderate change on CT.');
    const joint = finding({ structure: 'SACRO_ILIAC', level: null, side: 'BILATERAL', ctGrade: null });
    expect(findingInWords({ ...joint, comment: 'Lower third.' })).toBe(
      'Sacro-iliac joint, both sides: intense uptake. Lower third.',
    );
  });

  it('know what is abnormal', () => {
    expect(isAbnormal({ uptake: 'NONE', ctGrade: 'NONE' })).toBe(false);
    expect(isAbnormal({ uptake: 'NONE', ctGrade: null })).toBe(false);
    expect(isAbnormal({ uptake: 'MILD', ctGrade: null })).toBe(true);
    expect(isAbnormal({ uptake: 'NONE', ctGrade: 'MILD' })).toBe(true);
  });
});

describe('what is looked for', () => {
  it('finds by structure, level and side; what is on both sides is on each', () => {
    expect(isWanted(FACET, {})).toBe(true);
    expect(isWanted(FACET, { structure: 'DISC' })).toBe(false);
    expect(isWanted(FACET, { level: 'L5_S1' })).toBe(false);
    expect(isWanted(FACET, { side: 'RIGHT' })).toBe(false);
    expect(isWanted(finding({ side: 'BILATERAL' }), { side: 'RIGHT', level: 'L4_L5' })).toBe(true);
    expect(isWanted(FACET, { side: 'BILATERAL' })).toBe(false);
    expect(isWanted(finding({ side: 'BILATERAL' }), { side: 'MIDLINE' })).toBe(false);
  });
});
