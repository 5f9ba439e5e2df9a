import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FreedPlaceJobs } from '../../src/clinic/visits/freed-place.jobs.js';
import { FreedPlaceService } from '../../src/clinic/visits/freed-place.service.js';
import type { FreedPlace } from '../../src/clinic/visits/freed-place.type.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Outbox, OutboxHandlers, OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule } from '../../src/platform/queue/index.js';
import { Clock, TimeModule } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type FreedPlacesRoom, freedPlacesOn } from '../support/freed-places.factory.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { until } from '../support/until.js';
import {
  aBooker,
  aPhysio,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  makeVisitType,
  mustBeVisit,
  PHYSIO,
  type VisitClinic,
} from '../support/visits.factory.js';

// A place falls free, and the messages go their own way: through the table, the relay and the queue to the jobs.

const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const desk = aBooker();

let db: TestDatabase;
let database: Database;
let home: string;
let clock: FixedClock;
let room: FreedPlacesRoom;
let clinic: VisitClinic;
const workers: TestingModule[] = [];
const letters: string[] = [];

beforeAll(async () => {
  [db, home] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'facet-freed-'))]);
  database = new Database(db.url);
});
afterAll(async () => {
  await database.close();
  await db.drop();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  await emptyVisits(database);
  await database.client.$executeRawUnsafe('TRUNCATE outbox_messages');
  clock = new FixedClock(NOW);
  room = freedPlacesOn(database, clock);
  clinic = await makeVisitClinic(database);
  await database.client.visitType.update({ where: { code: PHYSIO }, data: { offersFreed: true } });
  await database.client.cancelReason.create({
    data: { code: 'PATIENT', name: 'Cannot come', allowedRoles: ['RECEPTION'], needsComment: false },
  });
  letters.length = 0;
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
});

/** A process that handles messages. What the room of letters would hear is written down. */
async function startWorker(
  service: Pick<FreedPlaceService, 'offerUnasked' | 'goOn' | 'passDeadline'> = room.freedPlaces,
) {
  const config = readConfig({ FACET_HOME: home, DATABASE_URL: db.url, ROLE: 'worker' }, '/');
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      TimeModule,
      DatabaseModule.at(db.url),
      QueueModule.at(db.url),
      OutboxModule.at(db.url),
    ],
    providers: [FreedPlaceJobs, { provide: FreedPlaceService, useValue: service }],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  // The attempt that dies says so in the log.
  module.useLogger(false);
  const [outbox, handlers] = [module.get(Outbox), module.get(OutboxHandlers)];
  for (const topic of room.outbox.declaredTopics()) {
    outbox.declare(topic);
    if (handlers.topics().includes(topic)) continue;
    handlers.register({ topic, handle: async ({ subjectId }) => void letters.push(`${topic} ${subjectId}`) });
  }
  await module.init();
  workers.push(module);
}

/** Moves the clock on, and wakes the relays as the next posting would. */
async function later(minutes: number): Promise<void> {
  clock.advance({ minutes });
  await database.client.$queryRawUnsafe("SELECT pg_notify('facet_outbox', '')::text");
}

async function waits(visitTypeCode = PHYSIO): Promise<string> {
  const wish = aWish(await makePatientId(room), visitTypeCode);
  return mustBeRequest(await room.requests.requestVisit(desk.actor, wish)).id;
}

async function placeFallsFree(): Promise<string> {
  const booked = aPhysio(clinic, await makePatientId(room), NINE);
  const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(desk, booked));
  mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }));
  return (await database.client.freedPlace.findFirstOrThrow({ where: { visitId } })).id;
}

const see = (id: string): Promise<FreedPlace> => room.freedRecords.freedPlace(desk.actor, id);
const statusesOf = ({ offers }: FreedPlace) => offers.map(({ status }) => status);
const lettersOf = (topic: string) => letters.filter((letter) => letter.startsWith(`${topic} `));

