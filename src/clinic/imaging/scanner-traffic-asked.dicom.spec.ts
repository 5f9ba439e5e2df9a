import { describe, expect, it } from 'vitest';
import { type DataSet, type DicomEvent, dataSet } from '../../dicom/index.js';
import { TOO_LONG_TO_BE_KEPT, toLook, veilNewest } from './scanner-traffic-asked.dicom.js';

type Found = Extract<DicomEvent, { readonly type: 'find-answered' }>;

const association = {
  associationId: 1,
  remoteAddress: '192.0.2.5',
  callingAETitle: 'SPECTCT1',
  calledAETitle: 'FACET',
  secured: false,
};

const aQuery = (parts: Partial<Found> = {}): Found => ({
  type: 'find-answered',
  association,
  peerId: 'one',
  status: 0,
  answerCount: 0,
  answeredStepIds: [],
  identifier: dataSet({ PatientName: 'Hale*' }),
  negotiated: { fuzzyNames: false, otherClock: false },
  keys: [],
  problem: null,
  ...parts,
});

const asksOf = (parts: Partial<Found>): string => toLook(aQuery(parts)).asks;
const long = (last: string): DataSet => dataSet({ PatientID: `${'F'.repeat(5_000)}${last}` });

describe('what a query asked', () => {
  it('is the same for the same keys', () => {
    expect(asksOf({ identifier: dataSet({ PatientName: 'Hale*' }) })).toBe(asksOf({}));
  });

  it.each<[string, Partial<Found>]>([
    ['keys', { identifier: dataSet({ PatientName: 'Marsh*' }) }],
    ['names', { negotiated: { fuzzyNames: true, otherClock: false } }],
    ['clock', { negotiated: { fuzzyNames: false, otherClock: true } }],
    ['problem', { problem: 'a key that is not known' }],
    ['identifier', { identifier: null }],
  ])('is another with another %s', (_, parts) => {
    expect(asksOf(parts)).not.toBe(asksOf({}));
  });

  it('is told apart by a digest when it is long, and not kept to be explained', () => {
    const [one, same, other] = ['1', '1', '2'].map((last) => toLook(aQuery({ identifier: long(last) })));
    expect(one?.asks).toBe(same?.asks);
    expect(one?.asks).not.toBe(other?.asks);
    expect(one?.asks.length).toBeLessThan(100);
    expect(one?.asks).not.toContain('FFF');
    expect(one?.query).toMatchObject({ identifier: null, problem: TOO_LONG_TO_BE_KEPT });
  });

  it('is kept without the control characters of its problem', () => {
    const look = toLook(aQuery({ identifier: null, problem: 'a\u0000b' }));
    const seen = { ...look, times: 1, firstAtMs: 1, lastAtMs: 1, isMixed: false };
    expect(veilNewest([seen])[0]?.query).toMatchObject({ keys: [], problem: 'a?b' });
  });
});
