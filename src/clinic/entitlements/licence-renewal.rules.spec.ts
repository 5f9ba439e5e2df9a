import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import type { LicenceFacts } from './licence.rules.js';
import { isRenewed, lookAtRenewal, renewalDays, renewalState } from './licence-renewal.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const WEEKS = { applyWeeks: 8, remindWeeks: 14, remindAgainDays: 14 };
const licence: LicenceFacts = {
  id: 'a',
  kind: 'EMPLOYER',
  number: 'ER/1',
  siteCodes: ['MAIN'],
  staffId: null,
  procedureCodes: ['BONE_SPECT_CT', 'BONE_SPECT_CT_EARLY'],
  validFrom: day('2022-04-01'),
  validUntil: day('2027-03-31'),
  endedOn: null,
};
const facts = (parts: object = {}) => ({
  licence,
  others: [licence],
  isAppliedFor: false,
  weeks: WEEKS,
  ...parts,
});
const next = (parts: Partial<LicenceFacts> = {}): LicenceFacts => ({
  ...licence,
  id: 'b',
  number: 'ER/2',
  validFrom: day('2027-04-01'),
  validUntil: day('2032-03-31'),
  ...parts,
});

describe('the days of a renewal', () => {
  it('are 14 and 8 weeks before the last day', () => {
    const { remindFrom, applyBy } = renewalDays(licence, WEEKS);
    expect([remindFrom.toString(), applyBy.toString()]).toEqual(['2026-12-23', '2027-02-03']);
  });

  it.each<[string, string]>([
    ['2026-12-22', 'NOT_YET'],
    ['2026-12-23', 'DUE'],
    ['2027-02-03', 'DUE'],
    ['2027-02-04', 'LATE'],
    ['2027-03-31', 'LATE'],
    ['2027-04-01', 'EXPIRED'],
  ])('on %s: %s', (today, state) => {
    expect(renewalState(facts(), day(today))).toBe(state);
  });

  it('an application changes nothing about the last day', () => {
    const applied = facts({ isAppliedFor: true });
    expect(renewalState(applied, day('2027-03-31'))).toBe('APPLIED');
    expect(renewalState(applied, day('2027-04-01'))).toBe('EXPIRED');
  });
});

describe('renewed', () => {
  it.each<[string, LicenceFacts[], boolean]>([
    ['nothing follows', [licence], false],
    ['all goes on', [licence, next()], true],
    ['a day is missing', [licence, next({ validFrom: day('2027-04-02') })], false],
    ['overlapping', [licence, next({ validFrom: day('2027-01-01') })], true],
    ['a procedure is missing', [licence, next({ procedureCodes: ['BONE_SPECT_CT'] })], false],
    [
      'by two together',
      [
        licence,
        next({ procedureCodes: ['BONE_SPECT_CT'] }),
        next({ id: 'c', procedureCodes: ['BONE_SPECT_CT_EARLY'] }),
      ],
      true,
    ],
    ['of another site', [licence, next({ siteCodes: ['NORTH'] })], false],
    ['ended already', [licence, next({ endedOn: day('2027-04-01') })], false],
  ])('%s', (_, others, renewed) => {
    expect(isRenewed(licence, others)).toBe(renewed);
  });

  it('a practitioner’s for any site follows one for some, and not the other way round', () => {
    const own = { ...licence, kind: 'PRACTITIONER', staffId: 'dr' } as const;
    const anywhere = next({ kind: 'PRACTITIONER', staffId: 'dr', siteCodes: [] });
    expect(isRenewed(own, [anywhere])).toBe(true);
    expect(isRenewed({ ...own, siteCodes: [] }, [next({ kind: 'PRACTITIONER', staffId: 'dr' })])).toBe(false);
    expect(isRenewed(own, [{ ...anywhere, staffId: 'other' }])).toBe(false);
  });
});

describe('looking at a licence, day after day', () => {
  /** Follows the advice of each look, as the job does. */
  function tellings(parts: object, from: string): string[] {
    const told: string[] = [];
    let remindedOn: Temporal.PlainDate | null = null;
    let today: Temporal.PlainDate | null = day(from);
    for (let looks = 0; today !== null && looks < 100; looks += 1) {
      const look = lookAtRenewal({ ...facts(parts), remindedOn }, today);
      // A look that is repeated tells nothing twice.
      if (look.isToTell) {
        remindedOn = today;
        told.push(today.toString());
        expect(lookAtRenewal({ ...facts(parts), remindedOn }, today).isToTell).toBe(false);
      }
      if (look.again !== null) expect(Temporal.PlainDate.compare(today, look.again)).toBe(-1);
      today = look.again;
    }
    return told;
  }

  it('tells at 14 weeks, every 14 days, on the day after the last for the application, and on the last day', () => {
    expect(tellings({}, '2026-01-01')).toEqual([
      ...['2026-12-23', '2027-01-06', '2027-01-20', '2027-02-03', '2027-02-04'],
      ...['2027-02-18', '2027-03-04', '2027-03-18', '2027-03-31'],
    ]);
  });

  it('tells whoever has applied on the last day only', () => {
    expect(tellings({ isAppliedFor: true }, '2026-01-01')).toEqual(['2027-03-31']);
    expect(tellings({ isAppliedFor: true }, '2027-01-01')).toEqual(['2027-03-31']);
  });

  it('tells nobody of what is renewed, ended or over', () => {
    expect(tellings({ others: [licence, next()] }, '2027-01-01')).toEqual([]);
    expect(tellings({ licence: { ...licence, endedOn: day('2026-06-01') } }, '2027-01-01')).toEqual([]);
    expect(tellings({}, '2027-04-01')).toEqual([]);
  });

  it('tells at once of one that was recorded late', () => {
    expect(tellings({}, '2027-03-30')).toEqual(['2027-03-30', '2027-03-31']);
    expect(tellings({}, '2027-03-31')).toEqual(['2027-03-31']);
  });
});
