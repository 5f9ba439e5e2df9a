import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameGroupCharacters, nameProblems, type PersonName, tidy, tidyOrNull } from './person-name.rules.js';

const name = (parts: Partial<PersonName> = {}): PersonName => ({
  familyName: 'Brown',
  givenName: 'Zoë',
  middleNames: null,
  namePrefix: null,
  ...parts,
});
const fieldsOf = (parts: Partial<PersonName>) => nameProblems(name(parts)).map(({ field }) => field);

describe('a name', () => {
  it.each([
    {},
    { familyName: "O'Brien-Smith", namePrefix: 'Dr' },
    { familyName: 'Ó Súilleabháin' },
    { familyName: '山田', givenName: '太郎' },
    { familyName: 'X', givenName: 'Y' },
    { familyName: 'de la Cruz, Jr.' },
  ])('%j is taken', (parts) => expect(nameProblems(name(parts))).toEqual([]));

  it.each<[string, Partial<PersonName>]>([
    ['familyName', { familyName: '' }],
    ['givenName', { givenName: '' }],
    ['familyName', { familyName: 'Brown^Zoe' }],
    ['givenName', { givenName: 'A=B' }],
    ['middleNames', { middleNames: 'A\\B' }],
    ['namePrefix', { namePrefix: 'D\nr' }],
    ['familyName', { familyName: 'Brown\u0000' }],
    ['familyName', { familyName: 'Brown\u0085' }],
    ['givenName', { givenName: 'Zo\u202eeoZ' }],
    ['givenName', { givenName: '\ud800' }],
    ['middleNames', { middleNames: 'a'.repeat(60) }],
  ])('is refused for its %s: %j', (field, parts) => expect(fieldsOf(parts)).toEqual([field]));

  it('may have 64 characters with its separators, and no more', () => {
    const room = 64 - nameGroupCharacters(name({ familyName: '' }));
    expect(fieldsOf({ familyName: 'b'.repeat(room) })).toEqual([]);
    expect(fieldsOf({ familyName: 'b'.repeat(room + 1) })).toEqual(['familyName']);
    expect(nameGroupCharacters(name({ familyName: 'Brown', givenName: 'Zoë' }))).toBe(11);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(nameGroupCharacters(name({ familyName: '𠮷'.repeat(10), givenName: '野' }))).toBe(14);
  });

  it('is tidied: composed, trimmed, single spaces; twice is once', () => {
    expect(tidy('  Zoe\u0308 \u00a0 Ann ')).toBe('Zoë Ann');
    expect(tidyOrNull(' \u2003 ')).toBeNull();
    expect(tidyOrNull(undefined)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(tidy(tidy(text))).toBe(tidy(text));
      }),
    );
  });
});
