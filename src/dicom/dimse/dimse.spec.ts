import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  command,
  findRequest,
  modalityWorklist,
  uid,
  us,
  verification,
} from '../../../test/support/dicom-scu.js';
import { dataSet } from '../dataset/index.js';
import type { PresentationDataValue } from '../wire/index.js';
import { Assembler, type Message } from './assembler.js';
import { decodeCommand, encodeResponse, type Request } from './commands.js';
import { DimseProblem } from './dimse-problem.js';
import { fragmentMessage } from './fragmenter.js';
import { commandBytesMax, fragmentCountMax, messageBytesMax, peerPduBytesMin } from './limits.js';
import { statuses } from './status.js';

const echo = command({ 2: uid(verification), 256: us(0x0030), 272: us(7), 2048: us(0x0101) });
const find = findRequest(9, true);
const identifier = Buffer.from('an identifier of some length, cut anywhere', 'latin1');

function value(isCommand: boolean, isLast: boolean, fragment: Buffer, contextId = 3): PresentationDataValue {
  return { contextId, isCommand, isLast, fragment };
}

function assemble(values: readonly PresentationDataValue[]): Message[] {
  const assembler = new Assembler(new Set([1, 3]));
  return values.map((each) => assembler.push(each)).filter((message) => message !== null);
}

function cut(bytes: Buffer, isCommand: boolean, at: readonly number[]): PresentationDataValue[] {
  const ends = [...new Set(at.map((position) => 2 * (position % (bytes.length / 2))))].sort((a, b) => a - b);
  const edges = [0, ...ends, bytes.length];
  return edges
    .slice(1)
    .map((end, index) => value(isCommand, index === edges.length - 2, bytes.subarray(edges[index], end)));
}

const noInstance = { affectedSOPInstanceUID: '', requestedSOPInstanceUID: '', attributeIdentifierList: [] };

describe('command sets', () => {
  it('reads C-ECHO-RQ and C-FIND-RQ', () => {
    expect(decodeCommand(echo)).toEqual({
      kind: 'request',
      name: 'C-ECHO-RQ',
      commandField: 0x0030,
      messageId: 7,
      sopClass: verification,
      ...noInstance,
      hasDataSet: false,
    });
    expect(decodeCommand(find)).toMatchObject({
      name: 'C-FIND-RQ',
      messageId: 9,
      sopClass: modalityWorklist,
      hasDataSet: true,
    });
  });

  it('reads a request that it has read before by its own Message ID', () => {
    const ids = [1, 9, 0x0110, 0xffff, 9];
    expect(ids.map((id) => decodeCommand(findRequest(id, true)))).toEqual(
      ids.map((messageId) => ({ ...decodeCommand(findRequest(2, true)), messageId })),
    );
    // The header of a Message ID inside a value, where the next two bytes are the value's.
    const tricky = (letters: string) =>
      command({
        2: Buffer.concat([Buffer.from('0000100102000000', 'hex'), Buffer.from(letters)]),
        256: us(0x0030),
        272: us(7),
        2048: us(0x0101),
      });
    const [one, other] = [decodeCommand(tricky('AB')), decodeCommand(tricky('CD'))];
    expect([one, other]).toMatchObject([{ messageId: 7 }, { messageId: 7 }]);
    expect(one).not.toEqual(other);
  });

  it('reads C-CANCEL-RQ and commands that PS3.7 does not have', () => {
    expect(decodeCommand(command({ 256: us(0x0fff), 288: us(9), 2048: us(0x0101) }))).toEqual({
      kind: 'cancel',
      messageIdBeingRespondedTo: 9,
      hasDataSet: false,
    });
    expect(decodeCommand(command({ 256: us(0x0777), 272: us(1), 2048: us(0x0101) }))).toMatchObject({
      name: null,
      commandField: 0x0777,
    });
  });

  it.each([
    ['a wrong group length', command({ 256: us(0x0030), 272: us(7), 2048: us(0x0101) }, 2)],
    ['no group length', echo.subarray(12)],
    ['no command field', command({ 272: us(7), 2048: us(0x0101) })],
    ['no message id', command({ 256: us(0x0030), 2048: us(0x0101) })],
    ['no data set type', command({ 256: us(0x0030), 272: us(7) })],
    ['two message ids in one', command({ 256: us(0x0030), 272: Buffer.alloc(4), 2048: us(0x0101) })],
    ['a response', command({ 256: us(0x8030), 288: us(7), 2048: us(0x0101), 2304: us(0) })],
    [
      'an element of a data set',
      Buffer.concat([command({ 256: us(0x0030) }), Buffer.from('1000200000000000', 'hex')]),
    ],
    ['no bytes', Buffer.alloc(0)],
    ['half an element', echo.subarray(0, echo.length - 1)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeCommand(bytes)).toThrow(DimseProblem);
  });

  it('writes a response byte for byte', () => {
    const request: Request = {
      kind: 'request',
      name: 'C-ECHO-RQ',
      commandField: 0x0030,
      messageId: 7,
      sopClass: '1.2.840.10008.1.1',
      ...noInstance,
      hasDataSet: false,
    };
    const bytes = encodeResponse({ request, status: statuses.success });
    const elements = { 2: uid(verification), 256: us(0x8030), 288: us(7), 2048: us(0x0101), 2304: us(0) };
    expect(bytes).toEqual(command(elements));
  });

  it('writes what was wrong', () => {
    const request: Request = {
      kind: 'request',
      name: 'C-FIND-RQ',
      commandField: 0x0020,
      messageId: 9,
      sopClass: modalityWorklist,
      ...noInstance,
      hasDataSet: true,
    };
    const bytes = encodeResponse({
      request,
      status: statuses.identifierDoesNotMatchSOPClass,
      offendingElements: [0x00400100],
      errorComment: 'x'.repeat(99),
    });
    expect(bytes.includes(Buffer.from('00000109040000004000 0001'.replace(' ', ''), 'hex'))).toBe(true);
    expect(bytes.includes(Buffer.from('x'.repeat(65)))).toBe(false);
  });
});

