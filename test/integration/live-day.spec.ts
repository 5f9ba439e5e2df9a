import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import {
  CONNECTIONS_PER_SESSION_MAX,
  JUDGED_FOR_MS,
  MESSAGE_BYTES_MAX,
  MESSAGES_PER_HEARTBEAT_MAX,
  NEWCOMERS_PER_ADDRESS_MAX,
  SUBSCRIPTIONS_PER_CONNECTION_MAX,
} from '../../src/platform/graphql/live/limits.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { SystemClock, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type LiveClient, type LiveMessage, openLive } from '../support/live.js';
import { until } from '../support/until.js';
import {
  aBooker,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  physioAt,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Two processes' worth of service on one database: a visit is changed behind the one door, and heard of behind the other.

interface Service {
  readonly app: NestFastifyApplication;
  readonly url: string;
}

let db: TestDatabase;
let database: Database;
let room: VisitsRoom;
let clinic: VisitClinic;
let services: readonly [Service, Service];
/** A Tuesday far enough from today, and the day after. */
let tuesday: string;
let wednesday: string;
const open: LiveClient[] = [];

async function startService(): Promise<Service> {
  const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: db.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

let accounts = 0;

async function signIn(roles: readonly Role[] = ['RECEPTION']) {
  accounts += 1;
  const { app } = services[0];
  const account = {
    email: `p${accounts}@clinic.example`,
    displayName: 'P',
    password: 'correct horse battery',
  };
  const { id } = mustBe(
    await app.get(StaffService).addStaffAccount(aBooker().actor, { ...account, roles: [...roles] }),
  );
  const whence = { requestId: null, source: null, userAgent: null };
  const { token } = mustBe(await app.get(SessionService).signIn(account, whence));
  return { token, accountId: id };
}

function mustBe<T extends object>(result: T) {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<T, { code: string }>;
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  room = visitsOn(database, new FixedClock(now));
  clinic = await makeVisitClinic(database);
  const today = now.toZonedDateTimeISO('Europe/London').toPlainDate();
  const day = today.add({ days: 7 + ((9 - today.dayOfWeek) % 7) });
  tuesday = day.toString();
  wednesday = day.add({ days: 1 }).toString();
  services = [await startService(), await startService()];
});

afterEach(() => {
  for (const { socket } of open.splice(0)) socket.terminate();
});

afterAll(async () => {
  for (const { app } of services) await app.close();
  await database.close();
  await db.drop();
});

const DAY = `subscription ($date: LocalDate!, $siteCode: String) {
  dayChanged(date: $date, siteCode: $siteCode) { date siteCode visitId version at } }`;

async function connectTo(service: Service, options?: Parameters<typeof openLive>[1]): Promise<LiveClient> {
  const client = await openLive(service.url, options);
  open.push(client);
  return client;
}

/** A client that listens to a day behind a door, and is known to do so. */
async function listenTo(service: Service, token: string, variables: object): Promise<LiveClient> {
  const client = await connectTo(service);
  expect(await client.init(token)).toEqual({ type: 'connection_ack' });
  client.subscribe(DAY, variables);
  await listens(client);
  return client;
}

/** What is sent is read in order, so once a ping is answered the subscription before it has been taken up. */
async function listens(client: LiveClient): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    client.send({ type: 'ping' });
    expect(await client.next()).toEqual({ type: 'pong' });
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}

function changeIn(message: LiveMessage): Record<string, unknown> {
  expect(message).toMatchObject({ type: 'next', id: '1' });
  const { data, ...rest } = message.payload as { data: { dayChanged: Record<string, unknown> } };
  expect(rest).toEqual({});
  return data.dayChanged;
}

/** Local wall time of a day in London. */
const at = (date: string, time: string): string =>
  Temporal.ZonedDateTime.from(`${date}T${time}[Europe/London]`).toInstant().toString();

async function book(startsAt: string, pair: 0 | 1 = 0) {
  const input = {
    patientId: await makePatientId(room),
    visitTypeCode: PHYSIO,
    steps: physioAt(clinic, startsAt, pair),
  };
  return mustBeVisit(await room.visits.bookVisit(aBooker(), input));
}

