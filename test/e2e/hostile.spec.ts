import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { signInAs } from '../support/graphql.js';
import { until } from '../support/until.js';
import { askWorklist, echo } from './console.js';
import { rowsOf } from './tables.js';
import { book, findOffers, first, referralOf, toVisit } from './visits.js';

// Whatever is sent to the scanner's door: the scanner beside it is still answered, and memory stays bounded.

const house = facetHouse();
const HALF_OPEN_CONNECTIONS = 300;
/** Far above what a few hundred connections cost, and far below what an announced length of 4 GB would. */
const GROWTH_MAX_MB = 300;

let service: RunningService;
let accessionNumber: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  service = await house.start(await house.newHome());
  const reception = await signInAs(service, 'reception');
  const { id } = await referralOf(reception, 'Brontë-Hale');
  const { offers } = await findOffers(reception, id);
  ({ accessionNumber } = await book(reception, id, toVisit(first(offers, 'offer'))));
});

afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Opens a connection, sends the bytes and leaves it open. */
function send(bytes: Uint8Array): Promise<Socket> {
  return new Promise((settle) => {
    const socket = connect(service.dicomPort, '127.0.0.1', () => {
      socket.write(bytes);
      settle(socket);
    });
    sockets.push(socket);
    socket.on('error', () => settle(socket));
    socket.resume();
  });
}

async function expectScannerServed(): Promise<void> {
  const port = service.dicomPort;
  expect(await echo({ port })).toBe(true);
  const { exitCode, answers, log } = await askWorklist({ port });
  expect(exitCode, log).toBe(0);
  expect(answers.map((answer) => answer.get('AccessionNumber'))).toEqual([accessionNumber]);
}

const bytes = (...values: number[]): Buffer => Buffer.from(values);

/** Bytes that look random and are the same in every run. */
function noise(length: number, seed: number): Buffer {
  const buffer = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer[at] = state >>> 24;
  }
  return buffer;
}

const TLS_HELLO = Buffer.concat([
  bytes(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03),
  noise(501, 3),
]);

const GARBAGE: readonly (readonly [string, Buffer])[] = [
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: clinic\r\n\r\n')],
  ['a TLS hello', TLS_HELLO],
  ['an association request that announces 4 GB', bytes(0x01, 0, 0xff, 0xff, 0xff, 0xff)],
  ['data that announce 4 GB before any association', bytes(0x04, 0, 0xff, 0xff, 0xff, 0xff)],
  ['an association request of no length', bytes(0x01, 0, 0, 0, 0, 0)],
  ['half an association request', Buffer.concat([bytes(0x01, 0, 0, 0, 1, 0), noise(40, 5)])],
  ['an association request full of noise', Buffer.concat([bytes(0x01, 0, 0, 0, 1, 0), noise(256, 7)])],
  ['a type of PDU that does not exist', bytes(0x99, 0, 0, 0, 0, 4, 1, 2, 3, 4)],
  ['an abort', bytes(0x07, 0, 0, 0, 0, 4, 0, 0, 0, 0)],
  ['a release of nothing', bytes(0x05, 0, 0, 0, 0, 4, 0, 0, 0, 0)],
  ['a megabyte of zeroes', Buffer.alloc(1024 * 1024)],
  ['a megabyte of noise', noise(1024 * 1024, 11)],
  ['a single byte', bytes(0x01)],
  ['silence', Buffer.alloc(0)],
];

describe('the scanner is answered after and beside', () => {
  it.each(GARBAGE)('%s', async (_, garbage) => {
    await Promise.all(Array.from({ length: 5 }, () => send(garbage)));
    await expectScannerServed();
  });

  it('hundreds of connections that say nothing more, and memory stays bounded', async () => {
    const before = residentMegabytes();
    const starts = [
      Buffer.alloc(0),
      bytes(0x01),
      bytes(0x01, 0, 0xff, 0xff, 0xff, 0xff),
      bytes(0x01, 0, 0, 0, 2, 0),
    ];
    const opened = await Promise.all(
      Array.from({ length: HALF_OPEN_CONNECTIONS }, (_, index) =>
        send(starts[index % starts.length] ?? bytes(1)),
      ),
    );
    // Those that it refuses it closes; those that it keeps must leave room for the scanner, if only after a while.
    await until(async () => (await echo({ port: service.dicomPort })) === true);
    await expectScannerServed();
    for (const socket of opened) socket.destroy();
    await expectScannerServed();
    expect(residentMegabytes() - before).toBeLessThan(GROWTH_MAX_MB);
  });

  it('a flood of megabytes, and memory stays bounded', async () => {
    const before = residentMegabytes();
    const flood = Buffer.alloc(4 * 1024 * 1024, 1);
    await Promise.all(Array.from({ length: 40 }, () => send(flood)));
    // While they are being closed there may be no room for one more.
    await until(async () => (await echo({ port: service.dicomPort })) === true);
    await expectScannerServed();
    expect(residentMegabytes() - before).toBeLessThan(GROWTH_MAX_MB);
  });
});

describe('strangers', () => {
  it('with an unknown calling AE title are rejected, and it is written down', async () => {
    const stranger = { port: service.dicomPort, callingAETitle: 'STRANGER' };
    expect(await echo(stranger)).toBe(false);
    const { exitCode, log, answers } = await askWorklist(stranger);
    expect([exitCode === 0, answers]).toEqual([false, []]);
    expect(log).toMatch(/Calling AE Title Not Recognized/i);
    const query = `SELECT actor_label AS label FROM audit_entries WHERE action LIKE '%rejected%'`;
    await until(async () => (await rowsOf(embeddedDatabaseUrl(service.home), query)).length > 0);
    const rows = await rowsOf<{ label: string }>(embeddedDatabaseUrl(service.home), query);
    expect(new Set(rows.map(({ label }) => label))).toEqual(new Set(['STRANGER']));
  });

  it('who call somebody else are rejected', async () => {
    const astray = { port: service.dicomPort, calledAETitle: 'ELSEWHERE' };
    expect(await echo(astray)).toBe(false);
    expect((await askWorklist(astray)).log).toMatch(/Called AE Title Not Recognized/i);
  });

  it.each(['SPECTCT1 ', 'spectct1'])(
    'written as "%s" are who they are and nobody else',
    async (callingAETitle) => {
      // Outer spaces do not count in an AE title, and upper and lower case do (DICOM PS3.5, VR AE).
      const isKnown = callingAETitle.trim() === 'SPECTCT1';
      expect(await echo({ port: service.dicomPort, callingAETitle })).toBe(isKnown);
    },
  );
});

describe('the HTTP door beside it', () => {
  it('answers as before', async () => {
    const response = await fetch(`${service.httpUrl}/health/ready`);
    expect(response.status).toBe(200);
  });

  it('is not held up by connections that send nothing or half a request', async () => {
    const port = Number(new URL(service.httpUrl).port);
    const open = await Promise.all(
      Array.from(
        { length: 200 },
        (_, index) =>
          new Promise<Socket>((settle) => {
            const socket = connect(port, '127.0.0.1', () => {
              if (index % 2 === 0)
                socket.write('POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n{');
              settle(socket);
            });
            sockets.push(socket);
            socket.on('error', () => settle(socket));
          }),
      ),
    );
    expect((await fetch(`${service.httpUrl}/health/ready`)).status).toBe(200);
    for (const socket of open) socket.destroy();
  });

  it('ends cleanly although connections are open on both doors', async () => {
    await Promise.all(Array.from({ length: 20 }, () => send(bytes(0x01))));
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
