import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { nhsCheckDigit } from './nhs-number.rules.js';
import { type PatientSearch, readSearch } from './patient-search.rules.js';

describe('what a search means', () => {
  it.each<[string, PatientSearch]>([
    ['Brown', { kind: 'NAME', words: ['Brown'] }],
    ['  zoë   brown ', { kind: 'NAME', words: ['zoë', 'brown'] }],
    ['Brown, Zoë', { kind: 'NAME', words: ['Brown', 'Zoë'] }],
    ["O'Brien", { kind: 'NAME', words: ['OBrien'] }],
    ['Smith-Jones', { kind: 'NAME', words: ['Smith', 'Jones'] }],
    ['Li', { kind: 'NAME', words: ['Li'] }],
    ['A Li', { kind: 'NAME', words: ['A', 'Li'] }],
    ['100% Brown', { kind: 'NAME', words: ['Brown'] }],
    ['Fx 12', { kind: 'NAME', words: ['Fx'] }],
    ['1980-01-02', { kind: 'DATE_OF_BIRTH', dateOfBirth: '1980-01-02' }],
    ['02/01/1980', { kind: 'DATE_OF_BIRTH', dateOfBirth: '1980-01-02' }],
    ['2.1.1980', { kind: 'DATE_OF_BIRTH', dateOfBirth: '1980-01-02' }],
    ['02-01-1980', { kind: 'DATE_OF_BIRTH', dateOfBirth: '1980-01-02' }],
    ['29/02/2024', { kind: 'DATE_OF_BIRTH', dateOfBirth: '2024-02-29' }],
    ['F0000123', { kind: 'LOCAL_NUMBER', localNumber: 'F0000123' }],
    ['f123', { kind: 'LOCAL_NUMBER', localNumber: 'F0000123' }],
    ['943 476 5919', { kind: 'NHS_NUMBER', nhsNumber: '9434765919', phone: '+449434765919' }],
    ['07700 900123', { kind: 'PHONE', phone: '+447700900123' }],
    ['+44 7700 900123', { kind: 'PHONE', phone: '+447700900123' }],
  ])('%j', (typed, expected) => expect(readSearch(typed)).toEqual(expected));

  it.each([
    '',
    ' ',
    'a',
    ' b ',
    "'a'",
    '31/02/1980',
    '1980-13-01',
    '29/02/2023',
    '0770',
    '123',
    '%%',
    '??',
    '-- --',
    'ab\u0000',
    'x'.repeat(101),
    'a b c d e f g h i',
  ])('%j is unclear, and the answer says what to type', (typed) => {
    expect(readSearch(typed)).toEqual({
      kind: 'UNCLEAR',
      message: expect.stringMatching(/^(Type|There is|This is)/),
    });
  });

  it('knows every NHS number with spaces', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[4-9]\d{8}$/), (first) => {
        const check = nhsCheckDigit(first);
        fc.pre(check !== null && new Set(`${first}${check}`).size > 1);
        const digits = `${first}${check}`;
        const spaced = `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
        expect(readSearch(spaced)).toMatchObject({ kind: 'NHS_NUMBER', nhsNumber: digits });
      }),
    );
  });

  it('knows every day in both spellings', () => {
    const first = Temporal.PlainDate.from('1900-01-01');
    fc.assert(
      fc.property(fc.nat(73_000), (days) => {
        const iso = first.add({ days }).toString();
        const [year, month, day] = iso.split('-');
        const expected = { kind: 'DATE_OF_BIRTH', dateOfBirth: iso };
        expect(readSearch(iso)).toEqual(expected);
        expect(readSearch(`${day}/${month}/${year}`)).toEqual(expected);
      }),
    );
  });

  it('never throws, and never lets a wildcard through in an empty word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const search = readSearch(typed);
        if (search.kind === 'NAME') expect(search.words.every((word) => /\p{L}/u.test(word))).toBe(true);
      }),
    );
  });
});
