import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlike, type Likeness, reasonsToAsk, slipsBetween, swappedDate } from './duplicate.rules.js';

const zoe: Likeness = {
  familyName: 'Brown',
  givenName: 'Zoë',
  dateOfBirth: '1980-01-02',
  phones: ['+447700900123'],
  email: 'zoe@example.org',
};
const stranger: Likeness = {
  familyName: 'Okafor',
  givenName: 'Michael',
  dateOfBirth: '1955-07-30',
  phones: [],
  email: null,
};
const reasons = (other: Partial<Likeness>) => reasonsToAsk(zoe, { ...stranger, ...other });

describe('names that are alike', () => {
  it.each([
    ['Brown', 'BROWN'],
    ['Zoë', 'Zoe'],
    ["O'Brien", 'O’Brien'],
    ["O'Brien", 'OBrien'],
    ['Smith-Jones', 'Smith Jones'],
    ['Smith-Jones', 'Jones'],
    ['Rob', 'Robert'],
    ['J', 'John'],
    ['Jonh', 'John'],
    ['Browne', 'Brown'],
    ['Catherine', 'Katharine'],
    ['de la Cruz', 'Delacruz'],
  ])('%s and %s', (one, other) => {
    expect(isAlike(one, other)).toBe(true);
    expect(isAlike(other, one)).toBe(true);
  });

  it.each([
    ['Ann', 'Ian'],
    ['Jo', 'Joan'],
    ['Brown', 'Green'],
    ['Anna', 'Emma'],
    ['Li', 'Lu'],
    ['', ''],
    ['-', "'"],
  ])('but not %j and %j', (one, other) => expect(isAlike(one, other)).toBe(false));

  it('counts slips: none for the same, one for any one, the same both ways', () => {
    const word = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(word, word, fc.nat(11), (one, other, at) => {
        expect(slipsBetween(one, one)).toBe(0);
        expect(slipsBetween(one, other)).toBe(slipsBetween(other, one));
        expect(slipsBetween(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
        const without = one.slice(0, at % one.length) + one.slice((at % one.length) + 1);
        expect(slipsBetween(one, without)).toBe(1);
      }),
    );
  });
});

describe('a likely duplicate', () => {
  it.each<[string, Partial<Likeness>, readonly string[]]>([
    ['a stranger', {}, []],
    ['the same day of birth alone', { dateOfBirth: '1980-01-02' }, []],
    ['the same name alone', { familyName: 'Brown', givenName: 'Zoe' }, []],
    ['the same phone alone (a household)', { phones: ['+447700900123'] }, []],
    ['the same e-mail alone', { email: 'zoe@example.org' }, []],
    [
      'day of birth and name',
      { familyName: 'brown', givenName: 'ZOE', dateOfBirth: '1980-01-02' },
      ['SAME_DATE_OF_BIRTH_SIMILAR_NAME'],
    ],
    [
      'day of birth and the name before marriage',
      { familyName: 'Nwosu', givenName: 'Zoe', dateOfBirth: '1980-01-02' },
      ['SAME_DATE_OF_BIRTH_SIMILAR_NAME'],
    ],
    [
      'day of birth and names changed over',
      { familyName: 'Zoe', givenName: 'Brown', dateOfBirth: '1980-01-02' },
      ['SAME_DATE_OF_BIRTH_SIMILAR_NAME'],
    ],
    [
      'day and month changed over, same name',
      { familyName: 'Brown', givenName: 'Zoe', dateOfBirth: '1980-02-01' },
      ['DAY_AND_MONTH_SWAPPED'],
    ],
    ['day and month changed over, half the name', { familyName: 'Brown', dateOfBirth: '1980-02-01' }, []],
    [
      'name and phone',
      { familyName: 'Browne', givenName: 'Zoe', phones: ['+442079460018', '+447700900123'] },
      ['SAME_NAME_SAME_PHONE'],
    ],
    [
      'name and e-mail',
      { familyName: 'Brown', givenName: 'Z', email: 'Zoe@Example.ORG' },
      ['SAME_NAME_SAME_EMAIL'],
    ],
  ])('%s', (_, other, expected) => expect(reasons(other)).toEqual(expected));

  it('is the same question both ways round', () => {
    const person: fc.Arbitrary<Likeness> = fc.record({
      familyName: fc.constantFrom('Brown', 'Browne', 'Zoe', 'Smith-Jones', 'Li'),
      givenName: fc.constantFrom('Zoë', 'Zoe', 'Brown', 'Z', 'Jones'),
      dateOfBirth: fc.constantFrom('1980-01-02', '1980-02-01', '1980-01-13', '1980-03-03'),
      phones: fc.subarray(['+447700900123', '+442079460018']),
      email: fc.constantFrom(null, 'a@example.org', 'A@example.org', 'b@example.org'),
    });
    fc.assert(
      fc.property(person, person, (one, other) => {
        expect(reasonsToAsk(one, other)).toEqual(reasonsToAsk(other, one));
      }),
    );
  });

  it('swaps day and month only where both are dates and differ', () => {
    expect(swappedDate('1980-01-02')).toBe('1980-02-01');
    expect(swappedDate('1980-01-13')).toBeNull();
    expect(swappedDate('1980-03-03')).toBeNull();
  });
});
