import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  command,
  DicomScu,
  encodeAssociateRequest,
  findRequest,
  implicitVR,
  item,
  modalityWorklist,
  pData,
  pdu,
  pdv,
  type ScuContext,
  uid,
  us,
  verification,
} from '../../test/support/dicom-scu.js';
import { worklistItem } from '../../test/support/listener.js';
import { worklistOf } from '../../test/support/worklist.js';
import { createDicomServer, type DataSet, type DicomServer, dataSet, writeDataSet } from './index.js';

/** Everything here must end in an abort, a rejection or a closed connection, and the next C-ECHO must be answered. */

let server: DicomServer;
let port = 0;

beforeAll(async () => {
  server = createDicomServer({
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'FACET',
    admission: {
      admit: async () => ({
        accepted: true,
        peer: { id: 'p', responseCharacterSet: ['ISO_IR 100'], maxAnswers: 100_000 },
      }),
    },
    worklist: worklistOf(
      Array.from({ length: 20_000 }, (_, index) =>
        worklistItem(index, { PatientComments: 'x'.repeat(1_000) }),
      ),
    ),
    limits: {
      artimMs: 300,
      messageMs: 300,
      idleMs: 700,
      stalledWriteMs: 200,
      admissionMs: 1_000,
      answerMs: 2_000,
      waitingMessageCountMax: 2,
      messageBytesMax: 8_192,
      fragmentCountMax: 64,
    },
  });
  port = (await server.listen()).port;
});

afterAll(async () => {
  await server.close(0);
});

const echoCommand = command({ 2: uid(verification), 256: us(0x0030), 272: us(1), 2048: us(0x0101) });
const find = findRequest(9, true);

async function mustStillAnswer(): Promise<void> {
  const scu = await DicomScu.open({ port });
  expect(await scu.echo()).toBe(0);
  await scu.release();
}

/** Sends bytes on a new connection and tells how it ended. */
async function provoke(...chunks: readonly Buffer[]) {
  const scu = await DicomScu.connect({ port });
  for (const chunk of chunks) scu.sendRaw(chunk);
  const ending = await scu.ending();
  await mustStillAnswer();
  return ending;
}

/** The same on an established association. */
async function provokeEstablished(...chunks: readonly Buffer[]) {
  const scu = await DicomScu.open({ port });
  for (const chunk of chunks) scu.sendRaw(chunk);
  const ending = await scu.ending();
  await mustStillAnswer();
  return ending;
}

function header(type: number, length: number): Buffer {
  return pdu(type, Buffer.alloc(0), length);
}

function requestWith(contexts: readonly ScuContext[]): Buffer {
  return encodeAssociateRequest({ port, contexts });
}

function context(id: number): ScuContext {
  return { id, abstractSyntax: verification, transferSyntaxes: [implicitVR] };
}

