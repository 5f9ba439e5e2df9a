import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';
import {
  CONFLICT_WORDS,
  conflictsOf,
  conflictText,
  type DoseFacts,
  neededAtCalibration,
  type OrderedLine,
  serves,
  wasteVerdicts,
} from './planned-dose.rules.js';

const TC99M = { halfLifeHours: 6.0067 };
const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}:00Z`);
const CUT_OFF = Temporal.Instant.from('2026-11-27T14:00:00Z');
const BEFORE = CUT_OFF;
const AFTER = CUT_OFF.add({ seconds: 1 });

const DOSE: DoseFacts = {
  status: 'WANTED',
  basis: 'ADULT',
  siteCode: 'MAIN',
  tracerCode: 'TC99M_MDP',
  injectionAt: at('09:00'),
  plannedActivityMbq: 600,
  supplierId: 'supplier',
  termsId: 'terms',
  deliversAt: at('07:30'),
  cutOffAt: CUT_OFF,
  isDrawn: false,
};
const needed = (injectionAt: Temporal.Instant) =>
  neededAtCalibration(Activity.ofMbq(600), TC99M, injectionAt, at('08:00')).mbq;
const LINE: OrderedLine = {
  id: 'line',
  siteCode: 'MAIN',
  tracerCode: 'TC99M_MDP',
  deliversAt: at('07:30'),
  calibratedAt: at('08:00'),
  activityAtCalibrationMbq: needed(at('09:00')),
  halfLifeHours: 6.0067,
  cutOffAt: CUT_OFF,
  shortfallPercentMax: 10,
};

describe('what is needed at the time of calibration', () => {
  it.each([
    [600, '09:30', 713.4],
    [800, '11:30', 1198.1],
    [600, '09:00', 673.4],
    [600, '14:00', 1199.1],
    [600, '08:00', 600],
    [600, '07:45', 583],
  ])('for %f MBq at %s are %f MBq at 08:00', (planned, injection, expected) => {
    const { mbq } = neededAtCalibration(Activity.ofMbq(planned), TC99M, at(injection), at('08:00'));
    expect(mbq).toBeCloseTo(expected, 0);
  });

  it('a patient who is moved needs what decays in between more, as halvings say', () => {
    const planned = fc.double({ min: 1, max: 1_000, noNaN: true });
    const minutes = fc.integer({ min: -300, max: 600 });
    fc.assert(
      fc.property(planned, minutes, minutes, (mbq, first, then) => {
        const of = (minute: number) =>
          neededAtCalibration(Activity.ofMbq(mbq), TC99M, at('08:00').add({ minutes: minute }), at('08:00'))
            .mbq;
        expect(of(then) / of(first)).toBeCloseTo(2 ** ((then - first) / 60 / 6.0067), 9);
        expect(of(first) * 0.5 ** (first / 60 / 6.0067)).toBeCloseTo(mbq, 6);
      }),
    );
  });
});

describe('an ordered dose', () => {
  it('serves the visit as it was ordered for, and a little later while enough is left', () => {
    expect(serves(LINE, DOSE)).toBe(true);
    expect(serves(LINE, { ...DOSE, injectionAt: at('09:50') })).toBe(true);
    expect(serves(LINE, { ...DOSE, injectionAt: at('10:00') })).toBe(false);
    expect(serves(LINE, { ...DOSE, injectionAt: at('14:00') })).toBe(false);
  });

  it('serves earlier, since less is drawn of it, but not before it comes', () => {
    expect(serves(LINE, { ...DOSE, injectionAt: at('07:30') })).toBe(true);
    expect(serves(LINE, { ...DOSE, injectionAt: at('07:29') })).toBe(false);
  });

  it.each([
    ['at another site', { siteCode: 'NORTH' }],
    ['of another tracer', { tracerCode: 'TC99M_HDP' }],
    ['for a visit that was cancelled', { status: 'NOT_WANTED' }],
    ['for a heavier child', { plannedActivityMbq: 700 }],
  ] as const)('does not serve %s', (_, other) => {
    expect(serves(LINE, { ...DOSE, ...other })).toBe(false);
  });

  it('that was drawn has served', () => {
    expect(serves(LINE, { ...DOSE, status: 'NOT_WANTED', isDrawn: true })).toBe(true);
  });
});

describe('what stands in the way', () => {
  const moved = { ...DOSE, injectionAt: at('14:00') };
  const cancelled = { ...DOSE, status: 'NOT_WANTED' } as const;

  it.each([
    ['nothing, before it is ordered', DOSE, [], false, BEFORE, []],
    ['nothing, when it is ordered as it is wanted', DOSE, [LINE], true, AFTER, []],
    ['the cut-off, when it was not ordered', DOSE, [], false, AFTER, ['CUT_OFF_PASSED']],
    ['the order, when the day went out without it', DOSE, [], true, BEFORE, ['ORDER_TO_AMEND']],
    ['the order, when it was moved in time', moved, [LINE], true, BEFORE, ['ORDER_TO_AMEND']],
    [
      'the cut-off, when it was moved too late',
      moved,
      [LINE],
      true,
      AFTER,
      ['CUT_OFF_PASSED', 'DOSE_WASTED'],
    ],
    ['the order, when it was cancelled in time', cancelled, [LINE], true, BEFORE, ['ORDER_TO_AMEND']],
    ['a dose for nobody, when it was cancelled too late', cancelled, [LINE], true, AFTER, ['DOSE_WASTED']],
    ['nothing, when it was cancelled and never ordered', cancelled, [], false, AFTER, []],
    ['nobody who supplies it', { ...DOSE, supplierId: null }, [], false, BEFORE, ['NO_SUPPLIER']],
    ['a supplier without terms', { ...DOSE, termsId: null }, [], false, BEFORE, ['NO_SUPPLIER']],
    ['no delivery in time', { ...DOSE, deliversAt: null, cutOffAt: null }, [], true, AFTER, ['NO_DELIVERY']],
    ['a weight', { ...DOSE, basis: 'WEIGHT_MISSING' }, [], false, BEFORE, ['WEIGHT_MISSING']],
    ['nothing, once it is drawn', { ...moved, isDrawn: true }, [LINE], true, AFTER, []],
  ] as const)('%s', (_, dose, lines, isSent, now, expected) => {
    expect(conflictsOf(dose, lines, isSent, now)).toEqual(expected);
  });

  it('is said in sentences that say what to do', () => {
    expect(conflictText([])).toBeNull();
    expect(conflictText(['NO_DELIVERY', 'DOSE_WASTED'])).toBe(
      `${CONFLICT_WORDS.NO_DELIVERY} ${CONFLICT_WORDS.DOSE_WASTED}`,
    );
  });
});

describe('a wasted dose', () => {
  it('is one that nobody can use, after the cut-off and not at its very moment', () => {
    const moved = { ...DOSE, injectionAt: at('14:00') };
    expect(wasteVerdicts(moved, [LINE], BEFORE)).toEqual([]);
    expect(wasteVerdicts(moved, [LINE], AFTER)).toEqual([{ lineId: 'line', reason: 'MOVED' }]);
    expect(wasteVerdicts({ ...DOSE, status: 'NOT_WANTED' }, [LINE], AFTER)).toEqual([
      { lineId: 'line', reason: 'NOT_WANTED' },
    ]);
  });

  it('is none any more when the visit is put back', () => {
    expect(wasteVerdicts(DOSE, [LINE], AFTER)).toEqual([{ lineId: 'line', reason: null }]);
  });
});