describe('messages about a freed place', () => {
  it('ask one after another, with nobody at the desk, until nobody is left', async () => {
    await waits();
    await waits();
    await startWorker();
    const id = await placeFallsFree();
    await until(async () => (await see(id)).status === 'OFFERING');
    expect(statusesOf(await see(id))).toEqual(['SENT', 'QUEUED']);
    await later(120);
    await until(async () => statusesOf(await see(id))[1] === 'SENT');
    expect(statusesOf(await see(id))).toEqual(['LAPSED', 'SENT']);
    await later(120);
    await until(async () => (await see(id)).status === 'EXPIRED');
    expect(statusesOf(await see(id))).toEqual(['LAPSED', 'LAPSED']);
    await until(() => lettersOf('visit.freed-place-offered').length === 2);
    expect(new Set(letters).size).toBe(letters.length);
    expect(lettersOf('visit.freed-place-gone')).toEqual([]);
  });

  it('are handled by the next process when one dies in the middle: nobody is asked twice', async () => {
    await waits();
    let deaths = 0;
    await startWorker({
      offerUnasked: async () => {
        deaths += 1;
        throw new Error('killed');
      },
      goOn: async () => null,
      passDeadline: async () => null,
    });
    const id = await placeFallsFree();
    await until(() => deaths > 0);
    for (const worker of workers.splice(0)) await worker.close();
    expect((await see(id)).status).toBe('OPEN');
    await startWorker();
    await later(1);
    await until(async () => (await see(id)).status === 'OFFERING');
    await until(() => lettersOf('visit.freed-place-offered').length === 1);
    const [first] = (await see(id)).offers;
    const input = { offerId: first?.id ?? '', version: first?.version ?? 0, answer: 'ACCEPT' as const };
    await room.answers.answer(desk, input);
    await later(240);
    await until(async () => (await openMessages()) === 0);
    expect(await see(id)).toMatchObject({ status: 'TAKEN' });
    expect(letters).toHaveLength(new Set(letters).size);
  });

  it('ask the next after a "no", when whoever heard it dies before they could', async () => {
    await waits();
    const second = await waits();
    await startWorker();
    const id = await placeFallsFree();
    await until(async () => (await see(id)).status === 'OFFERING');
    const [first] = (await see(id)).offers;
    const dying = Object.assign(Object.create(room.freedPlaces) as FreedPlaceService, {
      goOn: () => Promise.reject(new Error('killed')),
    });
    const input = { offerId: first?.id ?? '', version: first?.version ?? 0, answer: 'DECLINE' as const };
    await expect(room.answersThat(dying).answer(desk, input)).rejects.toThrow('killed');
    expect(statusesOf(await see(id))).toEqual(['DECLINED', 'QUEUED']);
    await later(1);
    await until(async () => statusesOf(await see(id))[1] === 'SENT');
    expect((await see(id)).offers[1]?.requestId).toBe(second);
  });

  it('offer what a shorter visit has left of a place', async () => {
    await makeVisitType(database, 'SHORT_TEST', [
      { durationMinutes: 15, needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] },
    ]);
    await waits('SHORT_TEST');
    await waits('SHORT_TEST');
    await startWorker();
    const id = await placeFallsFree();
    await until(async () => (await see(id)).status === 'OFFERING');
    const [first] = (await see(id)).offers;
    const input = { offerId: first?.id ?? '', version: first?.version ?? 0, answer: 'ACCEPT' as const };
    await room.answers.answer(desk, input);
    const rest = await database.client.freedPlace.findUniqueOrThrow({ where: { restOfId: id } });
    await until(async () => (await see(rest.id)).status === 'OFFERING');
    const after = await see(rest.id);
    expect(after.offers.map(({ startsAt }) => startsAt.toString())).toEqual(['2026-03-04T09:15:00Z']);
    expect(lettersOf('visit.freed-place-offered').length).toBeLessThanOrEqual(2);
  });
});

async function openMessages(): Promise<number> {
  return database.client.outboxMessage.count({ where: { handledAt: null, parkedAt: null } });
}
