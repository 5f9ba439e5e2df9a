import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegistrationBody } from '../../platform/database/generated/enums.js';
import {
  displayName,
  entitlementProblem,
  isEntitledOn,
  type ReferrerEntry,
  readOdsCode,
  readRegistration,
  referrerEntryProblem,
} from './referrer.rules.js';

const entry: ReferrerEntry = {
  kind: 'GP',
  title: 'Dr',
  name: 'Zoë Hart',
  registrationBody: 'GMC',
  registration: '1234567',
  odsCode: 'A81001',
};

describe('a registration', () => {
  it.each([
    ['GMC', ' c 123 4567 ', '1234567'],
    ['GMC', '1234567', '1234567'],
    ['GMC', '123456', '123456'],
    ['HCPC', 'ph123456', 'PH123456'],
    ['NMC', '12a3456e', '12A3456E'],
    [null, 'x', 'X'],
    ['GMC', null, null],
  ] as const)('of %s typed %j is kept as %j', (body, typed, kept) => {
    expect(readRegistration(body, typed)).toBe(kept);
  });

  it('is kept the same when it is read again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(RegistrationBody)), fc.string(), (body, typed) => {
        const once = readRegistration(body, typed);
        expect(readRegistration(body, once)).toBe(once);
      }),
    );
  });
});

describe('an entry', () => {
  it.each([
    entry,
    { ...entry, title: null },
    { ...entry, registrationBody: null, registration: null, odsCode: null },
    { ...entry, title: null, name: 'x'.repeat(64) },
    { ...entry, registrationBody: 'OTHER' as const, registration: 'AB-12' },
  ])('is taken: %j', (said) => expect(referrerEntryProblem(said)).toBeNull());

  it.each([
    [{ ...entry, kind: 'SELF' as const }, 'kind'],
    [{ ...entry, name: '' }, 'name'],
    [{ ...entry, name: 'x'.repeat(62) }, 'name'],
    [{ ...entry, name: 'a=b' }, 'name'],
    [{ ...entry, registration: '123456' }, 'registration'],
    [{ ...entry, registration: null }, 'registration'],
    [{ ...entry, registrationBody: null }, 'registration'],
    [{ ...entry, registrationBody: 'HCPC' as const }, 'registration'],
    [{ ...entry, odsCode: 'AB' }, 'odsCode'],
    [{ ...entry, odsCode: 'A-81001' }, 'odsCode'],
  ])('is refused: %j, naming %s', (said, field) => {
    expect(referrerEntryProblem(said)).toMatch(`${field}: `);
  });

  it('has its title in its name, and its ODS code in capitals', () => {
    expect([displayName(entry), displayName({ ...entry, title: null })]).toEqual(['Dr Zoë Hart', 'Zoë Hart']);
    expect([readOdsCode(' a81 001 '), readOdsCode(null)]).toEqual(['A81001', null]);
  });
});

describe('an entitlement', () => {
  const since = { isEntitled: true, entitledFrom: '2026-03-01', entitledUntil: null };
  it.each([
    [since, '2026-02-28', false],
    [since, '2026-03-01', true],
    [{ ...since, entitledUntil: '2026-03-31' }, '2026-03-31', true],
    [{ ...since, entitledUntil: '2026-03-31' }, '2026-04-01', false],
    [{ ...since, entitledFrom: null }, '1990-01-01', true],
    [{ ...since, isEntitled: false }, '2026-03-01', false],
  ])('%j holds on %s: %s', (said, day, holds) => expect(isEntitledOn(said, day)).toBe(holds));

  it('ends on its first day or later, and has no days when it is not given', () => {
    expect(entitlementProblem({ ...since, entitledUntil: '2026-03-01' })).toBeNull();
    expect(entitlementProblem({ ...since, entitledUntil: '2026-02-28' })).toMatch('until: ');
    expect(entitlementProblem({ ...since, isEntitled: false })).toMatch('from: ');
  });
});
