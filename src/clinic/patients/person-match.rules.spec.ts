import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeMatch,
  type KnownPerson,
  likelihood,
  nameWords,
  type PartialPerson,
} from './person-match.rules.js';

const zoe: KnownPerson = {
  familyName: 'Brown',
  givenName: 'Zoë',
  dateOfBirth: '1980-01-02',
  phones: ['+447700900123'],
  email: 'zoe@example.org',
  nhsNumber: '9990000018',
};
const judged = (person: PartialPerson) => judgeMatch(person, zoe);

describe('what speaks for one person', () => {
  it.each<[string, PartialPerson, readonly string[]]>([
    ['the whole name as one text', { name: 'zoe BROWN' }, ['SAME_NAME']],
    ['family name first', { name: 'Brown, Zoë' }, ['SAME_NAME']],
    ['the parts', { familyName: 'Brown', givenName: 'Zoe' }, ['SAME_NAME']],
    ['a slip', { name: 'Zoe Browne' }, ['SIMILAR_NAME']],
    ['an initial', { name: 'Z Brown' }, ['SIMILAR_NAME']],
    ['a telephone number', { phones: ['+447700900123'] }, ['SAME_PHONE']],
    ['an e-mail address in capitals', { email: 'ZOE@example.org' }, ['SAME_EMAIL']],
    ['an NHS number', { nhsNumber: '9990000018' }, ['SAME_NHS_NUMBER']],
    [
      'a family name and the birth date',
      { name: 'Ann Brown', dateOfBirth: '1980-01-02' },
      ['PART_OF_NAME', 'SAME_DATE_OF_BIRTH'],
    ],
    [
      'day and month changed over',
      { name: 'Zoe Brown', dateOfBirth: '1980-02-01' },
      ['SAME_NAME', 'DAY_AND_MONTH_SWAPPED'],
    ],
  ])('%s', (_, person, reasons) => expect(judged(person).reasons).toEqual(reasons));

  it.each<[string, PartialPerson]>([
    ['a birthday alone', { dateOfBirth: '1980-01-02' }],
    ['a part of the name alone', { name: 'Ann Brown' }],
    ['nothing', {}],
    ['an empty name', { name: ' ', phones: [] }],
  ])('but not %s', (_, person) => expect(judged(person).reasons).toEqual([]));
});

describe('what speaks against', () => {
  it('is said beside what speaks for it', () => {
    expect(
      judged({ name: 'Li Wei', dateOfBirth: '1999-09-09', phones: ['+447700900123'], nhsNumber: '1' }),
    ).toEqual({
      reasons: ['SAME_PHONE'],
      doubts: ['OTHER_NHS_NUMBER', 'OTHER_NAME', 'OTHER_DATE_OF_BIRTH'],
      isSure: false,
    });
  });
});

describe('beyond doubt', () => {
  it.each<[string, PartialPerson, boolean]>([
    ['NHS number and name', { name: 'Zoe Brown', nhsNumber: '9990000018' }, true],
    ['NHS number alone, which may be a relative’s', { nhsNumber: '9990000018' }, false],
    [
      'NHS number with another birth date',
      { name: 'Zoe Brown', nhsNumber: '9990000018', dateOfBirth: '1981-01-02' },
      false,
    ],
    [
      'name, birth date and a way of contact',
      { name: 'Zoe Brown', dateOfBirth: '1980-01-02', email: 'zoe@example.org' },
      true,
    ],
    ['name and birth date', { name: 'Zoe Brown', dateOfBirth: '1980-01-02' }, false],
    [
      'a similar name, birth date and a way of contact',
      { name: 'Zoe Browne', dateOfBirth: '1980-01-02', email: 'zoe@example.org' },
      false,
    ],
  ])('%s', (_, person, isSure) => expect(judged(person).isSure).toBe(isSure));
});

it('is likelier the more agrees, and less likely the more disagrees', () => {
  const weak = judged({ name: 'Zoe Brown' });
  const strong = judged({ name: 'Zoe Brown', dateOfBirth: '1980-01-02' });
  const doubted = judged({ name: 'Zoe Brown', dateOfBirth: '1999-09-09' });
  expect(likelihood(strong)).toBeGreaterThan(likelihood(weak));
  expect(likelihood(doubted)).toBeLessThan(likelihood(weak));
});

it('reads names of any text without an end', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (name) => {
      expect(nameWords({ name }).length).toBeLessThanOrEqual(8);
      expect(judged({ name }).doubts.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});
