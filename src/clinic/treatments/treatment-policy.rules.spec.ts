import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { rowOn, termsOn } from './treatment-policy.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const ROWS = [
  { effectiveFrom: '2027-01-01', payerCode: null, name: 'new' },
  { effectiveFrom: '2000-01-01', payerCode: null, name: 'old' },
  { effectiveFrom: '2027-03-01', payerCode: 'BUPA', name: 'insurer' },
];

describe('the row that holds', () => {
  it('is the latest that has begun', () => {
    const own = ROWS.filter(({ payerCode }) => payerCode === null);
    expect(rowOn(own, day('2026-12-31'))?.name).toBe('old');
    expect(rowOn(own, day('2027-01-01'))?.name).toBe('new');
    expect(rowOn(own, day('1999-12-31'))).toBeNull();
  });

  it('is the payer’s from the day on which they have one, and the clinic’s before', () => {
    expect(termsOn(ROWS, 'BUPA', day('2027-02-28'))?.name).toBe('new');
    expect(termsOn(ROWS, 'BUPA', day('2027-03-01'))?.name).toBe('insurer');
    expect(termsOn(ROWS, 'OTHERS', day('2027-03-01'))?.name).toBe('new');
    expect(termsOn(ROWS, null, day('2027-03-01'))?.name).toBe('new');
  });
});
