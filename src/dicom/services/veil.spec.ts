import { describe, expect, it } from 'vitest';
import { type DataSetInput, dataSet } from '../dataset/index.js';
import { fingerprint, veilIdentifier } from './veil.js';

const SALT = Buffer.from('one').toString('base64url');

const ABOUT_A_PATIENT: DataSetInput = {
  PatientName: 'Brontë-Hale^Zo*',
  PatientID: 'F0000012',
  PatientBirthDate: '19800229',
  AccessionNumber: 'A000000007',
  StudyInstanceUID: '2.25.7001',
  PatientAddress: '1 Long Lane',
};

const QUERY = dataSet({
  SpecificCharacterSet: 'ISO_IR 192',
  ...ABOUT_A_PATIENT,
  ScheduledProcedureStepSequence: [
    {
      Modality: 'NM',
      ScheduledStationAETitle: 'SPECTCT1',
      ScheduledProcedureStepStartDate: '20261203-20261205',
      ScheduledProcedureStepLocation: 'Room 1',
      ScheduledPerformingPhysicianName: 'Hart^Amelia',
      ScheduledProcedureStepID: 'A000000007.1',
    },
  ],
});

describe('a veiled identifier', () => {
  it('holds nothing that is about a patient', () => {
    const text = JSON.stringify(veilIdentifier(QUERY, SALT));
    for (const value of ['Bront', 'Zo', 'F0000012', '1980', 'A00000', '7001', 'Long Lane', 'Hart', 'Amelia'])
      expect(text.toLowerCase()).not.toContain(value.toLowerCase());
    expect(text).toContain('SPECTCT1');
    expect(text).toContain('20261203-20261205');
    expect(text).toContain('Room 1');
  });

  it('keeps no value with a control character, in clear or as a shape: the database refuses some of them', () => {
    const { keys } = veilIdentifier(
      dataSet({
        PatientName: 'Hale\u0000^Zoe',
        PatientID: 'F1\u0007',
        RequestedProcedureDescription: 'a\ud800',
        ScheduledProcedureStepSequence: [
          {
            Modality: ['NM', 'CT\u0000X'],
            ScheduledStationAETitle: 'SPECT\u0085',
            ScheduledProcedureStepLocation: 'R',
          },
        ],
      }),
      SALT,
    );
    const [step] = keys.filter(({ keyword }) => keyword === 'ScheduledProcedureStepSequence');
    const told = [...keys, ...(step?.items ?? [])].filter(({ matching }) => matching === 'unclear');
    expect(told.map(({ keyword }) => keyword)).toEqual(
      expect.arrayContaining(['PatientName', 'PatientID', 'Modality', 'ScheduledStationAETitle']),
    );
    for (const key of told)
      expect(Object.keys(key).sort()).toEqual(['keyword', 'matching', 'path', 'tag', 'vr']);
    expect(JSON.stringify(keys)).not.toMatch(/\\u(00|d8)/);
    expect(step?.items?.find(({ keyword }) => keyword.endsWith('Location'))).toMatchObject({ clear: ['R'] });
  });

  it('cannot be told to be the same query twice', () => {
    const other = veilIdentifier(QUERY, Buffer.from('two').toString('base64url'));
    const prints = (veiled: object): readonly string[] =>
      [...JSON.stringify(veiled).matchAll(/"print":"([^"]+)"/g)].map(([, print]) => print ?? '');
    const ours = new Set(prints(veilIdentifier(QUERY, SALT)));
    expect(ours.size).toBeGreaterThan(5);
    expect(prints(other).some((print) => ours.has(print))).toBe(false);
    expect(fingerprint(SALT, 'a')).toHaveLength(22);
  });

  it('says of each key how it was used', () => {
    const { keys } = veilIdentifier(QUERY, SALT);
    expect(keys.map(({ keyword, matching }) => [keyword, matching])).toEqual([
      ['AccessionNumber', 'single'],
      ['PatientName', 'wildcard'],
      ['PatientID', 'single'],
      ['PatientBirthDate', 'single'],
      ['PatientAddress', 'unsupported'],
      ['StudyInstanceUID', 'single'],
      ['ScheduledProcedureStepSequence', 'sequence'],
    ]);
    expect(keys.at(-1)?.items?.find(({ keyword }) => keyword === 'Modality')).toMatchObject({
      clear: ['NM'],
    });
  });

  it('is bounded, whatever is asked', () => {
    const stars = veilIdentifier(dataSet({ PatientID: 'a*'.repeat(5_000) }), SALT);
    expect(stars.keys).toMatchObject([{ matching: 'unclear' }]);
    const many = veilIdentifier(
      dataSet({ StudyInstanceUID: Array.from({ length: 500 }, (_, i) => `2.25.${i}`) }),
      SALT,
    );
    expect(many.keys).toMatchObject([{ matching: 'unclear' }]);
  });

  it('keeps nothing to compare where another matching was negotiated', () => {
    const query = dataSet({
      PatientName: 'Bronte*',
      PatientID: 'F0000001',
      ScheduledProcedureStepSequence: [{ ScheduledProcedureStepStartDate: '20261130', Modality: 'NM' }],
    });
    const { keys } = veilIdentifier(query, SALT, { fuzzyNames: true, otherClock: true });
    const matchings = (all: typeof keys): unknown[] =>
      all.map(({ keyword, matching, items }) => [keyword, items === undefined ? matching : matchings(items)]);
    expect(matchings(keys)).toEqual([
      ['PatientName', 'unclear'],
      ['PatientID', 'single'],
      [
        'ScheduledProcedureStepSequence',
        [
          ['Modality', 'single'],
          ['ScheduledProcedureStepStartDate', 'unclear'],
        ],
      ],
    ]);
    expect(JSON.stringify(keys)).not.toContain('20261130');
  });
});
