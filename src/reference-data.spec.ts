import { describe, expect, it } from 'vitest';
import { readSeed } from './reference-data.js';

interface Seed {
  readonly visitTypes: readonly { readonly code: string; readonly offersFreed?: boolean }[];
}

describe('what a new clinic begins with', () => {
  it('offers places of consultations and physiotherapy by itself: nobody has to prepare for those', () => {
    const { visitTypes } = readSeed<Seed>('reference');
    const offered = visitTypes.filter(({ offersFreed }) => offersFreed).map(({ code }) => code);
    expect(offered).toEqual(['FIRST_CONSULTATION', 'FOLLOW_UP', 'PHYSIOTHERAPY']);
  });
});
