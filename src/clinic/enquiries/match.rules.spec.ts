import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differences,
  EnquiryMatchDoubt,
  EnquiryMatchReason,
  MatchStrength,
  needsProof,
  strengthOf,
  strongestFirst,
} from './match.rules.js';

const reasons = fc.subarray(Object.values(EnquiryMatchReason));
const doubts = fc.subarray(Object.values(EnquiryMatchDoubt));

describe('a match is', () => {
  it.each([
    ['CERTAIN', ['SAME_NHS_NUMBER', 'SAME_DATE_OF_BIRTH'], []],
    ['CERTAIN', ['SAME_NHS_NUMBER', 'SAME_NAME', 'SAME_DATE_OF_BIRTH'], []],
    ['POSSIBLE', ['SAME_NHS_NUMBER', 'SAME_DATE_OF_BIRTH'], ['OTHER_NAME']],
    ['LIKELY', ['SAME_NHS_NUMBER', 'SAME_NAME'], []],
    ['POSSIBLE', ['SAME_NHS_NUMBER'], ['OTHER_DATE_OF_BIRTH']],
    ['LIKELY', ['SAME_NAME', 'SAME_DATE_OF_BIRTH', 'SAME_PHONE', 'SAME_EMAIL'], []],
    ['LIKELY', ['SIMILAR_NAME', 'SAME_EMAIL'], []],
    ['POSSIBLE', ['SAME_NAME', 'SAME_PHONE'], ['OTHER_DATE_OF_BIRTH']],
    ['POSSIBLE', ['SAME_NAME'], []],
    ['POSSIBLE', ['SAME_PHONE'], ['OTHER_NAME']],
    ['POSSIBLE', ['PART_OF_NAME', 'SAME_DATE_OF_BIRTH'], []],
    ['UNLIKELY', ['SAME_DATE_OF_BIRTH'], []],
    ['UNLIKELY', ['SAME_NAME', 'SAME_DATE_OF_BIRTH', 'SAME_PHONE'], ['OTHER_NHS_NUMBER']],
    ['UNLIKELY', [], []],
  ] as const)('%s by %j against %j', (strength, speaks, against) => {
    expect(strengthOf({ reasons: speaks, doubts: against })).toBe(strength);
  });

  it('certain only by NHS number and date of birth, with nothing against it', () => {
    fc.assert(
      fc.property(reasons, doubts, (speaks, against) => {
        const isCertain = strengthOf({ reasons: speaks, doubts: against }) === MatchStrength.CERTAIN;
        const agrees = speaks.includes('SAME_NHS_NUMBER') && speaks.includes('SAME_DATE_OF_BIRTH');
        expect(isCertain).toBe(agrees && against.length === 0);
        expect(needsProof(strengthOf({ reasons: speaks, doubts: against }))).toBe(!isCertain);
      }),
    );
  });

  it('never stronger for a doubt more', () => {
    const order = Object.values(MatchStrength);
    fc.assert(
      fc.property(
        reasons,
        doubts,
        fc.constantFrom(...Object.values(EnquiryMatchDoubt)),
        (speaks, against, more) => {
          const before = order.indexOf(strengthOf({ reasons: speaks, doubts: against }));
          const after = order.indexOf(strengthOf({ reasons: speaks, doubts: [...against, more] }));
          expect(after).toBeGreaterThanOrEqual(before);
        },
      ),
    );
  });

  it('shown with the strongest first', () => {
    const shown = strongestFirst([
      { strength: 'UNLIKELY' },
      { strength: 'LIKELY' },
      { strength: 'CERTAIN' },
    ] as const);
    expect(shown.map(({ strength }) => strength)).toEqual(['CERTAIN', 'LIKELY', 'UNLIKELY']);
  });
});

describe('two enquiries speak of different people', () => {
  const nobody = { nhsNumber: null, dateOfBirth: null, patientId: null };

  it('where both say so', () => {
    expect(differences(nobody, { ...nobody, nhsNumber: '9990000018' })).toEqual([]);
    const ann = { ...nobody, nhsNumber: '9990000018', dateOfBirth: '1980-01-02' };
    expect(differences(ann, ann)).toEqual([]);
    expect(differences(ann, { ...ann, dateOfBirth: '1980-02-01' })).toEqual(['dateOfBirth']);
    expect(differences(ann, { ...nobody, nhsNumber: '9990000026' })).toEqual(['nhsNumber']);
  });
});
