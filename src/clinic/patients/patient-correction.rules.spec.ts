import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type Correctable,
  changesLikeness,
  differingFields,
  readCorrection,
} from './patient-correction.rules.js';

const today = Temporal.PlainDate.from('2026-03-02');
const zoe: Correctable = {
  ...{ familyName: 'Brown', givenName: 'Zoë', middleNames: 'Ann', namePrefix: null },
  ...{ dateOfBirth: '1980-01-02', sexForClinicalUse: 'FEMALE', statedGender: 'FEMALE' },
  ...{ addressLines: ['1 Example Street'], postcode: 'SW1A 1AA', email: 'zoe@example.org' },
  phones: [{ kind: 'MOBILE', e164: '+447700900123', asEntered: '07700 900123' }],
  ...{ nhsNumber: '9990000018', contactPreference: 'EMAIL' },
  nhsNumberVerifiedAt: Temporal.Instant.from('2026-01-01T00:00:00Z'),
};

describe('a correction', () => {
  it('leaves what is left out, empties what is null, and says what differs', () => {
    const read = readCorrection(zoe, { familyName: 'Browne', middleNames: null }, today);
    expect(read.problems).toEqual([]);
    expect(read.person).toMatchObject({ familyName: 'Browne', givenName: 'Zoë', middleNames: null });
    expect(read.changed).toEqual(['familyName', 'middleNames']);
  });

  it('of nothing changes nothing', () => {
    expect(readCorrection(zoe, {}, today)).toMatchObject({
      changed: [],
      problems: [],
      nhsNumberVerified: true,
    });
  });

  it.each(['dateOfBirth', 'sexForClinicalUse', 'statedGender', 'contactPreference'] as const)(
    'cannot empty %s',
    (field) => {
      expect(readCorrection(zoe, { [field]: null }, today).problems).toEqual([
        { field, message: 'must not be emptied' },
      ]);
    },
  );

  it('finds fault with what is asked for, and not with what stands there', () => {
    const long = { ...zoe, addressLines: Array<string>(9).fill('x') };
    expect(readCorrection(long, { givenName: 'Zoe' }, today).problems).toEqual([]);
    expect(readCorrection(long, { addressLines: long.addressLines }, today).problems).toMatchObject([
      { field: 'addressLines' },
    ]);
  });

  it('keeps the patient within reach, whichever of the two is changed', () => {
    expect(readCorrection(zoe, { email: null }, today).problems).toMatchObject([
      { field: 'contactPreference' },
    ]);
    expect(readCorrection(zoe, { email: null, contactPreference: 'SMS' }, today).problems).toEqual([]);
  });

  it('of the NHS number undoes the check, unless it says that it was checked', () => {
    const other = { nhsNumber: '999 000 0026' };
    expect(readCorrection(zoe, other, today).nhsNumberVerified).toBe(false);
    expect(readCorrection(zoe, { ...other, nhsNumberVerified: true }, today).nhsNumberVerified).toBe(true);
    expect(readCorrection(zoe, { nhsNumberVerified: false }, today).nhsNumberVerified).toBe(false);
  });
});

it('only name, birth date, telephone and e-mail make somebody like another', () => {
  expect(changesLikeness(['postcode', 'nhsNumber', 'contactPreference', 'middleNames'])).toBe(false);
  for (const field of ['familyName', 'givenName', 'dateOfBirth', 'phones', 'email'] as const) {
    expect(changesLikeness([field])).toBe(true);
  }
});

it('two records differ in nothing when they are one', () => {
  expect(differingFields(zoe, { ...zoe })).toEqual([]);
});
