import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  command,
  encodeAssociateRequest,
  findRequest,
  implicitVR,
  item,
  modalityWorklist,
  pData,
  pdu,
  pdv,
  uid,
  us,
  verification,
} from '../../test/support/dicom-scu.js';
import { type Listener, startListener, worklistItem } from '../../test/support/listener.js';
import { worklistOf } from '../../test/support/worklist.js';
import { dataSet, writeDataSet } from './index.js';

/** What comes inside well-formed PDUs. Nobody is answered more than was asked for, and the next C-ECHO is answered. */

let listener: Listener;
const items = Array.from({ length: 40 }, (_, index) => worklistItem(index));

beforeAll(async () => {
  listener = await startListener({ worklist: worklistOf(items) });
});

afterAll(async () => {
  await listener.close();
});

const echo = command({ 2: uid(verification), 256: us(0x0030), 272: us(1), 2048: us(0x0101) });
const find = findRequest(9, true);
const anything = dataSet({ PatientID: '', ScheduledProcedureStepSequence: [{ Modality: '' }] });

describe('AE titles', () => {
  const request = (called: string, calling: string): Buffer => {
    const bytes = encodeAssociateRequest({ port: 0 });
    bytes.write(called, 10, 16, 'latin1');
    bytes.write(calling, 26, 16, 'latin1');
    return bytes;
  };
  const spaces = ' '.repeat(16);
  const nuls = '\0'.repeat(16);
  const us16 = 'FACET'.padEnd(16);

  it.each([
    ['called: a path', '../../etc/passwd', 'SCANNER'.padEnd(16), 7],
    ['called: all spaces', spaces, 'SCANNER'.padEnd(16), 7],
    ['called: all NUL', nuls, 'SCANNER'.padEnd(16), 7],
    ['called: ours and a NUL and more', 'FACET\0OTHER\0\0\0\0\0', 'SCANNER'.padEnd(16), 7],
    ['called: in small letters', 'facet'.padEnd(16), 'SCANNER'.padEnd(16), 7],
    ['calling: a path', us16, '..\\..\\windows'.padEnd(16), 3],
    ['calling: all spaces', us16, spaces, 3],
    ['calling: all NUL', us16, nuls, 3],
    ['calling: a line end', us16, 'SCAN\r\nNER'.padEnd(16), 3],
    ['calling: an escape sequence', us16, '\x1b[2J'.padEnd(16), 3],
    ['calling: not ASCII', us16, '\xff\xfe\xfd'.padEnd(16), 3],
  ])('%s is rejected, and shown harmlessly', async (_name, called, calling, reason) => {
    const scu = await listener.connect();
    scu.sendRaw(request(called, calling));
    const reply = await scu.nextPdu();
    expect([reply?.type, ...(reply?.body ?? [])]).toEqual([3, 0, 1, 1, reason]);
    expect(listener.ofType('association-rejected').at(-1)?.association.callingAETitle).toMatch(
      /^[\x20-\x7e]*$/,
    );
    await listener.mustStillAnswer();
  });

  it.each([
    ['padded with NUL', `FACET${'\0'.repeat(11)}`, `SCANNER${'\0'.repeat(9)}`],
    ['padded in front', '           FACET', '         SCANNER'],
    ['with odd but allowed characters', us16, "#!$%&'()*+,-./:;"],
  ])('%s is admitted', async (_name, called, calling) => {
    const scu = await listener.connect();
    scu.sendRaw(request(called, calling));
    expect((await scu.nextPdu())?.type).toBe(2);
    scu.destroy();
  });
});

describe('items of an association request', () => {
  const header = encodeAssociateRequest({ port: 0 }).subarray(6, 6 + 68);
  const request = (...parts: readonly Buffer[]): Buffer => pdu(1, Buffer.concat([header, ...parts]));
  const abstract = item(0x30, Buffer.from(verification));
  const transfer = item(0x40, Buffer.from(implicitVR));
  const context = (...parts: readonly Buffer[]): Buffer =>
    item(0x20, Buffer.concat([Buffer.from([1, 0, 0, 0]), ...parts]));

  it.each<[string, Buffer]>([
    [
      'a transfer syntax past its context',
      request(context(abstract, item(0x40, Buffer.from(implicitVR), 400))),
    ],
    ['a context shorter than its head', request(item(0x20, Buffer.from([1])))],
    ['a context without an abstract syntax', request(context(transfer))],
    ['a context with two', request(context(abstract, abstract, transfer))],
    ['a context without a transfer syntax', request(context(abstract))],
    [
      'a sub-item past the user information',
      request(context(abstract, transfer), item(0x50, item(0x51, Buffer.alloc(4), 9))),
    ],
    [
      'a maximum length of three bytes',
      request(context(abstract, transfer), item(0x50, item(0x51, Buffer.alloc(3)))),
    ],
    [
      'a negotiation past its end',
      request(context(abstract, transfer), item(0x50, item(0x56, Buffer.from([0, 99, 1])))),
    ],
    ['half an item at the end', request(context(abstract, transfer), Buffer.from([0x50, 0]))],
  ])('%s: abort', async (_name, bytes) => {
    expect(await listener.provoke(bytes)).toEqual({ aborted: true, source: 2, reason: 6 });
  });
});

