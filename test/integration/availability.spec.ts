import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { AvailabilityService } from '../../src/clinic/visits/availability.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { PublicDoors } from '../../src/platform/http/public-doors.js';
import { Clock, dateFromInstant, type SystemClock, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeRequestableType } from '../support/requests.factory.js';
import { makeClaim, makeException, makeResource } from '../support/scheduling.factory.js';

// How long the wait is, for staff and for the website, through the application as it runs.

const NOW = '2026-03-20T10:00:00Z'; // a Friday, nine days before the clocks go forward
const clock = new FixedClock(NOW);
const routes = new Set<string>();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let room: string;
let visitors = 0;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await makeResource(database, 'THERAPY_ROOM', { weekdays: ['09:00-10:00'] });
  await makeRequestableType(database, 'PHYSIO', { needs: ['THERAPY_ROOM'] });
  await makeRequestableType(database, 'FULL', { needs: ['MEETING_ROOM'] });
  await makeRequestableType(database, 'HIDDEN', { needs: ['THERAPY_ROOM'], type: { isPublic: false } });
  await makeRequestableType(database, 'GONE', {
    needs: ['THERAPY_ROOM'],
    type: { retiredOn: dateFromInstant(Temporal.Instant.from('2026-03-01T00:00Z')) },
  });
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  const adapter = new FastifyAdapter({ trustProxy: ['127.0.0.1'] });
  adapter.getInstance().addHook('onRoute', ({ url }) => void routes.add(url));
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    adapter,
    { logger: false },
  );
  const running: SystemClock = app.get(Clock);
  vi.spyOn(running, 'now').mockImplementation(() => clock.now());
  vi.spyOn(running, 'nowMs').mockImplementation(() => clock.now().epochMilliseconds);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