describe('a day that is listened to', () => {
  it('tells of a booking in another process, thin and without anything of the patient', async () => {
    const { token } = await signIn();
    const client = await listenTo(services[1], token, { date: tuesday });
    const visit = await book(at(tuesday, '09:00'));
    const change = changeIn(await client.next());
    expect(change).toEqual({
      date: tuesday,
      siteCode: 'MAIN',
      visitId: visit.id,
      version: 0,
      at: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(change)).not.toContain(visit.patientId);
  });

  it('tells both days of a move, and nobody of a change on another day', async () => {
    const { token } = await signIn();
    const [left, come, other] = await Promise.all([
      listenTo(services[0], token, { date: tuesday }),
      listenTo(services[1], token, { date: wednesday }),
      listenTo(services[0], token, { date: '2030-01-01' }),
    ]);
    const visit = await book(at(tuesday, '11:00'));
    expect(changeIn(await left.next())).toMatchObject({ visitId: visit.id, version: 0 });
    const steps = physioAt(clinic, at(wednesday, '11:00'), 0);
    await room.visits.moveVisit(aBooker(), { visitId: visit.id, version: 0, steps });
    expect(changeIn(await left.next())).toMatchObject({ date: tuesday, visitId: visit.id, version: 1 });
    expect(changeIn(await come.next())).toMatchObject({ date: wednesday, visitId: visit.id, version: 1 });
    other.send({ type: 'ping' });
    expect(await other.next()).toEqual({ type: 'pong' });
  });

  it('tells of one site only, when asked', async () => {
    const { token } = await signIn();
    const [here, elsewhere] = await Promise.all([
      listenTo(services[0], token, { date: tuesday, siteCode: 'MAIN' }),
      listenTo(services[0], token, { date: tuesday, siteCode: 'NORTH' }),
    ]);
    const visit = await book(at(tuesday, '13:00'));
    expect(changeIn(await here.next())).toMatchObject({ visitId: visit.id });
    elsewhere.send({ type: 'ping' });
    expect(await elsewhere.next()).toEqual({ type: 'pong' });
  });

  it('tells everybody to look again when the connection to the database was lost', async () => {
    const { token } = await signIn();
    const client = await listenTo(services[0], token, { date: tuesday });
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    const listening = `application_name = 'facet-day-listen' AND datname = current_database()`;
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listening}`,
    );
    expect(rowCount).toBe(2);
    expect(changeIn(await client.next())).toMatchObject({
      date: tuesday,
      visitId: null,
      version: null,
      siteCode: null,
    });
    await until(
      async () => (await admin.query(`SELECT FROM pg_stat_activity WHERE ${listening}`)).rowCount === 2,
    );
    await admin.end();
    const visit = await book(at(tuesday, '15:00'));
    expect(changeIn(await client.next())).toMatchObject({ visitId: visit.id });
  });

  it('is told no more after the client has enough', async () => {
    const { token } = await signIn();
    const client = await listenTo(services[0], token, { date: tuesday });
    client.send({ type: 'complete', id: '1' });
    await listens(client);
    await book(at(tuesday, '16:00'));
    await listens(client);
  });
});

/** A day and its site, subscribed to, given up and subscribed to again before the first of them has begun. */
function subscribeTwice(client: LiveClient, id: string): void {
  client.subscribe(DAY, { date: tuesday }, id);
  client.send({ type: 'complete', id });
  client.subscribe(DAY, { date: tuesday }, id);
}

describe('an id that is used again', () => {
  it('stands for the later subscription alone', async () => {
    const { token } = await signIn();
    const client = await connectTo(services[0]);
    await client.init(token);
    subscribeTwice(client, '1');
    await listens(client);
    const visit = await book(at(tuesday, '14:00'), 1);
    expect(changeIn(await client.next())).toMatchObject({ visitId: visit.id });
    await listens(client);
    client.send({ type: 'complete', id: '1' });
    await listens(client);
    await book(at(tuesday, '16:00'), 1);
    await listens(client);
  });

  it('may be used again at once, after events too', async () => {
    const { token } = await signIn();
    const client = await listenTo(services[0], token, { date: tuesday });
    client.send({ type: 'complete', id: '1' });
    client.subscribe(DAY, { date: wednesday });
    await listens(client);
    const visit = await book(at(wednesday, '17:00'), 0);
    expect(changeIn(await client.next())).toMatchObject({ date: wednesday, visitId: visit.id });
    client.send({ type: 'complete', id: '1' });
    await listens(client);
  });

  it('leaves nothing behind when the connection ends, also in the middle of a beginning', async () => {
    const { token } = await signIn();
    for (const isListening of [true, false, true, false]) {
      const client = await connectTo(services[0]);
      await client.init(token);
      for (let id = 0; id < SUBSCRIPTIONS_PER_CONNECTION_MAX; id += 1) subscribeTwice(client, String(id));
      if (isListening) await listens(client);
      client.socket.terminate();
      await client.closed;
    }
    // As many as a session may have, and so all of the places that were taken were given back.
    await until(async () => {
      const clients = [await connectTo(services[0]), await connectTo(services[0])];
      const errors: LiveMessage[] = [];
      for (const client of clients) {
        await client.init(token);
        for (let id = 0; id < SUBSCRIPTIONS_PER_CONNECTION_MAX; id += 1)
          client.subscribe(DAY, { date: tuesday }, String(id));
        await pause(200);
        client.send({ type: 'ping' });
        const message = await client.next();
        if (message.type !== 'pong') errors.push(message);
        client.socket.terminate();
        await client.closed;
      }
      return errors.length === 0;
    });
  });
});

/** Opens a WebSocket by hand, which reads and never says goodbye. */
async function openByHand(
  service: Service,
): Promise<{ socket: Socket; came: Buffer[]; ended: Promise<unknown> }> {
  const { hostname, port } = new URL(service.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('error', () => undefined);
  const ended = new Promise((resolve) => {
    socket.on('end', resolve);
    socket.on('close', resolve);
  });
  const came: Buffer[] = [];
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const answered = new Promise((resolve) => socket.once('data', resolve));
  socket.on('data', (data) => came.push(data));
  await answered;
  return { socket, came, ended };
}

/** A close frame of the service: its code stands after two bytes of header. */
const closeCodeIn = (came: readonly Buffer[]): number | null => {
  const frame = came.at(-1);
  return frame?.[0] === 0x88 ? frame.readUInt16BE(2) : null;
};

describe('who has not signed in', () => {
  it('takes few places, and not for long', async () => {
    const { token } = await signIn();
    const service = await startService();
    const listening = await listenTo(service, token, { date: tuesday });
    const silent = await Promise.all(
      Array.from({ length: NEWCOMERS_PER_ADDRESS_MAX }, () => openByHand(service)),
    );
    await expect(connectTo(service)).rejects.toThrow('HTTP 503');
    await Promise.all(silent.map(({ ended }) => ended));
    expect(new Set(silent.map(({ came }) => closeCodeIn(came)))).toEqual(new Set([4408]));
    for (const { socket } of silent) socket.destroy();
    await listens(listening);
    await until(async () => (await connectTo(service).catch(() => null)) !== null);
    await service.app.close();
  });

  it('is cut off after a wrong token, having been told so', async () => {
    const { socket, came, ended } = await openByHand(services[0]);
    const text = Buffer.from('{"type":"connection_init","payload":{"authorization":"Bearer x"}}');
    // One masked frame of text; the mask is nought.
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    await ended;
    expect(closeCodeIn(came)).toBe(4403);
    socket.destroy();
  });
});

describe('whose session it is', () => {
  it.each([
    ['no token', null],
    ['another’s token', 'x'.repeat(43)],
    ['what is no token', 'a b'],
  ])('with %s nothing begins', async (_, token) => {
    const client = await connectTo(services[0]);
    await expect(client.init(token)).rejects.toThrow(/4403 Sign in first/);
  });

  it('may come in the header, as over HTTP', async () => {
    const { token } = await signIn();
    const client = await connectTo(services[0], { headers: { authorization: `Bearer ${token}` } });
    expect(await client.init(null)).toEqual({ type: 'connection_ack' });
  });

  it('is asked for before anything else', async () => {
    const client = await connectTo(services[0]);
    client.subscribe(DAY, { date: tuesday });
    expect(await client.closed).toEqual([4401, 'Unauthorized']);
  });

  it.each([
    [
      'signed out',
      'UNAUTHENTICATED',
      (accountId: string) =>
        database.client.staffSession.updateMany({
          where: { accountId },
          data: { revokedAt: new SystemDate() },
        }),
    ],
    [
      'expired',
      'UNAUTHENTICATED',
      (accountId: string) =>
        database.client.staffSession.updateMany({
          where: { accountId },
          data: { expiresAt: new SystemDate() },
        }),
    ],
    [
      'disabled',
      'UNAUTHENTICATED',
      (accountId: string) =>
        database.client.staffAccount.update({
          where: { id: accountId },
          data: { disabledAt: new SystemDate() },
        }),
    ],
    [
      'without any role',
      'FORBIDDEN',
      (accountId: string) =>
        database.client.staffAccount.update({ where: { id: accountId }, data: { roles: [] } }),
    ],
  ])('%s, it hears an error instead of the next event, and then nothing', async (_, code, end) => {
    const { token, accountId } = await signIn();
    const client = await listenTo(services[1], token, { date: wednesday });
    await end(accountId);
    await pause(JUDGED_FOR_MS);
    const visit = await book(at(wednesday, `${8 + (accounts % 9)}:00`.padStart(5, '0')), 1);
    const message = await client.next();
    expect(message).toMatchObject({ type: 'error', id: '1', payload: [{ extensions: { code } }] });
    expect(JSON.stringify(message)).not.toContain(visit.id);
    await listens(client);
  });

  it('is not kept alive by a screen that only listens', async () => {
    const { token, accountId } = await signIn();
    const lastSeen = new Date('2020-01-01T00:00:00Z');
    const client = await listenTo(services[0], token, { date: tuesday });
    const now = new SystemClock().now();
    const stale = new Date(now.subtract({ minutes: 110 }).epochMilliseconds);
    await database.client.staffSession.updateMany({ where: { accountId }, data: { lastSeenAt: stale } });
    await book(at(tuesday, '10:00'), 1);
    changeIn(await client.next());
    const { lastSeenAt } = await database.client.staffSession.findFirstOrThrow({ where: { accountId } });
    expect(lastSeenAt).toEqual(stale);
    expect(lastSeenAt).not.toEqual(lastSeen);
  });
});

class SystemDate extends Date {
  constructor() {
    super(new SystemClock().nowMs());
  }
}

describe('the door', () => {
  it.each([
    ['a query', '{ currentStaff { account { id } } }', /Only subscriptions/],
    ['a mutation', 'mutation { signOut { __typename } }', /Only subscriptions|signOut/],
    [
      'two subscriptions at once',
      `subscription { a: dayChanged(date: "2026-01-01") { at } b: dayChanged(date: "2026-01-01") { at } }`,
      /only one top level field/,
    ],
    [
      'a field that there is not',
      'subscription { dayChanged(date: "2026-01-01") { patient } }',
      /Cannot query field/,
    ],
    ['no document', 'subscription {', /Syntax Error/],
    ['a day that there is not', 'subscription { dayChanged(date: "2026-02-30") { at } }', /calendar date/],
    [
      'too many aliases',
      `subscription { dayChanged(date: "2026-01-01") { ${Array.from({ length: 30 }, (_, n) => `a${n}: at`).join(' ')} } }`,
      /aliases/,
    ],
    [
      'a long document',
      `subscription { dayChanged(date: "2026-01-01") { ${'at '.repeat(600)} } }`,
      /500 tokens/,
    ],
    [
      'a deep one',
      `subscription { dayChanged(date: "2026-01-01") { ${'at { '.repeat(200)} } }`,
      /Syntax Error|levels deep/,
    ],
  ])('refuses %s', async (_, query, words) => {
    const { token } = await signIn();
    const client = await connectTo(services[0]);
    await client.init(token);
    client.subscribe(query);
    const message = await client.next();
    expect(message).toMatchObject({ type: 'error', id: '1' });
    const [first] = message.payload as { message: string; extensions: { code: string } }[];
    expect(first?.extensions.code).toBe('BAD_INPUT');
    expect(first?.message).toMatch(words);
  });

  it.each(['a\u0000b', '\ud800'])('refuses %j as the code of a site, and goes on', async (siteCode) => {
    const { token } = await signIn();
    const client = await connectTo(services[0]);
    await client.init(token);
    client.subscribe(
      'subscription ($site: String) { dayChanged(date: "2026-01-01", siteCode: $site) { at } }',
      {
        site: siteCode,
      },
    );
    const message = await client.next();
    expect(message).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_INPUT' } }] });
  });

  it('does not serve subscriptions over HTTP', async () => {
    const { token } = await signIn();
    const response = await fetch(`${services[0].url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: DAY, variables: { date: tuesday } }),
    });
    const answer = (await response.json()) as { data: unknown; errors: { extensions: { code: string } }[] };
    expect([answer.data, answer.errors.map(({ extensions }) => extensions.code)]).toEqual([
      null,
      ['BAD_INPUT'],
    ]);
  });

  it('takes so many subscriptions of a connection, and so many connections of a session', async () => {
    const { token } = await signIn();
    const client = await connectTo(services[0]);
    await client.init(token);
    for (let id = 0; id <= SUBSCRIPTIONS_PER_CONNECTION_MAX; id += 1)
      client.subscribe(DAY, { date: tuesday }, String(id));
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: String(SUBSCRIPTIONS_PER_CONNECTION_MAX),
    });
    client.send({ type: 'complete', id: '0' });
    await listens(client);
    client.subscribe(DAY, { date: tuesday }, 'again');
    await listens(client);
    for (let more = 1; more < CONNECTIONS_PER_SESSION_MAX; more += 1)
      expect(await (await connectTo(services[0])).init(token)).toEqual({ type: 'connection_ack' });
    await expect((await connectTo(services[0])).init(token)).rejects.toThrow(/4429/);
    client.socket.terminate();
    await client.closed;
    await until(async () => {
      const answer = await (await connectTo(services[0])).init(token).catch(() => null);
      return answer?.type === 'connection_ack';
    });
  });

  it('refuses a subscription with an id that is in use', async () => {
    const { token } = await signIn();
    const client = await listenTo(services[0], token, { date: tuesday });
    client.subscribe(DAY, { date: tuesday });
    expect((await client.closed)[0]).toBe(4409);
  });

  it.each([
    ['the older protocol', { protocol: 'graphql-ws' }, 400],
    ['another page', { headers: { origin: 'https://evil.example' } }, 403],
  ])('does not open to %s', async (_, options, status) => {
    await expect(connectTo(services[0], options)).rejects.toThrow(`HTTP ${status}`);
  });

  it.each([
    ['no JSON', 'x', 4400],
    ['JSON that is no message', '[]', 4400],
    ['a message of another kind', '{"type":"start"}', 4400],
    ['too much', `"${'x'.repeat(MESSAGE_BYTES_MAX)}"`, 1009],
    ['bytes', new Uint8Array([0, 1, 2]), 1003],
  ])('ends at %s', async (_, data, code) => {
    const client = await connectTo(services[0]);
    client.socket.send(data);
    expect((await client.closed)[0]).toBe(code);
  });

  it('ends for whoever sends without end', async () => {
    const { token } = await signIn();
    const client = await connectTo(services[0]);
    await client.init(token);
    for (let sent = 0; sent <= MESSAGES_PER_HEARTBEAT_MAX; sent += 1) client.send({ type: 'ping' });
    expect((await client.closed)[0]).toBe(4429);
  });

  it('ends for what is no WebSocket frame, and goes on for everybody else', async () => {
    const { hostname, port } = new URL(services[0].url);
    const socket = connect(Number(port), hostname);
    const ended = new Promise((resolve) => socket.on('close', resolve));
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.on('data', () => undefined);
    socket.write(Buffer.alloc(4_096, 0xff));
    await ended;
    expect((await fetch(`${services[0].url}/health/live`)).status).toBeLessThan(500);
  });

  it('does not keep the process from ending', async () => {
    const service = await startService();
    const { token } = await signIn();
    const client = await listenTo(service, token, { date: tuesday });
    await service.app.close();
    expect((await client.closed)[0]).toBe(1001);
    await expect(connectTo(service)).rejects.toThrow();
  });

  it('does not wait for a client that does not say goodbye', async () => {
    const service = await startService();
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.on('error', () => undefined);
    await service.app.close();
    socket.destroy();
  });
});
