import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { holdsOn, judgeLicence, type LicenceFacts, lastDayOf } from './licence.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const licence = (parts: Partial<LicenceFacts> = {}): LicenceFacts => ({
  id: 'a',
  kind: 'EMPLOYER',
  number: 'ER/1',
  siteCodes: ['MAIN'],
  staffId: null,
  procedureCodes: ['BONE_SPECT_CT'],
  validFrom: day('2022-04-01'),
  validUntil: day('2027-03-31'),
  endedOn: null,
  ...parts,
});
const employer = (on: string, parts: object = {}) =>
  ({ kind: 'EMPLOYER', siteCode: 'MAIN', procedureCode: 'BONE_SPECT_CT', on: day(on), ...parts }) as const;
const practitioner = (on: string, parts: object = {}) =>
  ({ ...employer(on), kind: 'PRACTITIONER', staffId: 'dr', ...parts }) as const;

describe('a term', () => {
  it.each<[string, boolean]>([
    ['2022-03-31', false],
    ['2022-04-01', true],
    ['2027-03-31', true],
    ['2027-04-01', false],
  ])('includes its first and its last day: %s', (on, holds) => {
    expect(holdsOn(licence(), day(on))).toBe(holds);
  });

  it('ends the day before it was ended, and one that ended on its first day never held', () => {
    const ended = licence({ endedOn: day('2025-06-02') });
    expect(lastDayOf(ended)?.toString()).toBe('2025-06-01');
    expect([holdsOn(ended, day('2025-06-01')), holdsOn(ended, day('2025-06-02'))]).toEqual([true, false]);
    const mistaken = licence({ endedOn: day('2022-04-01') });
    expect(holdsOn(mistaken, day('2022-04-01'))).toBe(false);
  });

  it('holds on exactly the days between, whatever they are', () => {
    const start = day('2026-01-01');
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.option(fc.nat(60)), fc.nat(80), (from, length, ended, on) => {
        const facts = licence({
          validFrom: start.add({ days: from }),
          validUntil: start.add({ days: from + length }),
          endedOn: ended === null ? null : start.add({ days: ended }),
        });
        // Independent of the rule: mark every single day.
        const held = new Set<number>();
        for (let each = from; each <= from + length; each += 1)
          if (ended === null || each < ended) held.add(each);
        expect(holdsOn(facts, start.add({ days: on }))).toBe(held.has(on));
      }),
    );
  });
});

describe('the employer’s licence', () => {
  it('holds on its last day and says until when', () => {
    const standing = judgeLicence([licence()], employer('2027-03-31'));
    expect(standing).toMatchObject({ held: true, licenceId: 'a', number: 'ER/1' });
    expect(standing.reason).toBe(
      'The employer’s licence of the site MAIN, ER/1, holds until Wednesday 31 March 2027.',
    );
  });

  it('that expired the day before does not, and says what to do', () => {
    const standing = judgeLicence([licence()], employer('2027-04-01'));
    expect(standing).toMatchObject({ held: false, number: 'ER/1' });
    expect(standing.reason).toBe(
      'The employer’s licence of the site MAIN, ER/1, expired after Wednesday 31 March 2027. Nothing radioactive may be administered there without one: record the licence, or move the visit.',
    );
  });

  it.each<[string, LicenceFacts[], string]>([
    ['none', [], 'is not recorded'],
    ['of another site', [licence({ siteCodes: ['NORTH'] })], 'is not recorded'],
    [
      'for another procedure',
      [licence({ procedureCodes: ['LUNG'] })],
      'A licence is recorded, but not for BONE_SPECT_CT',
    ],
    ['a practitioner’s only', [licence({ kind: 'PRACTITIONER', staffId: 'dr' })], 'is not recorded'],
    ['to come', [licence({ validFrom: day('2026-12-01') })], 'holds only from Tuesday 1 December 2026 on'],
    [
      'ended',
      [licence({ endedOn: day('2026-11-01') })],
      'was ended; its last day was Saturday 31 October 2026',
    ],
  ])('is missing: %s', (_, licences, words) => {
    const standing = judgeLicence(licences, employer('2026-11-23'));
    expect(standing.held).toBe(false);
    expect(standing.reason).toContain(words);
    expect(standing.reason).toContain('record the licence');
  });

  it('is the one that holds longest of several', () => {
    const longer = licence({ id: 'b', number: 'ER/2', validUntil: day('2032-03-31') });
    expect(judgeLicence([licence(), longer], employer('2027-01-01')).licenceId).toBe('b');
    expect(
      judgeLicence([longer, licence({ endedOn: day('2026-01-01') })], employer('2027-01-01')).licenceId,
    ).toBe('b');
  });
});

describe('a practitioner’s licence', () => {
  const own = (parts: Partial<LicenceFacts> = {}) =>
    licence({ kind: 'PRACTITIONER', staffId: 'dr', siteCodes: [], number: 'PR/1', ...parts });

  it('holds anywhere unless it names sites', () => {
    expect(judgeLicence([own()], practitioner('2026-11-23')).held).toBe(true);
    expect(judgeLicence([own({ siteCodes: ['MAIN', 'NORTH'] })], practitioner('2026-11-23')).held).toBe(true);
    expect(judgeLicence([own({ siteCodes: ['NORTH'] })], practitioner('2026-11-23')).held).toBe(false);
  });

  it('is that person’s and nobody else’s', () => {
    expect(judgeLicence([own({ staffId: 'other' })], practitioner('2026-11-23')).held).toBe(false);
    expect(judgeLicence([own()], practitioner('2026-11-23', { staffId: null })).reason).toContain(
      'No practitioner has justified this yet',
    );
  });
});
