import { afterEach, describe, expect, it } from 'vitest';
import {
  type DicomScu,
  encodeAssociateRequest,
  explicitVR,
  findRequest,
  implicitVR,
  item,
  modalityWorklist,
  pData,
  pdu,
  verification,
} from '../../test/support/dicom-scu.js';
import { type Listener, memoryInUse, startListener } from '../../test/support/listener.js';
import { type DicomLimits, dataSet } from './index.js';
import { toPlainAddress } from './listening.js';

/** Many peers, large messages, small PDUs: nobody gets more than a share, and the others are served. */

let listener: Listener | null = null;

async function start(limits: Partial<DicomLimits> = {}): Promise<Listener> {
  listener = await startListener({ limits });
  return listener;
}

afterEach(async () => {
  await listener?.close();
  listener = null;
});

const rejectedForNow = { type: 'rejected', result: 2, source: 3, reason: 2 };
const find = findRequest(9, true);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('associations', () => {
  it('hundreds at once: those over the limit are rejected, with a reason that says to come again', async () => {
    const here = await start({
      associationCountMax: 60,
      associationsPerAddressMax: 60,
      connectionCountMax: 200,
      connectionsPerAddressMax: 200,
    });
    const scus = await Promise.all(times(200, () => here.connect()));
    const replies = await Promise.all(scus.map((scu) => scu.associate()));
    const rejected = replies.filter(({ type }) => type === 'rejected');
    expect(rejected).toHaveLength(140);
    expect(rejected).toEqual(times(140, () => rejectedForNow));
    expect(here.ofType('association-rejected').every(({ reason }) => reason === 'local-limit-exceeded')).toBe(
      true,
    );
    expect(here.server.stats).toMatchObject({ associationsAccepted: 60, associationsRejected: 140 });
    for (const scu of scus) scu.destroy();
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(0);
    await here.mustStillAnswer();
  });

  it('one address does not take the places of the others, whichever way it is written', () => {
    expect(toPlainAddress('::ffff:192.0.2.1')).toBe(toPlainAddress('192.0.2.1'));
    expect(toPlainAddress('2001:db8::1')).toBe('2001:db8::1');
  });

  it('sockets that say nothing count, and give their places back', async () => {
    const here = await start({ connectionsPerAddressMax: 10, artimMs: 200 });
    const silent = await Promise.all(times(10, () => here.connect()));
    const late = await here.connect();
    expect(await late.associate()).toEqual({ type: 'closed' });
    expect(here.ofType('connection-refused')).toMatchObject([{ remoteAddress: '127.0.0.1' }]);
    await Promise.all(silent.map((scu) => scu.ending()));
    await here.mustStillAnswer();
  });

  it('a peer that closes its half in the middle of a request, a message or an answer is gone', async () => {
    const here = await start();
    const request = encodeAssociateRequest({ port: 0 });
    for (const bytes of [request.subarray(0, 50), Buffer.concat([request, pData(3, true, true, find)])]) {
      const scu = await here.connect();
      scu.sendRaw(bytes);
      scu.socket.end();
      await scu.ending();
    }
    await expect.poll(() => here.server.stats.connectionsOpen).toBe(0);
    await here.mustStillAnswer();
  });

  it('requests again and again leave nothing behind', async () => {
    const here = await start({ connectionsPerAddressMax: 100, connectionCountMax: 100 });
    const many = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        const scus = await Promise.all(times(40, () => here.connect()));
        await Promise.all(scus.map((scu) => scu.associate()));
        for (const scu of scus) scu.destroy();
        await expect.poll(() => here.server.stats.connectionsOpen).toBe(0);
      }
      here.events.length = 0;
    };
    await many();
    const before = memoryInUse();
    await many();
    await many();
    await expect.poll(() => memoryInUse().heapBytes - before.heapBytes).toBeLessThan(8 * 1024 * 1024);
    await expect.poll(() => memoryInUse().bufferBytes - before.bufferBytes).toBeLessThan(8 * 1024 * 1024);
  });
});

