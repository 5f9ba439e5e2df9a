import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { readSeed } from '../../reference-data.js';
import type { RadiopharmacyData } from '../../reference-radiopharmacy.js';
import { doseOfPerson, faultOfCard, faultOfProtocol, inForceOn, yearsOld } from './dose-protocol.rules.js';

const [seed] = readSeed<RadiopharmacyData>('reference').doseProtocols;
if (seed === undefined) throw new Error('there is no protocol to begin with');
const protocol = { plannedActivityMbq: seed.plannedActivityMbq, paediatric: seed.paediatric };
const day = (text: string) => Temporal.PlainDate.from(text);
const doseOf = (weightKg: number | null, ageYears: number) => {
  const { activity, basis } = doseOfPerson(protocol, { weightKg, ageYears });
  return { mbq: activity.mbq, basis };
};

describe('what a person is to be given', () => {
  it.each([
    [3.5, 40],
    [10, 95],
    [20, 170],
    [30, 240],
    [40, 310],
    [50, 375],
  ])('of %f kg by the card for children: %f MBq', (weightKg, mbq) => {
    expect(doseOf(weightKg, 10)).toEqual({ mbq, basis: 'PAEDIATRIC_CARD' });
  });

  it('as a grown person from the eighteenth birthday on, whatever the weight', () => {
    expect(doseOf(50, 17)).toEqual({ mbq: 375, basis: 'PAEDIATRIC_CARD' });
    expect(doseOf(50, 18)).toEqual({ mbq: 600, basis: 'ADULT' });
    expect(doseOf(null, 18)).toEqual({ mbq: 600, basis: 'ADULT' });
  });

  it('as a child of unknown weight the least, to be weighed', () => {
    expect(doseOf(null, 9)).toEqual({ mbq: 40, basis: 'WEIGHT_MISSING' });
  });

  it('without a card like everybody', () => {
    const { activity } = doseOfPerson({ ...protocol, paediatric: null }, { weightKg: 12, ageYears: 3 });
    expect(activity.mbq).toBe(600);
  });

  it('never less for whoever weighs more, never below the minimum nor above a grown person', () => {
    const weight = fc.double({ min: 0.5, max: 200, noNaN: true });
    fc.assert(
      fc.property(weight, weight, fc.integer({ min: 0, max: 17 }), (a, b, ageYears) => {
        const [light, heavy] = [Math.min(a, b), Math.max(a, b)].map(
          (weightKg) => doseOf(weightKg, ageYears).mbq,
        );
        expect(light).toBeLessThanOrEqual(heavy ?? 0);
        expect(light).toBeGreaterThanOrEqual(40);
        expect(heavy).toBeLessThanOrEqual(600);
      }),
    );
  });
});

describe('a protocol as it is entered', () => {
  const entered = { uptakeMinutesMin: 120, uptakeMinutesTarget: 180, uptakeMinutesMax: 300 };
  const level = { drlMbq: 800, drlCitation: 'ARSAC', drlDatedOn: '2026-01-01' };
  const line = (weightKg: number, multiple: number) => ({ weightKg, multiple });

  it.each([
    ['a range the wrong way round', { activityMbqMin: 740, activityMbqMax: 300 }],
    ['a level without its citation', { ...level, drlCitation: null }],
    ['a level without its date', { ...level, drlDatedOn: null }],
    ['a citation of no level', { ...level, drlMbq: null }],
    ['an aim outside of its window', { uptakeMinutesTarget: 301 }],
    ['an empty card', { paediatric: { multiples: [] } }],
    ['a card with a weight twice', { paediatric: { multiples: [line(3, 1), line(3, 2)] } }],
    [
      'a card that gives more to whoever weighs less',
      { paediatric: { multiples: [line(10, 2), line(3, 3)] } },
    ],
  ])('is refused with %s', (_, wrong) => {
    expect(faultOfProtocol({ ...entered, ...wrong })).not.toBeNull();
  });

  it('is taken when it is whole', () => {
    expect(faultOfProtocol({ ...entered, ...level, activityMbqMin: 300, activityMbqMax: 740 })).toBeNull();
    expect(faultOfCard(protocol.paediatric)).toBeNull();
  });
});

describe('age and dated rows', () => {
  it.each([
    ['2014-11-24', '2026-11-23', 11],
    ['2014-11-24', '2026-11-24', 12],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2026-11-24', '2026-11-23', 0],
  ])('somebody born on %s is on %s %i years old', (born, on, years) => {
    expect(yearsOld(day(born), day(on))).toBe(years);
  });

  it('the row that began last holds, none before the first', () => {
    const rows = ['2026-03-01', '2026-01-01', '2027-01-01'].map((text) => ({ effectiveFrom: day(text) }));
    expect(inForceOn(rows, day('2025-12-31'))).toBeNull();
    expect(inForceOn(rows, day('2026-02-28'))?.effectiveFrom.toString()).toBe('2026-01-01');
    expect(inForceOn(rows, day('2026-03-01'))?.effectiveFrom.toString()).toBe('2026-03-01');
    expect(inForceOn(rows, day('2030-01-01'))?.effectiveFrom.toString()).toBe('2027-01-01');
  });
});
