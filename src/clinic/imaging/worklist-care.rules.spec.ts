import { describe, expect, it } from 'vitest';
import { PregnancyAnswer } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { type CareWords, careTexts, pregnancyKnown } from './worklist-care.rules.js';

const on = Temporal.PlainDate.from('2026-03-10');
const NOTHING = { mobility: null, specialNeeds: null };

const words = (kind: CareWords['kind'], text: string, parts: Partial<CareWords> = {}): CareWords => ({
  patientId: 'p',
  kind,
  words: text,
  severity: null,
  fromOn: null,
  untilOn: null,
  ...parts,
});

describe('what whoever scans should know', () => {
  it('is told by its kind, each once, in one line', () => {
    const told = careTexts(
      [
        words('ALLERGY', 'Latex'),
        words('ALLERGY', 'latex '),
        words('ALLERGY', 'Iodine\n contrast'),
        words('IMPLANT', 'Pacemaker'),
        words('NEED', 'Speaks: Polish'),
      ],
      { mobility: 'WHEELCHAIR', specialNeeds: 'Cannot lie flat' },
      on,
    );
    expect(told).toEqual({
      allergies: ['Latex', 'Iodine contrast'],
      alerts: ['Implant: Pacemaker'],
      needs: ['Wheelchair', 'Speaks: Polish', 'Cannot lie flat'],
    });
  });

  it('has the graver alert first, and implants behind them', () => {
    const alert = (text: string, severity: CareWords['severity']) => words('ALERT', text, { severity });
    const told = careTexts(
      [words('IMPLANT', 'Pump'), alert('c', 'LOW'), alert('a', 'HIGH'), alert('b', 'MEDIUM')],
      NOTHING,
      on,
    );
    expect(told.alerts).toEqual(['a', 'b', 'c', 'Implant: Pump']);
  });

  it.each<[string, string | null, string | null, boolean]>([
    ['the first day', '2026-03-10', null, true],
    ['the day before it begins', '2026-03-11', null, false],
    ['the last day', '2026-03-01', '2026-03-10', true],
    ['the day after it', '2026-03-01', '2026-03-09', false],
  ])('has alerts of the day of the scan: %s', (_, fromOn, untilOn, isTold) => {
    const told = careTexts([words('ALERT', 'x', { severity: 'HIGH', fromOn, untilOn })], NOTHING, on);
    expect(told.alerts).toHaveLength(isTold ? 1 : 0);
  });

  it('says nothing of somebody who walks alone and needs nothing', () => {
    const told = careTexts([], { mobility: 'WALKS', specialNeeds: null }, on);
    expect(told).toEqual({ allergies: [], alerts: [], needs: [] });
  });
});

describe('a pregnancy', () => {
  it('is never told as excluded before somebody has asked', () => {
    expect(pregnancyKnown({ state: 'WAITING', answer: null })).toBe('UNKNOWN');
    expect(pregnancyKnown({ state: 'NOT_APPLICABLE', answer: null })).toBeNull();
  });

  it('is told as it was answered, whatever was decided on it', () => {
    const told = Object.values(PregnancyAnswer).map((answer) => [
      answer,
      pregnancyKnown({ state: 'PASSED', answer }),
    ]);
    expect(Object.fromEntries(told)).toEqual({
      NO: 'NOT_PREGNANT',
      YES: 'PREGNANT',
      CANNOT_BE_EXCLUDED: 'POSSIBLY_PREGNANT',
      NOT_APPLICABLE: null,
    });
  });
});