describe('memory', () => {
  const mebibyte = 1024 * 1024;
  const wide = {
    associationCountMax: 200,
    associationsPerAddressMax: 200,
    connectionCountMax: 256,
    connectionsPerAddressMax: 256,
    heldBytesMax: 32 * mebibyte,
  };
  const pduBytes = 128 * 1024;
  /** A P-DATA-TF of the largest size that is announced and does not come. */
  const begunPdu = Buffer.concat([pdu(4, Buffer.alloc(0), pduBytes), Buffer.alloc(100)]);

  async function hold(here: Listener, count: number, bytes: Buffer): Promise<DicomScu[]> {
    const scus: DicomScu[] = [];
    for (let index = 0; index < count; index += 1) {
      const scu = await here.open();
      scu.sendRaw(bytes);
      scus.push(scu);
    }
    return scus;
  }

  it('200 associations with a begun PDU each hold no more than that', async () => {
    const here = await start(wide);
    const before = memoryInUse();
    await hold(here, 199, begunPdu);
    await here.mustStillAnswer();
    await expect.poll(() => here.server.stats.associationsOpen).toBe(199);
    await expect
      .poll(() => memoryInUse().bufferBytes - before.bufferBytes)
      .toBeLessThan(200 * pduBytes + 8 * mebibyte);
  });

  it('begun messages of a mebibyte, 200 times, are cut off at what all may hold together', async () => {
    const here = await start(wide);
    const before = memoryInUse();
    const piece = pData(3, false, false, Buffer.alloc(100_000));
    const message = Buffer.concat([pData(3, true, true, find), ...times(9, () => piece), begunPdu]);
    await hold(here, 199, message);
    await expect.poll(() => here.ofType('protocol-error').length).toBeGreaterThan(150);
    // Twice the limit: what is over its share together, and a share for each of the others.
    await expect
      .poll(() => memoryInUse().bufferBytes - before.bufferBytes)
      .toBeLessThan(2 * wide.heldBytesMax + 8 * mebibyte);
    expect(here.server.stats.associationsOpen).toBeGreaterThan(20);
    await here.mustStillAnswer();
  });

  it('a message within its share is served however much others hold', async () => {
    const here = await start({ ...wide, heldBytesMax: 4 * mebibyte, associationCountMax: 64 });
    const piece = pData(3, false, false, Buffer.alloc(100_000));
    await hold(here, 10, Buffer.concat([pData(3, true, true, find), ...times(8, () => piece)]));
    const scu = await here.open();
    const reply = await scu.find(dataSet({ PatientName: '' }));
    expect([reply.status, reply.answers.length]).toEqual([0, 1]);
  });

  it('fragments of two bytes do not keep the PDUs that brought them', async () => {
    const here = await start();
    const before = memoryInUse();
    // The begun message is two bytes at the end of a PDU full of whole ones.
    const scus = await hold(here, 10, Buffer.alloc(0));
    const filler = pData(3, true, true, find).subarray(6);
    for (const scu of scus) {
      const data = pData(3, false, true, Buffer.alloc(100_000)).subarray(6);
      const begun = pData(3, true, false, find.subarray(0, 2)).subarray(6);
      scu.sendRaw(pdu(4, Buffer.concat([filler, data, begun])));
      expect((await scu.nextResponse()).status).toBe(0xa900);
    }
    await expect.poll(() => memoryInUse().bufferBytes - before.bufferBytes).toBeLessThan(mebibyte);
    await here.mustStillAnswer();
  });

  it('HTTP requests, thousands of them, do not grow it', async () => {
    const here = await start({ connectionCountMax: 200, connectionsPerAddressMax: 200 });
    const get = Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'c'.repeat(60_000)}\r\n\r\n`);
    const knock = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        const scus = await Promise.all(times(50, () => here.connect()));
        for (const scu of scus) scu.sendRaw(get);
        for (const scu of scus) expect((await scu.ending()).aborted).toBe(true);
      }
      here.events.length = 0;
    };
    await knock();
    const before = memoryInUse();
    await knock();
    await knock();
    await expect.poll(() => memoryInUse().heapBytes - before.heapBytes).toBeLessThan(8 * mebibyte);
    await expect.poll(() => memoryInUse().bufferBytes - before.bufferBytes).toBeLessThan(8 * mebibyte);
    await here.mustStillAnswer();
  });

  it.each<[string, Buffer]>([
    ['negotiations', item(0x50, Buffer.concat(times(600, () => item(0x56, Buffer.from([0, 0])))))],
    [
      'transfer syntaxes in one context',
      item(
        0x20,
        Buffer.concat([
          Buffer.from([1, 0, 0, 0]),
          item(0x30, Buffer.from(verification)),
          ...times(600, () => item(0x40, Buffer.alloc(0))),
        ]),
      ),
    ],
    ['items that nobody knows', Buffer.concat(times(600, () => item(0x99, Buffer.alloc(0))))],
  ])('an association request of hundreds of %s ends in an abort', async (_name, items) => {
    const here = await start();
    const request = encodeAssociateRequest({ port: 0 }).subarray(6);
    const bytes = Buffer.concat([request.subarray(0, 68), items, request.subarray(68)]);
    expect(await here.provoke(pdu(1, bytes))).toMatchObject({ aborted: true, reason: 6 });
  });
});

describe("the peer's maximum PDU", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 12, 15])('%i is rejected: no message fits', async (pduBytesMax) => {
    const here = await start();
    const scu = await here.connect({ pduBytesMax });
    expect(await scu.associate()).toEqual({ type: 'rejected', result: 1, source: 1, reason: 1 });
    await here.mustStillAnswer();
  });

  it.each([
    [16, explicitVR],
    [17, implicitVR],
    [0, implicitVR],
    [0xffffffff, explicitVR],
  ])('%i is served', async (pduBytesMax, transferSyntax) => {
    const here = await start();
    const scu = await here.open({
      pduBytesMax,
      contexts: [
        { id: 1, abstractSyntax: verification, transferSyntaxes: [implicitVR] },
        { id: 3, abstractSyntax: modalityWorklist, transferSyntaxes: [transferSyntax] },
      ],
    });
    expect(await scu.echo()).toBe(0);
    const identifierBytes = Buffer.alloc(8);
    identifierBytes.writeUInt16LE(0x0010, 0);
    identifierBytes.writeUInt16LE(0x0010, 2);
    if (transferSyntax === explicitVR) identifierBytes.write('PN', 4);
    expect(await scu.find(null, { identifierBytes })).toMatchObject({ status: 0 });
  });
});
