import { describe, expect, it } from 'vitest';
import { readSeed } from './reference-data.js';
import type { RadiopharmacyData } from './reference-radiopharmacy.js';

interface Seed {
  readonly redFlagQuestionnaires: readonly {
    readonly emergencyAdvice: string;
    readonly questions: readonly { readonly code: string; readonly kind: string }[];
  }[];
  readonly visitTypes: readonly { readonly code: string; readonly offersFreed?: boolean }[];
}

describe('what a new clinic begins with', () => {
  it('offers places of consultations and physiotherapy by itself: nobody has to prepare for those', () => {
    const { visitTypes } = readSeed<Seed>('reference');
    const offered = visitTypes.filter(({ offersFreed }) => offersFreed).map(({ code }) => code);
    expect(offered).toEqual(['FIRST_CONSULTATION', 'FOLLOW_UP', 'PHYSIOTHERAPY']);
  });

  it('asks about every sign of cauda equina syndrome and of serious illness, and says whom to ring', () => {
    const [{ emergencyAdvice, questions } = { emergencyAdvice: '', questions: [] }] =
      readSeed<Seed>('reference').redFlagQuestionnaires;
    const codesOf = (kind: string) => questions.filter((one) => one.kind === kind).map(({ code }) => code);
    expect(codesOf('CAUDA_EQUINA')).toEqual([
      ...['BLADDER_OR_BOWEL', 'SADDLE_NUMBNESS', 'BOTH_LEGS', 'NEW_WEAKNESS', 'SEXUAL_FUNCTION'],
    ]);
    expect(codesOf('SERIOUS_PATHOLOGY')).toEqual(['CANCER', 'FEVER', 'TRAUMA']);
    expect(emergencyAdvice).toMatch(/999[\s\S]*111/);
  });

  it('has every number of the radiopharmacy from somewhere', () => {
    const { radionuclides, doseProtocols, doseSuppliers } = readSeed<RadiopharmacyData>('reference');
    const sources = [
      ...radionuclides.map(({ halfLife }) => halfLife.source),
      ...doseProtocols.flatMap((one) => [
        ...[one.activitySource, one.drlCitation, one.effectiveDoseSource, one.uptakeSource],
        ...[one.kitUseBySource, one.paediatric.source, one.reason],
      ]),
      ...doseSuppliers.map(({ terms }) => terms.source),
    ];
    for (const source of sources) expect(source).toMatch(/\S{3}/);
    expect(radionuclides.map(({ symbol, halfLife }) => [symbol, halfLife.halfLifeHours])).toEqual([
      ['Tc-99m', 6.0067],
    ]);
    expect(doseProtocols.map(({ procedureCode }) => procedureCode)).toEqual([
      'BONE_SPECT_CT',
      'BONE_SPECT_CT_EARLY',
    ]);
  });
});
