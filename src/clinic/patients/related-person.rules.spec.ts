import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { isProxyInForce, type RelatedPersonEntry, readRelatedPerson } from './related-person.rules.js';

const ground = { dateOfBirth: '2010-05-01', today: Temporal.PlainDate.from('2026-03-02') };
const read = (entry: Partial<RelatedPersonEntry>, on = ground) =>
  readRelatedPerson({ name: 'Ana Fernández', relationship: 'PARENT', ...entry }, on);
const seen = { evidence: 'Birth certificate seen' } as const;

describe('somebody who belongs to a patient', () => {
  it('is kept tidied, with nothing that was not said', () => {
    expect(read({ name: '  Ana   Fernández ', phone: '07700 900789', email: 'Ana@EXAMPLE.org' })).toEqual({
      ...{ name: 'Ana Fernández', relationship: 'PARENT', relationshipText: null },
      ...{ phoneE164: '+447700900789', phoneAsEntered: '07700 900789', email: 'Ana@example.org' },
      ...{ isNextOfKin: false, isEmergencyContact: false, proxy: null },
    });
  });

  it.each<[Partial<RelatedPersonEntry>, RegExp]>([
    [{ name: '' }, /^name/],
    [{ name: 'x'.repeat(65) }, /^name/],
    [{ name: 'a\u202eb' }, /^name/],
    [{ phone: '123' }, /^phone/],
    [{ email: 'nobody' }, /^email/],
    [{ isEmergencyContact: true }, /^isEmergencyContact/],
    [{ relationshipText: 'x'.repeat(201) }, /^relationshipText/],
    [{ proxy: { basis: 'DEPUTY', evidence: '' } }, /^proxy.evidence/],
    [{ proxy: { basis: 'OTHER', ...seen, fromOn: '2026-02-30' } }, /^proxy.fromOn/],
    [{ proxy: { basis: 'OTHER', ...seen, fromOn: '2026-02-02', untilOn: '2026-02-01' } }, /^proxy.untilOn/],
  ])('%j is refused', (entry, message) => {
    expect(read(entry)).toEqual([expect.stringMatching(message)]);
  });
});

describe('a parent', () => {
  const until = (untilOn: string | null) => {
    const person = read({ proxy: { basis: 'PARENT', ...seen, untilOn } });
    return 'name' in person ? person.proxy?.untilOn : person;
  };

  it('decides until the day before the eighteenth birthday, or an earlier one', () => {
    expect([until(null), until('2040-01-01'), until('2027-01-01')]).toEqual([
      '2028-04-30',
      '2028-04-30',
      '2027-01-01',
    ]);
  });

  it('does not decide for somebody of age', () => {
    const on = { ...ground, today: Temporal.PlainDate.from('2028-05-01') };
    expect(read({ proxy: { basis: 'PARENT', ...seen } }, on)).toEqual([
      expect.stringMatching(/^proxy.basis/),
    ]);
  });
});

it.each([
  [{}, true],
  [{ proxyBasis: null }, false],
  [{ proxyFromOn: '2026-03-03' }, false],
  [{ proxyUntilOn: '2026-03-01' }, false],
  [{ proxyUntilOn: '2026-03-02' }, true],
  [{ proxyRevokedAt: 'yesterday' }, false],
  [{ endedAt: 'yesterday' }, false],
])('with %j a right holds: %s', (parts, holds) => {
  const person = {
    ...{ proxyBasis: 'LPA_HEALTH' as const, proxyFromOn: null, proxyUntilOn: null, proxyRevokedAt: null },
    ...{ endedAt: null, ...parts },
  };
  expect(isProxyInForce(person, ground.today)).toBe(holds);
});
