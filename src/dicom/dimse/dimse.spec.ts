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
  const ends = [...new Set(at.map((position) => position % bytes.length))].sort((a, b) => a - b);
  const edges = [0, ...ends, bytes.length];
  return edges
    .slice(1)
    .map((end, index) => value(isCommand, index === edges.length - 2, bytes.subarray(edges[index], end)));
}

describe('command sets', () => {
  it('reads C-ECHO-RQ and C-FIND-RQ', () => {
    expect(decodeCommand(echo)).toEqual({
      kind: 'request',
      name: 'C-ECHO-RQ',
      commandField: 0x0030,
      messageId: 7,
      sopClass: verification,
      hasDataSet: false,
    });
    expect(decodeCommand(find)).toMatchObject({
      name: 'C-FIND-RQ',
      messageId: 9,
      sopClass: modalityWorklist,
      hasDataSet: true,
    });
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
    ['a message that begins with data', [value(false, true, identifier)]],
    [
      'data while the command is not complete',
      [value(true, false, echo.subarray(0, 9)), value(false, true, identifier)],
    ],
    ['a command while data are expected', [value(true, true, find), value(true, true, echo)]],
    ['another context in between', [value(true, true, find), value(false, true, identifier, 1)]],
    [
      'a command that never ends',
      [value(true, false, Buffer.alloc(commandBytesMax)), value(true, false, Buffer.alloc(1))],
    ],
    [
      'data that never end',
      [
        value(true, true, find),
        value(false, false, Buffer.alloc(messageBytesMax)),
        value(false, false, Buffer.alloc(1)),
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
