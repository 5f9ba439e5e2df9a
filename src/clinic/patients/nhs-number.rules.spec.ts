import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayNhsNumber, nhsCheckDigit, readNhsNumber } from './nhs-number.rules.js';

const nine = fc.stringMatching(/^\d{9}$/);

/** Written the other way round from the rule: the whole weighted sum, check digit included, is a multiple of 11. */
function holdsModulus11(ten: string): boolean {
  let sum = 0;
  for (let index = 0; index < 10; index += 1) sum += Number(ten[index]) * (10 - index);
  return sum % 11 === 0;
}

describe('NHS numbers', () => {
  it.each([
    '9434765919',
    '9990000018',
    '9990000026',
    '9990000034',
    '9990000042',
    '9990000050',
    '9990000069',
    '9990000077',
    '9990000085',
    '9990000093',
    '9912003888',
  ])('takes %s', (digits) => expect(readNhsNumber(digits)).toBe(digits));

  it.each(['943 476 5919', ' 9434765919 ', '943-476-5919', '943\u00a0476\u20115919', '9 4 3 4 7 6 5 9 1 9'])(
    'takes %j without its separators',
    (typed) => expect(readNhsNumber(typed)).toBe('9434765919'),
  );

  it.each([
    '',
    '0000000000',
    '1111111111',
    '9999999999',
    '999 123 4567',
    '9434765918',
    '943476591',
    '94347659190',
    '943476591X',
    '９４３４７６５９１９',
  ])('refuses %j', (typed) => expect(readNhsNumber(typed)).toBeNull());

  it('refuses every number that begins with 999123456 or 999000000 and has no check digit', () => {
    expect(nhsCheckDigit('999123456')).toBeNull();
    for (let last = 0; last <= 9; last += 1) expect(readNhsNumber(`999123456${last}`)).toBeNull();
  });

  it('takes the one right check digit and refuses the other nine', () => {
    fc.assert(
      fc.property(nine, (first) => {
        const accepted = [...'0123456789'].filter((last) => readNhsNumber(first + last) !== null);
        const expected = [...'0123456789'].filter(
          (last) => holdsModulus11(first + last) && new Set(first + last).size > 1,
        );
        expect(accepted).toEqual(expected);
      }),
    );
  });

  it('refuses every change of a single digit', () => {
    const change = fc.record({ first: nine, at: fc.nat(9), by: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(change, ({ first, at, by }) => {
        const check = nhsCheckDigit(first);
        fc.pre(check !== null);
        const right = `${first}${check}`;
        const digit = (Number(right[at]) + by) % 10;
        expect(readNhsNumber(right.slice(0, at) + digit + right.slice(at + 1))).toBeNull();
      }),
    );
  });

  it('is shown 3-3-4, and reads back', () => {
    expect(displayNhsNumber('9434765919')).toBe('943 476 5919');
    expect(readNhsNumber(displayNhsNumber('9434765919'))).toBe('9434765919');
  });
});
