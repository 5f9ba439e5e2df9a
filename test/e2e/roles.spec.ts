import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { GraphqlClient, type SignedInClient, signInAs } from '../support/graphql.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { until } from '../support/until.js';
import { rowsOf, workIsDone } from './tables.js';
import { book, cancel, findOffers, first, referralOf, toVisit } from './visits.js';

// Each role of the built service, on one outside PostgreSQL: which doors it opens, and that it says when it is ready.

const house = facetHouse();
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.drop());

async function health(
  service: RunningService,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${service.httpUrl}/health/${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      settle(true);
    });
    socket.once('error', () => settle(false));
  });

/** Whether the graph answers at all. */
async function hasApi(service: RunningService): Promise<boolean> {
  const answer = await new GraphqlClient(service.httpUrl).send('{ __typename }');
  return answer.httpStatus === 200 && answer.data !== null;
}

describe('the role', () => {
  it.each([
    ['api', { api: true, dicom: false }],
    ['worker', { api: false, dicom: false }],
    ['scanner', { api: false, dicom: true }],
    ['api,worker', { api: true, dicom: false }],
    ['all', { api: true, dicom: true }],
  ])('%s opens its doors and no other', async (ROLE, doors) => {
    const service = await house.start(await house.newHome(), { DATABASE_URL: database.url, ROLE });
    expect(await health(service, 'live')).toEqual({ status: 200, body: { status: 'live' } });
    const ready = await health(service, 'ready');
    expect(ready.status, JSON.stringify(ready.body)).toBe(200);
    expect(ready.body.checks).toMatchObject({ database: true, queues: true });
    expect(await hasApi(service)).toBe(doors.api);
    expect(service.dicomPort > 0 && (await isOpen(service.dicomPort))).toBe(doors.dicom);
    expect(service.output()).not.toContain('Demo accounts');
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('api needs a database that others can share', async () => {
    const facet = await house.launch(await house.newHome(), { ROLE: 'api' });
    expect((await facet.exited).code).toBeGreaterThan(0);
    expect(facet.complaints()).toMatch(/ROLE is "api", but DATABASE_URL is not set/);
  });
});

describe('two processes that start at the same moment on an empty database', () => {
  it('both come up, and the migrations were applied once', async () => {
    const empty = await createEmptyDatabase();
    try {
      const settings = { DATABASE_URL: empty.url };
      const homes = [await house.newHome(), await house.newHome()];
      const services = await Promise.all(homes.map((home) => house.start(home, settings)));
      for (const service of services) expect((await health(service, 'ready')).status).toBe(200);
      for (const service of services) expect((await service.end('SIGTERM')).code).toBe(0);
    } finally {
      await empty.drop();
    }
  });
});

async function shut({ name }: TestDatabase): Promise<void> {
  await rowsOf(inject('postgresAdminUrl'), `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  await rowsOf(
    inject('postgresAdminUrl'),
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
    [name],
  );
}

async function reopen({ name }: TestDatabase): Promise<void> {
  await rowsOf(inject('postgresAdminUrl'), `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
}

describe('a database that goes away', () => {
  it('makes the service not ready, and it is ready again when the database is back', async () => {
    const passing = await createTestDatabase();
    try {
      const service = await house.start(await house.newHome(), { DATABASE_URL: passing.url });
      expect((await health(service, 'ready')).status).toBe(200);
      await shut(passing);
      await expect.poll(async () => (await health(service, 'ready')).status, { timeout: 60_000 }).toBe(503);
      expect((await health(service, 'live')).status).toBe(200);
      await reopen(passing);
      await expect.poll(async () => (await health(service, 'ready')).status, { timeout: 60_000 }).toBe(200);
      expect((await service.end('SIGTERM')).code).toBe(0);
    } finally {
      await passing.drop();
    }
  });
});

describe('with queues on Redis', () => {
  let redis: TestRedis;
  let smtp: TestSmtp;
  let service: RunningService;
  let reception: SignedInClient;

  beforeAll(async () => {
    [redis, smtp] = await Promise.all([startRedis(), startSmtp()]);
    service = await house.start(await house.newHome(), { REDIS_URL: redis.url, SMTP_URL: smtp.url });
    reception = await signInAs(service, 'reception');
  });

  afterAll(async () => {
    await service?.end('SIGTERM');
    await Promise.all([redis?.stop(), smtp?.stop()]);
  });

  async function bookFor(familyName: string) {
    const { id } = await referralOf(reception, familyName);
    const { offers } = await findOffers(reception, id);
    return book(reception, id, toVisit(first(offers, 'offer')));
  }

  it('a booking leads to exactly one letter', async () => {
    await bookFor('Brontë-Hale');
    await until(() => smtp.accepted.length > 0);
    await workIsDone(embeddedDatabaseUrl(service.home));
    expect(smtp.received).toHaveLength(1);
  });

  it('a booking is answered while Redis is gone, and its letter leaves once when Redis is back, empty', async () => {
    await redis.kill();
    const booking = await bookFor('Marsh');
    await expect.poll(async () => (await health(service, 'ready')).status, { timeout: 60_000 }).toBe(503);
    await redis.restart();
    await expect.poll(async () => (await health(service, 'ready')).status, { timeout: 60_000 }).toBe(200);
    await workIsDone(embeddedDatabaseUrl(service.home));
    expect(smtp.received).toHaveLength(2);
    await cancel(reception, booking);
    await workIsDone(embeddedDatabaseUrl(service.home));
    expect(smtp.received).toHaveLength(3);
  });
});