/** Written out by hand from PS3.7 Tables 10.3-7 to 10.3-10, every element with its tag, length and padding. */
const golden = {
  createRequest: [
    '00000000 04000000 4c000000',
    '00000200 18000000 312e322e3834302e31303030382e332e312e322e332e3300',
    '00000001 02000000 4001',
    '00001001 02000000 0700',
    '00000008 02000000 0100',
    '00000010 06000000 312e322e3300',
  ],
  createResponse: [
    '00000000 04000000 56000000',
    '00000200 18000000 312e322e3834302e31303030382e332e312e322e332e3300',
    '00000001 02000000 4081',
    '00002001 02000000 0700',
    '00000008 02000000 0101',
    '00000009 02000000 0000',
    '00000010 06000000 312e322e3300',
  ],
  setRequest: [
    '00000000 04000000 4c000000',
    '00000300 18000000 312e322e3834302e31303030382e332e312e322e332e3300',
    '00000001 02000000 2001',
    '00001001 02000000 0800',
    '00000008 02000000 0100',
    '00000110 06000000 312e322e3300',
  ],
  setResponse: [
    '00000000 04000000 a0000000',
    '00000200 18000000 312e322e3834302e31303030382e332e312e322e332e3300',
    '00000001 02000000 2081',
    '00002001 02000000 0800',
    '00000008 02000000 0101',
    '00000009 02000000 1001',
    `00000209 38000000 ${Buffer.from('Performed Procedure Step Object may no longer be updated').toString('hex')}`,
    '00000309 02000000 10a7',
    '00000010 06000000 312e322e3300',
  ],
} as const;

function fromHex(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('').replaceAll(' ', ''), 'hex');
}