describe('before an association', () => {
  it.each<[string, Buffer, number]>([
    ['an HTTP GET', Buffer.from('GET / HTTP/1.1\r\nHost: scanner\r\n\r\n'), 1],
    ['a TLS hello', Buffer.from('16030100c8010000c40303', 'hex'), 1],
    ['PDU type 0', header(0, 4), 1],
    ['PDU length 0xFFFFFFFF', header(1, 0xffffffff), 6],
    ['PDU length 0', header(1, 0), 6],
    ['a short request', pdu(1, Buffer.alloc(30)), 6],
    ['P-DATA', pData(1, true, true, echoCommand), 2],
    ['A-RELEASE-RQ', pdu(5, Buffer.alloc(4)), 2],
    ['A-ASSOCIATE-AC', pdu(2, Buffer.alloc(68)), 2],
    ['an even context id', requestWith([context(2)]), 6],
    ['a duplicate context id', requestWith([context(1), context(1)]), 6],
    ['no context', requestWith([]), 6],
    [
      '129 contexts',
      requestWith(Array.from({ length: 129 }, (_, index) => context((index * 2 + 1) % 256))),
      6,
    ],
    [
      'a sub-item past the end',
      pdu(1, Buffer.concat([Buffer.alloc(68), item(0x20, Buffer.alloc(4), 4_000)])),
      6,
    ],
  ])('%s ends in an abort', async (_name, bytes, reason) => {
    expect(await provoke(bytes)).toEqual({ aborted: true, source: 2, reason });
  });

  it('P-DATA right behind the request, before the answer', async () => {
    const ending = await provoke(
      Buffer.concat([encodeAssociateRequest({ port }), pData(1, true, true, echoCommand)]),
    );
    expect(ending).toEqual({ aborted: true, source: 2, reason: 2 });
  });

  it('silence, half a header and half a request end in a closed connection', async () => {
    expect(await provoke()).toEqual({ aborted: false });
    expect(await provoke(Buffer.from([1, 0, 0]))).toEqual({ aborted: false });
    expect(await provoke(encodeAssociateRequest({ port }).subarray(0, 100))).toEqual({ aborted: false });
  });

  it('one byte at a time is served when it is fast and closed when it is slow', async () => {
    const fast = await DicomScu.connect({ port });
    for (const byte of encodeAssociateRequest({ port })) fast.sendRaw(Buffer.from([byte]));
    expect((await fast.nextPdu())?.type).toBe(2);
    fast.destroy();
    const slow = await DicomScu.connect({ port });
    const bytes = [...encodeAssociateRequest({ port })];
    const drip = setInterval(() => slow.sendRaw(Buffer.from(bytes.splice(0, 1))), 20);
    expect((await slow.ending()).aborted).toBe(false);
    expect(bytes.length).toBeGreaterThan(100);
    clearInterval(drip);
    await mustStillAnswer();
  });

  it('hundreds of connections that come and go leave nothing behind', async () => {
    for (let round = 0; round < 10; round += 1) {
      const scus = await Promise.all(Array.from({ length: 20 }, () => DicomScu.connect({ port })));
      for (const [index, scu] of scus.entries()) {
        if (index % 2 === 0) scu.sendRaw(encodeAssociateRequest({ port }));
        scu.destroy();
      }
      await expect.poll(() => server.stats.connectionsOpen).toBe(0);
    }
    expect(server.stats.associationsOpen).toBe(0);
    await mustStillAnswer();
  });
});

