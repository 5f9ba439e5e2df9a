import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  doseOf,
  type IncidentFacts,
  inForceOn,
  isChildOn,
  judgeIncident,
  type Threshold,
  thresholdsOn,
} from './threshold.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const row = (code: string, parts: Partial<Threshold>): Threshold => ({
  id: `${code}/${parts.effectiveFrom?.toString() ?? ''}`,
  code,
  basis: 'UNINTENDED_DOSE',
  regulator: 'CQC',
  ...{ intendedFromMsv: null, isFromIncluded: true, intendedUntilMsv: null, isUntilIncluded: false },
  ...{ adultMsv: null, childMsv: null, factor: null, doseMgy: null },
  ...{ needsProceduralFailure: false, isDropped: false },
  effectiveFrom: day('2000-01-01'),
  ...parts,
});

/** As the migration seeds them. */
const ROWS = [
  row('1', { basis: 'ACCIDENTAL_DOSE', adultMsv: 3, childMsv: 1 }),
  row('2.1', { intendedUntilMsv: 0.3, adultMsv: 3, childMsv: 1 }),
  row('2.2', { intendedFromMsv: 0.3, intendedUntilMsv: 2.5, factor: 10 }),
  row('2.3', {
    intendedFromMsv: 2.5,
    intendedUntilMsv: 10,
    isUntilIncluded: true,
    adultMsv: 25,
    childMsv: 25,
  }),
  row('2.4', { intendedFromMsv: 10, isFromIncluded: false, factor: 2.5 }),
  row('FOETAL', { basis: 'FOETAL_DOSE', doseMgy: 1, needsProceduralFailure: true }),
  row('FOETAL', { basis: 'FOETAL_DOSE', doseMgy: 10, effectiveFrom: day('2023-05-16') }),
  row('INFANT', { basis: 'INFANT_DOSE', childMsv: 1, needsProceduralFailure: true }),
  row('RADIOPHARMACEUTICAL', { basis: 'WRONG_RADIOPHARMACEUTICAL', effectiveFrom: day('2023-05-16') }),
  row('LICENCE', { basis: 'LICENCE_BREACH', regulator: 'ARSAC' }),
];
const NOTHING: IncidentFacts = {
  ...{ exposure: 'NONE', isChild: false, intendedDoseMsv: null, actualDoseMsv: null },
  ...{ foetalDoseMgy: null, infantDoseMsv: null },
  ...{ isProceduralFailure: false, isWrongRadiopharmaceutical: false, isLicenceBreach: false },
};
const judge = (facts: Partial<IncidentFacts>, on = '2026-11-23', anyway = false) =>
  judgeIncident(thresholdsOn(ROWS, day(on)), { ...NOTHING, ...facts }, anyway);
const codes = (facts: Partial<IncidentFacts>, on?: string) => judge(facts, on).met.map(({ code }) => code);

const accidental = (actualDoseMsv: number, isChild = false) =>
  ({ exposure: 'ACCIDENTAL', actualDoseMsv, isChild }) as const;
const unintended = (intendedDoseMsv: number, actualDoseMsv: number, isChild = false) =>
  ({ exposure: 'UNINTENDED', intendedDoseMsv, actualDoseMsv, isChild }) as const;

describe('the wrong patient, by the activity', () => {
  const MSV_PER_MBQ = 0.0057;
  it('800 MBq of 99mTc-MDP are 4.56 mSv: code 1', () => {
    expect(doseOf(800, MSV_PER_MBQ)).toBe(4.56);
    expect(judge(accidental(doseOf(800, MSV_PER_MBQ)))).toMatchObject({
      outcome: 'NOTIFIABLE',
      met: [{ code: '1' }],
    });
  });
  it('300 MBq are 1.71 mSv: of an adult not, of a child yes', () => {
    expect(doseOf(300, MSV_PER_MBQ)).toBe(1.71);
    expect(judge(accidental(doseOf(300, MSV_PER_MBQ)))).toEqual({ outcome: 'LOCAL', met: [] });
    expect(codes(accidental(doseOf(300, MSV_PER_MBQ), true))).toEqual(['1']);
  });
});