describe('commands and fragments', () => {
  const without = (element: number): Buffer => {
    const fields: Record<number, Buffer> = {
      2: uid(verification),
      256: us(0x30),
      272: us(1),
      2048: us(0x0101),
    };
    delete fields[element];
    return pData(1, true, true, command(fields));
  };

  it.each<[string, Buffer]>([
    ['no command field', without(256)],
    ['no message id', without(272)],
    ['no data set type', without(2048)],
    [
      'a group length that is too small',
      pData(1, true, true, command({ 256: us(0x30), 272: us(1), 2048: us(0x0101) }, -2)),
    ],
    [
      'a value length past the end',
      pData(1, true, true, Buffer.concat([echo.subarray(0, -2), Buffer.from('0000000100ff0000', 'hex')])),
    ],
    ['a command of another group', pData(1, true, true, Buffer.from(echo).fill(0x08, 12, 13))],
    ['an odd PDV', pData(1, true, false, echo.subarray(0, 7))],
    [
      'odd PDVs that make an even command',
      Buffer.concat([pData(1, true, false, echo.subarray(0, 7)), pData(1, true, true, echo.subarray(7))]),
    ],
    ['an odd data set', Buffer.concat([pData(3, true, true, find), pData(3, false, true, Buffer.alloc(7))])],
    ['another context in between', Buffer.concat([pData(3, true, true, find), pData(1, true, true, echo)])],
    [
      'data on another context',
      Buffer.concat([pData(3, true, true, find), pData(1, false, true, Buffer.alloc(8))]),
    ],
    [
      'data in the middle of a command',
      Buffer.concat([pData(3, true, false, find.subarray(0, 20)), pData(3, false, true, Buffer.alloc(8))]),
    ],
    [
      'data that no command has announced',
      Buffer.concat([pData(1, true, true, echo), pData(1, false, true, Buffer.alloc(8))]),
    ],
    [
      'a command of 17 KiB',
      Buffer.concat(Array.from({ length: 17 }, () => pData(1, true, false, Buffer.alloc(1_024)))),
    ],
    [
      'a PDV past its PDU behind a good one',
      pdu(4, Buffer.concat([pdv(1, true, true, echo), Buffer.from([0, 0, 9, 9, 1, 3])])),
    ],
  ])('%s: abort', async (_name, bytes) => {
    expect((await listener.provokeEstablished(bytes)).aborted).toBe(true);
  });

  it('commands and data in the smallest even pieces, several in a PDU, are served', async () => {
    const scu = await listener.open();
    const cut = (bytes: Buffer, isCommand: boolean): Buffer[] =>
      Array.from({ length: bytes.length / 2 }, (_, index) =>
        pdv(3, isCommand, index === bytes.length / 2 - 1, bytes.subarray(index * 2, index * 2 + 2)),
      );
    const identifier = writeDataSet(anything, 'explicit-vr-little-endian');
    const pieces = [...cut(find, true), ...cut(identifier, false)];
    for (let at = 0; at < pieces.length; at += 5)
      scu.sendRaw(pdu(4, Buffer.concat(pieces.slice(at, at + 5))));
    expect((await scu.nextResponse()).status).toBe(0xff00);
    scu.destroy();
  });

  it('two queries and an echo in one PDU are all answered, in order', async () => {
    const scu = await listener.open();
    const identifier = writeDataSet(dataSet({ PatientID: 'F7' }), 'explicit-vr-little-endian');
    const query = (id: number): Buffer =>
      Buffer.concat([pdv(3, true, true, findRequest(id, true)), pdv(3, false, true, identifier)]);
    scu.sendRaw(pdu(4, Buffer.concat([query(5), query(6), pdv(1, true, true, echo)])));
    const seen: [number | undefined, number][] = [];
    for (let count = 0; count < 5; count += 1) {
      const { command: fields, status } = await scu.nextResponse();
      seen.push([fields.get(0x0120)?.readUInt16LE(0), status]);
    }
    expect(seen).toEqual([
      [5, 0xff00],
      [5, 0],
      [6, 0xff00],
      [6, 0],
      [1, 0],
    ]);
    scu.destroy();
  });

  it("answers name the request's own SOP class", async () => {
    const scu = await listener.open();
    scu.sendFind(anything);
    const { command: fields } = await scu.nextResponse();
    expect(fields.get(2)).toEqual(uid(modalityWorklist));
    scu.destroy();
  });

  it('a window of fifty operations is answered with one', async () => {
    const scu = await listener.connect({ userItems: [item(0x53, Buffer.from([0, 50, 0, 50]))] });
    const reply = await scu.associate();
    expect(reply.type === 'accepted' && reply.userItems.get(0x53)).toEqual(Buffer.from([0, 1, 0, 1]));
    scu.destroy();
  });
});