describe('command sets of the N-services', () => {
  const mpps = '1.2.840.10008.3.1.2.3.3';

  function decodeRequest(bytes: Buffer): Request {
    const decoded = decodeCommand(bytes);
    if (decoded.kind !== 'request') throw new Error('a request expected');
    return decoded;
  }

  it('N-CREATE-RQ and -RSP, byte for byte', () => {
    const request = decodeRequest(fromHex(golden.createRequest));
    expect(request).toEqual({
      kind: 'request',
      name: 'N-CREATE-RQ',
      commandField: 0x0140,
      messageId: 7,
      sopClass: mpps,
      ...noInstance,
      affectedSOPInstanceUID: '1.2.3',
      hasDataSet: true,
    });
    const response = encodeResponse({ request, status: statuses.success, affectedSOPInstanceUID: '1.2.3' });
    expect(response.toString('hex')).toBe(fromHex(golden.createResponse).toString('hex'));
  });

  it('N-SET-RQ and -RSP, byte for byte', () => {
    const request = decodeRequest(fromHex(golden.setRequest));
    expect(request).toEqual({
      kind: 'request',
      name: 'N-SET-RQ',
      commandField: 0x0120,
      messageId: 8,
      sopClass: mpps,
      ...noInstance,
      requestedSOPInstanceUID: '1.2.3',
      hasDataSet: true,
    });
    const response = encodeResponse({
      request,
      status: statuses.processingFailure,
      errorComment: 'Performed Procedure Step Object may no longer be updated',
      errorId: 0xa710,
      affectedSOPInstanceUID: '1.2.3',
    });
    expect(response.toString('hex')).toBe(fromHex(golden.setResponse).toString('hex'));
  });

  it('N-GET-RQ and -RSP with their lists of tags', () => {
    const tags = Buffer.from('4000520208006000', 'hex');
    const request = decodeRequest(
      command({
        3: uid(`${mpps.slice(0, -1)}4`),
        256: us(0x0110),
        272: us(9),
        2048: us(0x0101),
        4097: uid('1.2.3'),
        4101: tags,
      }),
    );
    expect(request).toMatchObject({ name: 'N-GET-RQ', attributeIdentifierList: [0x00400252, 0x00080060] });
    const response = encodeResponse({
      request,
      status: statuses.attributeListError,
      attributeIdentifierList: [0x00400252, 0x00080060],
      offendingElements: [],
      affectedSOPInstanceUID: '',
    });
    expect(response).toEqual(
      command({
        2: uid(`${mpps.slice(0, -1)}4`),
        256: us(0x8110),
        288: us(9),
        2048: us(0x0101),
        2304: us(0x0107),
        4101: tags,
      }),
    );
  });

  it('answers for a request without a SOP class', () => {
    const request = decodeRequest(command({ 256: us(0x0140), 272: us(7), 2048: us(0x0101) }));
    expect(request).toMatchObject({ sopClass: '', affectedSOPInstanceUID: '', hasDataSet: false });
    expect(encodeResponse({ request, status: statuses.sopClassNotSupported })).toEqual(
      command({ 256: us(0x8140), 288: us(7), 2048: us(0x0101), 2304: us(0x0122) }),
    );
  });
});

describe('assembler', () => {
  it('puts together fragments however they are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 6 });
    fc.assert(
      fc.property(cuts, cuts, (first, second) => {
        const messages = assemble([
          ...cut(find, true, first),
          ...cut(identifier, false, second),
          value(true, true, echo),
        ]);
        expect(messages).toHaveLength(2);
        expect(messages[0]?.dataSetBytes).toEqual(identifier);
        expect(messages[1]?.command).toMatchObject({ name: 'C-ECHO-RQ' });
      }),
    );
  });

  it.each([
    ['a context that was not accepted', [value(true, true, echo, 5)]],
    [
      'a command in odd pieces',
      [value(true, false, echo.subarray(0, 7)), value(true, true, echo.subarray(7))],
    ],
    ['data of an odd length', [value(true, true, find), value(false, true, identifier.subarray(1))]],
    ['a message that begins with data', [value(false, true, identifier)]],
    [
      'data while the command is not complete',
      [value(true, false, echo.subarray(0, 10)), value(false, true, identifier)],
    ],
    ['a command while data are expected', [value(true, true, find), value(true, true, echo)]],
    ['another context in between', [value(true, true, find), value(false, true, identifier, 1)]],
    [
      'a command that never ends',
      [value(true, false, Buffer.alloc(commandBytesMax)), value(true, false, Buffer.alloc(2))],
    ],
    [
      'data that never end',
      [
        value(true, true, find),
        value(false, false, Buffer.alloc(messageBytesMax)),
        value(false, false, Buffer.alloc(2)),
      ],
    ],
    [
      'empty fragments for ever',
      Array.from({ length: fragmentCountMax + 1 }, () => value(true, false, Buffer.alloc(0))),
    ],
  ])('refuses %s', (_name, values) => {
    expect(() => assemble(values)).toThrow(DimseProblem);
  });
});

describe('fragmenter', () => {
  it('never sends more than the peer takes, and nothing is lost', () => {
    const peerMax = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 200_000 }), fc.constant(0xffffffff));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), peerMax, (half, max) => {
        const data = Buffer.alloc(half * 2, 'ab');
        const pdus = fragmentMessage(3, echo, data, max);
        const bodies = pdus.map((pdu) => pdu.subarray(6));
        for (const body of bodies) {
          expect(body.length).toBeLessThanOrEqual(max === 0 ? 131_072 : Math.max(max, peerPduBytesMin));
          expect(body.length % 2).toBe(0);
        }
        const of = (isCommand: number) =>
          Buffer.concat(
            bodies.filter((body) => (body[5] ?? 0) % 2 === isCommand).map((body) => body.subarray(6)),
          );
        expect(of(1).equals(echo) && of(0).equals(data)).toBe(true);
        expect(bodies.filter((body) => ((body[5] ?? 0) & 2) === 2)).toHaveLength(2);
      }),
    );
  });

  it('sends an empty data set as one empty fragment', () => {
    expect(fragmentMessage(3, echo, Buffer.alloc(0), 0)).toHaveLength(2);
    expect(dataSet({}).size).toBe(0);
  });
});
