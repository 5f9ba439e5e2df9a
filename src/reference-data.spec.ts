import { describe, expect, it } from 'vitest';
import { readSeed } from './reference-data.js';

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
});
