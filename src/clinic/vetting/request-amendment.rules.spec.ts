import { describe, expect, it } from 'vitest';
import { decideAgainReason, type JudgedContent, judgedDifferences } from './request-amendment.rules.js';

const STUDY = { what: 'Bone scan', radionuclide: 'Tc-99m', performedOn: '2026-11-01', place: null };
const BEFORE: JudgedContent = {
  procedureCode: 'BONE_SPECT_CT',
  clinicalQuestion: 'Which facet joint?',
  history: 'Two years.',
  earlierImaging: 'NONE',
  earlierImagingText: null,
  recentStudies: 'NONE',
  studies: [],
  pregnancy: 'NOT_PREGNANT',
  pregnancyText: null,
  lastMenstrualPeriodOn: '2026-11-10',
  breastFeeding: 'NO',
  weightKg: 72,
  referrerKind: 'REFERRAL',
  referrerStaffId: null,
};

describe('what a practitioner has judged', () => {
  it('stays judged as long as it is the same', () => {
    expect(judgedDifferences(BEFORE, { ...BEFORE }, 40)).toEqual([]);
  });

  it.each<readonly [Partial<JudgedContent>, string]>([
    [{ procedureCode: 'BONE_SPECT_CT_EARLY' }, 'the procedure'],
    [{ clinicalQuestion: 'Fracture?' }, 'the clinical question'],
    [{ history: null }, 'the history'],
    [{ earlierImaging: 'YES', earlierImagingText: 'MRI 2025' }, 'earlier imaging'],
    [{ recentStudies: 'YES', studies: [STUDY] }, 'recent studies'],
    [{ pregnancy: 'CANNOT_BE_EXCLUDED' }, 'pregnancy'],
    [{ lastMenstrualPeriodOn: '2026-09-10' }, 'pregnancy'],
    [{ breastFeeding: 'YES' }, 'breast-feeding'],
    [{ referrerKind: 'STAFF', referrerStaffId: 'x' }, 'the referrer'],
  ])('has to be judged again: %j', (change, name) => {
    const differences = judgedDifferences(BEFORE, { ...BEFORE, ...change }, 40);
    expect(differences).toEqual([name]);
    expect(decideAgainReason(differences)).toBe(
      `Amended after the decision: ${name}. It has to be judged again.`,
    );
  });

  it('holds the weight of a child, by which the activity goes, and not that of an adult', () => {
    const after = { ...BEFORE, weightKg: 74 };
    expect(judgedDifferences(BEFORE, after, 17)).toEqual(['the weight of a child']);
    expect(judgedDifferences(BEFORE, after, 18)).toEqual([]);
  });

  it('does not depend on how a study came to be written', () => {
    const one = { ...BEFORE, recentStudies: 'YES' as const, studies: [STUDY] };
    const { what, place, performedOn, radionuclide } = STUDY;
    expect(
      judgedDifferences(one, { ...one, studies: [{ place, radionuclide, performedOn, what }] }, 40),
    ).toEqual([]);
  });
});