beforeEach(async () => {
  clock.advance({ minutes: 6 });
  visitors += 1;
  await database.client.$executeRaw`TRUNCATE span_claims, opening_exceptions`;
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

/** A visitor whom no other test knows, behind the proxy. */
const visitor = () => `198.51.100.${visitors}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: path, headers: { 'x-forwarded-for': visitor(), ...headers } });
const ask = (code: string, headers = {}) => get(`/public/availability/${code}`, headers);
const next = (code: string) => app.get(AvailabilityService).nextAvailability(code);

async function takeRoom(day: string): Promise<void> {
  await makeClaim(database, {
    resourceId: room,
    startsAt: `${day}T00:00:00Z`,
    endsAt: `${day}T23:00:00Z`,
  });
}

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  const count = spy.mock.calls.length;
  spy.mockRestore();
  return count;
}

describe('nextAvailability', () => {
  it('is the first day after the notice on which a whole visit fits', async () => {
    expect(await next('PHYSIO')).toEqual({
      visitTypeCode: 'PHYSIO',
      priority: 'ROUTINE',
      earliestOn: '2026-03-23',
      waitDays: 3,
      asOf: '2026-03-20',
    });
    await takeRoom('2026-03-23');
    // A quarter of an hour too little is left of Tuesday.
    await makeException(database, 'CLOSED', '2026-03-24', { hours: '09:30-10:00' });
    expect(await next('PHYSIO')).toMatchObject({ earliestOn: '2026-03-25', waitDays: 5 });
  });

  it('is a day on the wall calendar beyond the change of the clocks, and beyond the first look', async () => {
    await makeException(database, 'CLOSED', '2026-03-23');
    const closed = { startsAt: '2026-03-24T00:00:00Z', endsAt: '2026-04-12T23:00:00Z' };
    await makeClaim(database, { resourceId: room, ...closed });
    expect(await next('PHYSIO')).toMatchObject({ earliestOn: '2026-04-13', waitDays: 24 });
  });

  it('is null when nothing fits in the whole diary, after as many statements as ever', async () => {
    expect(await next('FULL')).toMatchObject({ earliestOn: null, waitDays: null });
    const near = await statementsOf(() => next('PHYSIO'));
    const far = await statementsOf(() => next('FULL'));
    expect(far).toBe(near + 2);
    for (let day = 0; day < 20; day += 1) {
      await takeRoom(Temporal.PlainDate.from('2026-05-01').add({ days: day }).toString());
    }
    expect(await statementsOf(() => next('FULL'))).toBe(far);
  });

  it('is not found for a kind that there is not', async () => {
    await expect(next('NO_SUCH')).rejects.toMatchObject({ message: expect.stringContaining('visit type') });
  });

  it('finds a hold that has ended no hindrance', async () => {
    await takeRoom('2026-03-23');
    const claimedAt = dateFromInstant(clock.now());
    const expiresAt = dateFromInstant(clock.now().add({ minutes: 10 }));
    await database.client.spanClaim.updateMany({ data: { claimedAt, expiresAt } });
    expect(await next('PHYSIO')).toMatchObject({ earliestOn: '2026-03-24' });
    clock.advance({ minutes: 10 });
    expect(await next('PHYSIO')).toMatchObject({ earliestOn: '2026-03-23' });
  });
});

describe('the public door', () => {
  it('says the day to anybody, and nothing else', async () => {
    const response = await ask('PHYSIO');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      visitTypeCode: 'PHYSIO',
      earliestOn: '2026-03-23',
      asOf: '2026-03-20',
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(response.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('says null when the diary is full', async () => {
    expect((await ask('FULL')).json()).toEqual({
      visitTypeCode: 'FULL',
      earliestOn: null,
      asOf: '2026-03-20',
    });
  });

  it('keeps an answer for five minutes, also under a burst, and says how fresh it is', async () => {
    const door = vi.spyOn(app.get(AvailabilityService), 'publicAvailability');
    await Promise.all(Array.from({ length: 20 }, () => ask('PHYSIO')));
    expect(door).toHaveBeenCalledTimes(1);
    await takeRoom('2026-03-23');
    clock.advance({ minutes: 4 });
    const old = await ask('PHYSIO');
    expect(old.json()).toMatchObject({ earliestOn: '2026-03-23' });
    expect(old.headers['cache-control']).toBe('public, max-age=60');
    clock.advance({ minutes: 1 });
    expect((await ask('PHYSIO')).json()).toMatchObject({ earliestOn: '2026-03-24' });
    expect(door).toHaveBeenCalledTimes(2);
    door.mockRestore();
  });

  it('answers 304 to whoever has it, and 200 once it is another', async () => {
    const { etag } = (await ask('PHYSIO')).headers;
    for (const known of [String(etag), `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await ask('PHYSIO', { 'if-none-match': known });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    }
    expect((await ask('PHYSIO', { 'if-none-match': '"x"' })).statusCode).toBe(200);
    clock.advance({ minutes: 6 });
    expect((await ask('PHYSIO', { 'if-none-match': String(etag) })).statusCode).toBe(304);
    await takeRoom('2026-03-23');
    clock.advance({ minutes: 6 });
    expect((await ask('PHYSIO', { 'if-none-match': String(etag) })).statusCode).toBe(200);
  });

  it('does not tell what is hidden from what is retired, unknown or no kind at all', async () => {
    const hidden = await ask('HIDDEN');
    expect([hidden.statusCode, hidden.body]).toEqual([404, '{"code":"NOT_FOUND"}']);
    const comparable = ({ headers }: typeof hidden) => ({ ...headers, date: null });
    for (const path of ['GONE', 'NO_SUCH', 'physio', '%27%20OR%201', '..%2Fhealth', 'A'.repeat(90)]) {
      const other = await ask(path);
      expect([path, other.statusCode, other.body]).toEqual([path, 404, hidden.body]);
      expect(comparable(other)).toEqual(comparable(hidden));
    }
    expect((await ask('A'.repeat(5_000))).statusCode).toBeGreaterThanOrEqual(400);
    expect((await get('/public/patients/PHYSIO')).body).toBe(hidden.body);
  });

  it('lets sixty requests of one address through and tells the next when to come again', async () => {
    const burst = await Promise.all(Array.from({ length: 61 }, () => ask('PHYSIO')));
    expect(burst.filter(({ statusCode }) => statusCode === 200)).toHaveLength(60);
    const refused = burst.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
    // Unknown kinds cost the same, and another address has its own sixty.
    expect((await ask('NO_SUCH')).statusCode).toBe(429);
    expect((await ask('PHYSIO', { 'x-forwarded-for': '203.0.113.9' })).statusCode).toBe(200);
    // What a caller says of itself, before the proxy adds the address, changes nothing.
    expect((await ask('PHYSIO', { 'x-forwarded-for': `203.0.113.10, ${visitor()}` })).statusCode).toBe(429);
    clock.advance({ seconds: 1 });
    expect((await ask('PHYSIO')).statusCode).toBe(200);
  });

  it('says "try again" without a reason when it cannot answer, and does not keep that', async () => {
    const door = vi
      .spyOn(app.get(AvailabilityService), 'publicAvailability')
      .mockRejectedValueOnce(new Error('SELECT secret FROM patients'));
    const failed = await ask('PHYSIO');
    expect([failed.statusCode, failed.body]).toEqual([503, '{"code":"TRY_AGAIN"}']);
    expect(failed.headers).toMatchObject({ 'retry-after': '10', 'cache-control': 'no-store' });
    expect((await ask('PHYSIO')).statusCode).toBe(200);
    door.mockRestore();
  });

  it.each(['lead_time_policies', 'visit_protocols'])(
    'does not find what is public but not ready: %s',
    async (missing) => {
      const code = `UNREADY_${missing.toUpperCase()}`;
      await makeRequestableType(database, code, { needs: ['THERAPY_ROOM'] });
      if (missing === 'lead_time_policies') {
        await database.client.leadTimePolicy.deleteMany({ where: { visitType: code } });
      } else {
        const later = { effectiveFrom: new Date('2027-01-01') };
        await database.client.visitProtocol.updateMany({ where: { visitTypeCode: code }, data: later });
      }
      const answer = await ask(code);
      expect([answer.statusCode, answer.body]).toEqual([404, '{"code":"NOT_FOUND"}']);
    },
  );

  it('is for reading only', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const url = '/public/availability/PHYSIO';
      expect((await app.inject({ method, url })).statusCode, method).toBe(404);
    }
  });

  it('opens each door once', () => {
    const answer = async () => null;
    const doors = app.get(PublicDoors);
    expect(() => doors.register({ name: 'availability', subject: /x/, answer })).toThrow('twice');
    expect(() => doors.register({ name: 'No Name', subject: /x/, answer })).toThrow('no name');
  });
});

describe('without a session', () => {
  it('nothing but health, the public doors and the graph itself is there to be asked', () => {
    const known =
      /^(\/health\/(live|ready)|\/public\/:door\/:subject|\/graphql|\/enquir(ies|y-form)|\/privacy-notice)$/;
    // Who these are for is asked by the door itself: 401 without a session.
    const signedIn = /^\/(documents(\/:id\/(versions|content))?|subject-access\/:id)$/;
    expect([...routes].filter((url) => !known.test(url) && !signedIn.test(url))).toEqual([]);
    expect(routes).toContain('/graphql');
    expect(routes).toContain('/public/:door/:subject');
  });
});
