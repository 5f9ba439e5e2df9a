import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeMobile, toE164 } from './phone.rules.js';

describe('telephone numbers', () => {
  it.each([
    ['07700 900123', '+447700900123'],
    ['+44 7700 900123', '+447700900123'],
    ['+44 (0)7700 900 123', '+447700900123'],
    ['0044 7700 900123', '+447700900123'],
    ['07700-900-123', '+447700900123'],
    ['(020) 7946 0018', '+442079460018'],
    ['020 7946 0018', '+442079460018'],
    ['+33 6 12 34 56 78', '+33612345678'],
    ['+1 202-555-0100', '+12025550100'],
    ['０７７００ ９００１２３', '+447700900123'],
  ])('%s is %s', (typed, e164) => expect(toE164(typed)).toBe(e164));

  it.each([
    '',
    'ring me',
    '0770',
    '999',
    '07700 90012',
    '07700 9001234',
    '020 7946 0018 ext 12',
    'Tel: 07700 900123',
    '+49000000',
    '+999 123 456 789',
    '+44 7700 900123 / 07700 900124',
  ])('%j is not one', (typed) => expect(toE164(typed)).toBeNull());

  it('takes every number of the range for fiction, nationally or with +44', () => {
    fc.assert(
      fc.property(fc.nat(999), (last) => {
        const end = `900${String(last).padStart(3, '0')}`;
        expect(toE164(`07700 ${end}`)).toBe(`+447700${end}`);
        expect(toE164(`+44 7700 ${end}`)).toBe(`+447700${end}`);
      }),
    );
  });

  it('reads its own answer back', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9]{5,16}$/), (typed) => {
        const e164 = toE164(typed);
        if (e164 !== null) expect(toE164(e164)).toBe(e164);
      }),
    );
  });

  it('knows that a British landline gets no text message', () => {
    expect(canBeMobile('+442079460018')).toBe(false);
    expect(canBeMobile('+447700900123')).toBe(true);
    expect(canBeMobile('+33612345678')).toBe(true);
  });
});