describe('on an association', () => {
  it.each<[string, Buffer]>([
    ['a PDV past the end of its PDU', pdu(4, pdv(1, true, true, Buffer.alloc(0)).fill(0xff, 0, 4))],
    ['a PDV of no length', pdu(4, Buffer.from([0, 0, 0, 0, 1, 3]))],
    ['a P-DATA-TF without PDV', pdu(4, Buffer.alloc(0))],
    ['a P-DATA-TF of 4 GiB', header(4, 0xffffffff)],
    ['a message on a context that was not accepted', pData(77, true, true, echoCommand)],
    [
      'a wrong group length',
      pData(1, true, true, command({ 256: us(0x0030), 272: us(1), 2048: us(0x0101) }, 4)),
    ],
    ['a command set without fields', pData(1, true, true, command({}))],
    ['an odd command set', pData(1, true, true, echoCommand.subarray(0, 31))],
    ['data before a command', pData(3, false, true, Buffer.alloc(10))],
    ['commands and data mixed up', Buffer.concat([pData(3, true, true, find), pData(3, true, true, find)])],
    [
      'a response',
      pData(1, true, true, command({ 256: us(0x8030), 288: us(1), 2048: us(0x0101), 2304: us(0) })),
    ],
    ['a second association request', encodeAssociateRequest({ port: 0 })],
    ['A-RELEASE-RP', pdu(6, Buffer.alloc(4))],
    ['an HTTP GET', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    [
      'data without end',
      Buffer.concat([
        pData(3, true, true, find),
        ...Array.from({ length: 9 }, () => pData(3, false, false, Buffer.alloc(1_000))),
      ]),
    ],
    [
      'endless empty fragments',
      Buffer.concat(Array.from({ length: 65 }, () => pData(3, true, false, Buffer.alloc(0)))),
    ],
    [
      'more operations than were negotiated',
      Buffer.concat(Array.from({ length: 40 }, () => pData(1, true, true, echoCommand))),
    ],
  ])('%s ends in an abort', async (_name, bytes) => {
    expect((await provokeEstablished(bytes)).aborted).toBe(true);
  });

  it('silence, and a message that never ends, end in an abort', async () => {
    expect((await provokeEstablished()).aborted).toBe(true);
    expect((await provokeEstablished(pData(3, true, false, find.subarray(0, 10)))).aborted).toBe(true);
    expect((await provokeEstablished(header(4, 100), Buffer.alloc(10))).aborted).toBe(true);
  });

  it('one byte of a message at a time ends in an abort, however patient', async () => {
    const scu = await DicomScu.open({ port });
    const drip = setInterval(() => scu.sendRaw(pData(3, true, false, Buffer.alloc(2))), 20);
    expect((await scu.ending()).aborted).toBe(true);
    clearInterval(drip);
    await mustStillAnswer();
  });

  it('an abort in the middle of the answers is taken', async () => {
    const scu = await DicomScu.open({ port });
    scu.sendFind(dataSet({ PatientComments: '' }));
    await scu.nextResponse();
    scu.abort();
    scu.socket.resume();
    await scu.ending();
    await mustStillAnswer();
    await expect.poll(() => server.stats.associationsOpen).toBe(0);
  });

  it('a peer that does not read its answers is closed', async () => {
    const scu = await DicomScu.open({ port });
    scu.socket.pause();
    scu.sendFind(dataSet({ PatientComments: '' }));
    await mustStillAnswer();
    await expect.poll(() => server.stats.associationsOpen, { timeout: 5_000 }).toBe(0);
    scu.destroy();
  });

  it('a peer that sends echoes and reads nothing is closed', async () => {
    const scu = await DicomScu.open({ port });
    scu.socket.pause();
    const echoes = Buffer.concat(Array.from({ length: 2 }, () => pData(1, true, true, echoCommand)));
    const flood = setInterval(() => scu.sendRaw(echoes), 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    clearInterval(flood);
    await mustStillAnswer();
    scu.destroy();
  });
});

describe('identifiers', () => {
  const deep = (depth: number): DataSet =>
    depth === 0
      ? dataSet({ Modality: 'NM' })
      : dataSet({ ScheduledProcedureStepSequence: [deep(depth - 1)] });
  const explicit = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

  it.each<[string, Buffer]>([
    ['sequences deeper than 64', writeDataSet(deep(65), 'explicit-vr-little-endian')],
    ['a step sequence that is text', explicit('40000001 4C4F 0200 4142')],
    [
      'a step sequence of many items',
      explicit('40000001 5351 0000 10000000 FEFF00E0 00000000 FEFF00E0 00000000'),
    ],
    ['undefined length without delimiter', explicit('40000001 5351 0000 FFFFFFFF FEFF00E0 FFFFFFFF')],
    ['a value past the end', explicit('10002000 4C4F FF00 4142')],
    ['not a data set at all', Buffer.from('GET / HTTP/1.1\r\n')],
  ])('%s: A900, nobody is returned, and the association goes on', async (_name, identifierBytes) => {
    const scu = await DicomScu.open({ port });
    expect(await scu.find(null, { identifierBytes })).toMatchObject({ status: 0xa900, answers: [] });
    expect(await scu.echo()).toBe(0);
    await scu.release();
    expect(modalityWorklist).not.toBe(verification);
  });

  it('a bomb of wild cards finds nobody and harms nobody', async () => {
    const scu = await DicomScu.open({ port });
    const reply = await scu.find(dataSet({ PatientName: `${'*?'.repeat(2_000)}` }), {
      onAnswer: () => scu.cancel(),
    });
    expect([0, 0xfe00]).toContain(reply.status);
    await mustStillAnswer();
    scu.destroy();
  });
});
