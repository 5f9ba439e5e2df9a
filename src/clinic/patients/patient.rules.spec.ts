import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  describeProblems,
  type RegistrationEntry,
  readRegistration,
  toEmail,
  toPostcode,
} from './patient.rules.js';

const TODAY = Temporal.PlainDate.from('2026-03-02');
const entry = (parts: Partial<RegistrationEntry> = {}): RegistrationEntry => ({
  familyName: 'Brown',
  givenName: 'Zoë',
  dateOfBirth: '1980-01-02',
  sexForClinicalUse: 'FEMALE',
  statedGender: 'FEMALE',
  addressLines: ['1 High Street', 'London'],
  postcode: 'sw1a1aa',
  phones: [{ kind: 'MOBILE', number: '07700 900123' }],
  email: 'Zoe.Brown@Example.ORG',
  nhsNumber: '943 476 5919',
  contactPreference: 'EMAIL',
  ...parts,
});
const fieldsOf = (parts: Partial<RegistrationEntry>) =>
  readRegistration(entry(parts), TODAY).problems.map(({ field }) => field);

describe('a registration', () => {
  it('is kept tidied', () => {
    const typed = entry({
      familyName: ' Brown ',
      givenName: 'Zoe\u0308',
      addressLines: [' 1  High Street', ' ', 'London'],
    });
    expect(readRegistration(typed, TODAY)).toEqual({
      problems: [],
      person: {
        familyName: 'Brown',
        givenName: 'Zoë',
        middleNames: null,
        namePrefix: null,
        dateOfBirth: '1980-01-02',
        sexForClinicalUse: 'FEMALE',
        statedGender: 'FEMALE',
        addressLines: ['1 High Street', 'London'],
        postcode: 'SW1A 1AA',
        phones: [{ kind: 'MOBILE', e164: '+447700900123', asEntered: '07700 900123' }],
        email: 'Zoe.Brown@example.org',
        nhsNumber: '9434765919',
        contactPreference: 'EMAIL',
      },
    });
  });

  it('needs no NHS number, e-mail, phone or postcode', () => {
    const little = {
      nhsNumber: ' ',
      email: null,
      phones: null,
      postcode: '',
      contactPreference: 'LETTER',
    } as const;
    expect(fieldsOf(little)).toEqual([]);
    expect(fieldsOf({ ...little, addressLines: undefined })).toEqual(['contactPreference']);
  });

  it.each<[string, Partial<RegistrationEntry>]>([
    ['familyName', { familyName: '  ' }],
    ['givenName', { givenName: 'Zo^e' }],
    ['dateOfBirth', { dateOfBirth: '2026-03-03' }],
    ['dateOfBirth', { dateOfBirth: '1899-12-31' }],
    ['dateOfBirth', { dateOfBirth: '1980-02-30' }],
    ['dateOfBirth', { dateOfBirth: '02/01/1980' }],
    ['nhsNumber', { nhsNumber: '0000000000' }],
    ['nhsNumber', { nhsNumber: '999 123 4567' }],
    ['phones.0.number', { phones: [{ kind: 'HOME', number: '0770' }] }],
    ['phones.0.number', { phones: [{ kind: 'MOBILE', number: '020 7946 0018' }] }],
    [
      'phones',
      { phones: Array.from({ length: 6 }, () => ({ kind: 'HOME' as const, number: '020 7946 0018' })) },
    ],
    ['email', { email: 'zoe' }],
    ['email', { email: `${'a'.repeat(250)}@example.org` }],
    ['addressLines', { addressLines: ['a'.repeat(65)] }],
    ['addressLines', { addressLines: ['1', '2', '3', '4', '5', '6', '7'] }],
    ['addressLines', { addressLines: ['1 High\u0000Street'] }],
    ['postcode', { postcode: '1234567890123' }],
    ['contactPreference', { contactPreference: 'EMAIL', email: null }],
    ['contactPreference', { contactPreference: 'SMS', phones: [{ kind: 'HOME', number: '020 7946 0018' }] }],
    ['contactPreference', { contactPreference: 'TELEPHONE', phones: [] }],
    ['contactPreference', { contactPreference: 'LETTER', addressLines: [' '] }],
  ])('is refused for its %s: %j', (field, parts) => expect(fieldsOf(parts)).toEqual([field]));

  it('may be born today, and on the first day we take', () => {
    expect(fieldsOf({ dateOfBirth: '2026-03-02' })).toEqual([]);
    expect(fieldsOf({ dateOfBirth: '1900-01-01' })).toEqual([]);
  });

  it('says everything that is wrong at once, with the field first', () => {
    const { problems } = readRegistration(entry({ familyName: '', dateOfBirth: '2030-01-01' }), TODAY);
    expect(describeProblems(problems)).toBe(
      'familyName: must not be empty or blank. dateOfBirth: must not be in the future.',
    );
  });
});

describe('postcodes', () => {
  it.each([
    ['sw1a1aa', 'SW1A 1AA'],
    [' m1 1ae ', 'M1 1AE'],
    ['B33 8TH', 'B33 8TH'],
    ['CR2  6XH', 'CR2 6XH'],
    ['dn551pt', 'DN55 1PT'],
    ['gir 0aa', 'GIR 0AA'],
    ['75008', '75008'],
    ['D02 X285', 'D02 X285'],
    ['1012 jS', '1012 jS'],
    ['', null],
  ])('%j is kept as %j', (entered, kept) => expect(toPostcode(entered)).toBe(kept));
});

describe('e-mail addresses', () => {
  it('keep the case before the last @ only', () => {
    expect(toEmail(' Zoe@EXAMPLE.org ')).toBe('Zoe@example.org');
    expect(toEmail('"a@B"@C.org')).toBe('"a@B"@c.org');
    expect(toEmail('  ')).toBeNull();
  });
});
