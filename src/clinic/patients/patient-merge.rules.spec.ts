import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { readCorrection } from './patient-correction.rules.js';
import {
  demographicConflicts,
  demographicWarnings,
  differences,
  givenBack,
  type Mergeable,
  MergeField,
  takenFields,
  takenOver,
  undoUntil,
} from './patient-merge.rules.js';

const today = Temporal.PlainDate.from('2026-03-02');
const kept: Mergeable = {
  ...{ familyName: 'Brown', givenName: 'Zoë', middleNames: null, namePrefix: null },
  ...{ dateOfBirth: '1980-01-02', sexForClinicalUse: 'FEMALE', statedGender: 'FEMALE' },
  ...{ addressLines: ['1 Example Street'], postcode: 'SW1A 1AA', email: null },
  phones: [{ kind: 'MOBILE', e164: '+447700900123', asEntered: '07700 900123' }],
  ...{ nhsNumber: null, contactPreference: 'LETTER', nhsNumberVerifiedAt: null },
};
const merged: Mergeable = {
  ...kept,
  ...{ familyName: 'Brown-Smith', givenName: 'Zoe', email: 'zoe@example.org', nhsNumber: '9990000018' },
  phones: [
    { kind: 'HOME', e164: '+442079460018', asEntered: '020 7946 0018' },
    { kind: 'MOBILE', e164: '+447700900123', asEntered: '+44 7700 900123' },
  ],
};
const checked = Temporal.Instant.from('2026-01-01T00:00:00Z');

describe('two records side by side', () => {
  it('show what differs as people read it', () => {
    expect(differences(kept, merged)).toEqual([
      { field: 'NAME', kept: 'Brown, Zoë', merged: 'Brown-Smith, Zoe' },
      { field: 'PHONES', kept: '+447700900123', merged: '+442079460018, +447700900123' },
      { field: 'EMAIL', kept: null, merged: 'zoe@example.org' },
      { field: 'NHS_NUMBER', kept: null, merged: '9990000018' },
    ]);
    expect(differences(kept, kept)).toEqual([]);
  });

  it('cannot be one with two checked numbers that differ, and only then', () => {
    const other = { ...kept, nhsNumber: '9990000026', nhsNumberVerifiedAt: checked };
    const numbered = { ...merged, nhsNumberVerifiedAt: checked };
    expect(demographicConflicts(other, numbered)).toHaveLength(1);
    expect(demographicConflicts({ ...other, nhsNumberVerifiedAt: null }, numbered)).toEqual([]);
    expect(demographicConflicts({ ...other, nhsNumber: numbered.nhsNumber }, numbered)).toEqual([]);
    expect(demographicWarnings({ ...other, nhsNumberVerifiedAt: null }, numbered)).toEqual([
      expect.stringContaining('NHS numbers differ'),
    ]);
  });

  it('warn of what a person must look at twice', () => {
    const warnings = demographicWarnings(kept, {
      ...merged,
      dateOfBirth: '1980-02-01',
      sexForClinicalUse: 'MALE',
    });
    expect(warnings).toHaveLength(3);
    expect(demographicWarnings(kept, merged, ['NHS_NUMBER'])).toEqual([]);
  });
});

describe('what is taken over', () => {
  it('is a correction of the kept record, with telephone numbers added and none twice', () => {
    const read = readCorrection(kept, takenOver(kept, merged, ['NAME', 'PHONES', 'NHS_NUMBER']), today);
    expect(read.problems).toEqual([]);
    expect(read.person).toMatchObject({ familyName: 'Brown-Smith', nhsNumber: '9990000018', email: null });
    expect(read.person.phones.map(({ e164 }) => e164)).toEqual(['+447700900123', '+442079460018']);
    expect(takenOver(kept, merged, [])).toEqual({});
  });

  it('goes back whole when nothing was corrected since, whatever was taken', () => {
    fc.assert(
      fc.property(fc.subarray(Object.values(MergeField)), (fields) => {
        const read = readCorrection(kept, takenOver(kept, merged, fields), today);
        const taken = JSON.parse(JSON.stringify(takenFields(kept, read.person, read.changed)));
        const back = givenBack(read.person, taken);
        expect(back.stays).toEqual([]);
        for (const field of read.changed) expect(back.person[field]).toEqual(kept[field]);
      }),
    );
  });

  it('stays where it was corrected since', () => {
    const read = readCorrection(kept, takenOver(kept, merged, ['NAME', 'EMAIL']), today);
    const present = { ...read.person, familyName: 'Okonkwo' };
    const { person, stays } = givenBack(present, takenFields(kept, read.person, read.changed));
    expect(stays).toEqual(['familyName']);
    expect(person).toMatchObject({ familyName: 'Okonkwo', givenName: 'Zoë', email: null });
  });

  it('is known again whatever the order of the keys in which the database keeps it', () => {
    const taken = {
      phones: { before: [], after: [{ asEntered: '07700 900123', e164: '+447700900123', kind: 'MOBILE' }] },
    };
    expect(givenBack(kept, taken).stays).toEqual([]);
  });
});

it('can be undone for thirty days', () => {
  expect(undoUntil(Temporal.Instant.from('2026-03-02T09:00:00Z')).toString()).toBe('2026-04-01T09:00:00Z');
});
