import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AssociateRequest, decodePdu } from '../wire/index.js';
import { findRejection, isAETitle, negotiate, type Offer, rejectionPdu } from './negotiation.js';
import { type Event, type State, step, table } from './states.js';

const states: readonly State[] = [
  'idle',
  'awaiting-request',
  'awaiting-decision',
  'established',
  'releasing',
  'awaiting-close',
];
const events: readonly Event[] = [
  'transport-connected',
  'transport-closed',
  'artim-expired',
  'associate-rq',
  'associate-ac',
  'associate-rj',
  'p-data',
  'release-rq',
  'release-rp',
  'abort',
  'invalid-pdu',
  'accept',
  'reject',
  'release',
  'abort-request',
];

/** By hand from PS3.8 Table 9-10, not from the table under test: every pair that does something else than abort. */
const listed: readonly string[] = [
  'idle transport-connected',
  'idle transport-closed',
  'idle accept',
  'idle reject',
  'idle release',
  'idle artim-expired',
  'idle abort-request',
  'awaiting-request associate-rq',
  'awaiting-request abort',
  'awaiting-request transport-closed',
  'awaiting-request artim-expired',
  'awaiting-decision accept',
  'awaiting-decision reject',
  'awaiting-decision abort',
  'awaiting-decision transport-closed',
  'established p-data',
  'established release-rq',
  'established abort',
  'established transport-closed',
  'releasing release',
  'releasing abort',
  'releasing transport-closed',
  'awaiting-close associate-ac',
  'awaiting-close associate-rj',
  'awaiting-close p-data',
  'awaiting-close release-rq',
  'awaiting-close release-rp',
  'awaiting-close abort',
  'awaiting-close artim-expired',
  'awaiting-close transport-closed',
  'awaiting-close accept',
  'awaiting-close reject',
  'awaiting-close release',
  'awaiting-close abort-request',
];

describe('association table', () => {
  it('reaches every state', () => {
    const reached = new Set<State>(['idle']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const state of [...reached]) for (const event of events) reached.add(step(state, event).next);
    }
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it('aborts on every pair that is not listed', () => {
    for (const state of states) {
      for (const event of events) {
        const aborts = step(state, event).actions.includes('send-abort');
        expect(`${state} ${event}: ${aborts}`).toBe(
          `${state} ${event}: ${!listed.includes(`${state} ${event}`)}`,
        );
      }
    }
    const rows = Object.entries(table).flatMap(([state, row]) =>
      Object.keys(row).map((event) => `${state} ${event}`),
    );
    expect(rows.sort()).toEqual([...listed].sort());
  });

  it('watches the end of every abort, rejection and release with ARTIM', () => {
    for (const state of states) {
      for (const event of events) {
        const { next, actions } = step(state, event);
        if (next === 'awaiting-close' && state !== 'awaiting-close') expect(actions).toContain('start-artim');
      }
    }
  });
});

const worklist = '1.2.840.10008.5.1.4.31';
const offer: Offer = {
  aeTitle: 'FACET',
  sopClasses: new Map([
    [worklist, (offered: Uint8Array) => offered.map(() => 0)],
    ['1.2.840.10008.1.1', null],
  ]),
};
const golden = decodePdu({
  pduType: 1,
  body: readFileSync(new URL('../wire/associate-rq.bin', import.meta.url)).subarray(6),
});

function request(
  changes: Partial<AssociateRequest> = {},
  information: Partial<AssociateRequest['userInformation']> = {},
): AssociateRequest {
  if (golden.type !== 'associate-rq') throw new Error('golden bytes');
  return { ...golden, ...changes, userInformation: { ...golden.userInformation, ...information } };
}

describe('negotiation', () => {
  it('finds what nobody could accept', () => {
    expect(findRejection(request(), offer)).toBeNull();
    expect(findRejection(request({ protocolVersion: 2 }), offer)).toBe('protocol-version-not-supported');
    expect(findRejection(request({ protocolVersion: 3 }), offer)).toBeNull();
    expect(findRejection(request({ applicationContext: '1.2.3' }), offer)).toBe(
      'application-context-not-supported',
    );
    expect(findRejection(request({ calledAETitle: 'OTHER' }), offer)).toBe('called-ae-title-not-recognised');
    expect(findRejection(request({ calledAETitle: '../FACET' }), offer)).toBe(
      'called-ae-title-not-recognised',
    );
    for (const title of ['', '   ', 'A\0B', 'A\\B', 'Ä', 'A\nB']) {
      expect(findRejection(request({ callingAETitle: title }), offer)).toBe(
        'calling-ae-title-not-recognised',
      );
    }
    for (const max of [1, 2, 3, 4, 5, 6, 15])
      expect(findRejection(request({}, { pduBytesMax: max }), offer)).toBe('no-reason-given');
    for (const max of [0, 16, 17, null])
      expect(findRejection(request({}, { pduBytesMax: max }), offer)).toBeNull();
  });

  it('says so in the numbers of PS3.8 Table 9-21', () => {
    expect(rejectionPdu('called-ae-title-not-recognised')).toEqual({
      type: 'associate-rj',
      result: 1,
      source: 1,
      reason: 7,
    });
    expect(rejectionPdu('protocol-version-not-supported')).toEqual({
      type: 'associate-rj',
      result: 1,
      source: 2,
      reason: 2,
    });
    expect(rejectionPdu('local-limit-exceeded')).toEqual({
      type: 'associate-rj',
      result: 2,
      source: 3,
      reason: 2,
    });
  });

  it('chooses Explicit VR when it is offered, else Implicit', () => {
    const context = (id: number, abstractSyntax: string, ...transferSyntaxes: string[]) => ({
      id,
      abstractSyntax,
      transferSyntaxes,
    });
    const { pdu, contexts } = negotiate(
      request({
        presentationContexts: [
          context(1, worklist, '1.2.840.10008.1.2', '1.2.840.10008.1.2.1'),
          context(3, worklist, '1.2.840.10008.1.2'),
          context(5, worklist, '1.2.840.10008.1.2.2'),
          context(7, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2'),
        ],
      }),
      offer,
    );
    expect(pdu.presentationContexts.map(({ id, result }) => [id, result])).toEqual([
      [1, 'accepted'],
      [3, 'accepted'],
      [5, 'transfer-syntaxes-not-supported'],
      [7, 'abstract-syntax-not-supported'],
    ]);
    expect(contexts.map(({ id, transferSyntax }) => [id, transferSyntax])).toEqual([
      [1, 'explicit-vr-little-endian'],
      [3, 'implicit-vr-little-endian'],
    ]);
  });

  it('answers only the negotiations that were offered', () => {
    expect(negotiate(request(), offer).pdu.userInformation).toMatchObject({
      asynchronousOperations: null,
      extendedNegotiations: [],
    });
    const offered = { sopClass: worklist, applicationInformation: Uint8Array.of(1, 1, 1) };
    const foreign = { sopClass: '1.2.3', applicationInformation: Uint8Array.of(1) };
    const information = {
      asynchronousOperations: { invoked: 0, performed: 99 },
      extendedNegotiations: [offered, offered, foreign],
    };
    expect(negotiate(request({}, information), offer).pdu.userInformation).toMatchObject({
      asynchronousOperations: { invoked: 1, performed: 1 },
      extendedNegotiations: [{ sopClass: worklist, applicationInformation: Uint8Array.of(0, 0, 0) }],
    });
  });

  it('knows an AE title', () => {
    expect(['FACET', 'A B', '../..'].every(isAETitle)).toBe(true);
    expect(['', ' ', 'A'.repeat(17), 'A\\B'].some(isAETitle)).toBe(false);
  });
});