describe('thresholds, at their boundaries', () => {
  it.each<[string, Partial<IncidentFacts>, string[]]>([
    ['1 adult below', accidental(2.999999), []],
    ['1 adult', accidental(3), ['1']],
    ['1 child below', accidental(0.999999, true), []],
    ['1 child', accidental(1, true), ['1']],
    ['2.1 below', unintended(0.299999, 2.999999), []],
    ['2.1', unintended(0.299999, 3), ['2.1']],
    ['2.1 nothing intended', unintended(0, 3), ['2.1']],
    ['2.1 child', unintended(0.1, 1, true), ['2.1']],
    ['2.2 from 0.3 below', unintended(0.3, 2.999999), []],
    ['2.2 from 0.3', unintended(0.3, 3), ['2.2']],
    ['2.2 near 2.5 below', unintended(2.499999, 24.999989), []],
    ['2.2 near 2.5', unintended(2.499999, 24.99999), ['2.2']],
    ['2.2 of a tenth that computers cannot write', unintended(0.7, 7), ['2.2']],
    ['2.3 from 2.5 below', unintended(2.5, 24.999999), []],
    ['2.3 from 2.5', unintended(2.5, 25), ['2.3']],
    ['2.3 in the middle below', unintended(4.56, 24.99), []],
    ['2.3 in the middle', unintended(4.56, 25), ['2.3']],
    ['2.3 until 10 below', unintended(10, 24.999999), []],
    ['2.3 until 10', unintended(10, 25), ['2.3']],
    ['2.4 above 10 below', unintended(10.000004, 25.000009), []],
    ['2.4 above 10', unintended(10.000004, 25.00001), ['2.4']],
    ['an accident is no unintended exposure', accidental(25), ['1']],
    ['an unintended exposure is no accident', unintended(4.56, 9.12), []],
    ['licence', { isLicenceBreach: true }, ['LICENCE']],
    [
      'radiopharmaceutical',
      { ...unintended(3, 4), isWrongRadiopharmaceutical: true },
      ['RADIOPHARMACEUTICAL'],
    ],
    ['radiopharmaceutical that was not administered', { isWrongRadiopharmaceutical: true }, []],
    ['infant', { infantDoseMsv: 1, isProceduralFailure: true }, ['INFANT']],
    ['infant, procedures followed', { infantDoseMsv: 5 }, []],
    ['infant below', { infantDoseMsv: 0.999999, isProceduralFailure: true }, []],
    ['several', { ...accidental(3), isLicenceBreach: true }, ['1', 'LICENCE']],
  ])('%s', (_, facts, expected) => {
    expect(codes(facts)).toEqual(expected);
  });

  it.each<[string, number, boolean, string[]]>([
    ['2023-05-15', 1, true, ['FOETAL']],
    ['2023-05-15', 9.9, false, []],
    ['2023-05-16', 9.999999, true, []],
    ['2023-05-16', 10, false, ['FOETAL']],
  ])(
    'of an unborn child by the rule of the day: %s, %d mGy',
    (on, foetalDoseMgy, isProceduralFailure, expected) => {
      expect(codes({ foetalDoseMgy, isProceduralFailure }, on)).toEqual(expected);
    },
  );

  it('a code that was dropped is asked no more', () => {
    const dropped = [
      ...ROWS,
      row('INFANT', { basis: 'INFANT_DOSE', isDropped: true, effectiveFrom: day('2027-01-01') }),
    ];
    const held = (on: string) => thresholdsOn(dropped, day(on)).map(({ code }) => code);
    expect(held('2026-12-31')).toContain('INFANT');
    expect(held('2027-01-01')).not.toContain('INFANT');
  });

  it('more dose never makes less of it, and no intended dose falls between two rows', () => {
    const dose = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(
        dose,
        dose,
        fc.double({ min: 0, max: 30, noNaN: true }),
        fc.boolean(),
        (intended, actual, more, isChild) => {
          if (codes(unintended(intended, actual, isChild)).length > 0) {
            expect(codes(unintended(intended, actual + more, isChild))).toHaveLength(1);
          }
          expect(codes(unintended(intended, intended * 100 + 30, isChild))).toHaveLength(1);
        },
      ),
    );
  });
});

describe('what an incident is', () => {
  it.each<[Partial<IncidentFacts>, boolean, string]>([
    [{}, false, 'NEAR_MISS'],
    [accidental(0.1), false, 'LOCAL'],
    [accidental(3), false, 'NOTIFIABLE'],
    [{}, true, 'NOTIFIABLE'],
    [{ isLicenceBreach: true }, false, 'NOTIFIABLE'],
  ])('%#', (facts, anyway, outcome) => {
    expect(judge(facts, undefined, anyway).outcome).toBe(outcome);
  });
});

describe('dated rows', () => {
  it('a child until the day before the birthday', () => {
    const born = day('2008-11-23');
    expect([isChildOn(born, day('2026-11-22'), 18), isChildOn(born, day('2026-11-23'), 18)]).toEqual([
      true,
      false,
    ]);
  });
  it('the newest that held on the day', () => {
    const rows = ['2026-01-01', '2027-01-01'].map((from) => ({ effectiveFrom: day(from) }));
    const from = (on: string) => inForceOn(rows, day(on))?.effectiveFrom.toString();
    expect([from('2025-12-31'), from('2026-01-01'), from('2026-12-31'), from('2027-01-01')]).toEqual([
      ...[undefined, '2026-01-01', '2026-01-01', '2027-01-01'],
    ]);
  });
});
