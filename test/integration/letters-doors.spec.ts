import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readMailbox } from '../support/mailbox.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { until } from '../support/until.js';
import {
  aBooker,
  aPhysio,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// The whole service with its worker: every topic has its handler, letters leave, and the graph shows them.

const DESK = aBooker();
let home: string;
let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let room: VisitsRoom;
let clinic: VisitClinic;
let token = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'facet-letters-'));
  db = await createTestDatabase();
  database = new Database(db.url);
  const settings = {
    ROLE: 'api,worker',
    DATABASE_URL: db.url,
    FACET_HOME: home,
    CLINIC_TELEPHONE: '020 7946 0000',
    CLINIC_ADDRESS: '1 Harbour Street; London',
  };
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config: readConfig(settings, '/tmp'), databaseUrl: db.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const account = {
    email: 'desk@clinic.example',
    displayName: 'Desk',
    password: 'correct horse battery',
  };
  await app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: ['RECEPTION'] });
  const signedIn = await app
    .get(SessionService)
    .signIn(account, { requestId: null, source: null, userAgent: null });
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  token = signedIn.token;
  room = visitsOn(database, app.get(Clock));
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.create({
    data: { code: 'STAFF_ABSENT', name: 'Absent', allowedRoles: ['RECEPTION'], needsComment: false },
  });
});
afterAll(async () => {
  await app.close();
  await database.close();
  await db.drop();
  await rm(home, { recursive: true, force: true });
});

async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query, variables },
  });
  const { data, errors } = response.json<{ data: Data; errors?: unknown }>();
  expect(errors).toBeUndefined();
  return data;
}

/** Ten in the morning, so many weeks ahead, on a Wednesday. */
function wednesday(weeks: number): string {
  const today = app.get(Clock).now().toZonedDateTimeISO('Europe/London').toPlainDate();
  const day = today.add({ days: 7 * weeks + ((3 - today.dayOfWeek + 7) % 7) });
  return day.toZonedDateTime({ timeZone: 'Europe/London', plainTime: '10:00' }).toInstant().toString();
}

async function book(startsAt: string): Promise<Visit> {
  const { id } = await makePatient(room.patients);
  return mustBeVisit(await room.visits.bookVisit(DESK, aPhysio(clinic, id, startsAt)));
}

/** The kinds of letters that left for an address, in order. */
async function sentTo(address: string): Promise<readonly string[]> {
  const letters = await readMailbox(join(home, 'mail'));
  return letters
    .filter(({ message }) => [message.to].flat().some((to) => to?.text.includes(address)))
    .map(({ fileName }) => fileName.replace(/^[^-]+-/, '').replace(/-[0-9a-f]{12}\.eml$/, ''));
}

interface Shown {
  readonly kind: string;
  readonly status: string;
}

describe('letters about ordinary visits, through the whole service', () => {
  it('leave, and are shown with the visit and in the list', async () => {
    const booked = await book(wednesday(2));
    const OF_VISIT = `query ($id: ID!) { visit(id: $id) { id letters {
      kind status subjectId subjectVersion visitId scanBookingId allowedActions } } }`;
    const letters = async () =>
      (await ask<{ visit: { letters: Shown[] } }>(OF_VISIT, { id: booked.id })).visit.letters;
    await until(async () => (await letters()).some(({ status }) => status === 'SENT'));
    const input = { visitId: booked.id, version: 0, reasonCode: 'STAFF_ABSENT' };
    mustBeVisit(await room.visits.cancelVisit(DESK, input));
    await until(async () => (await letters()).filter(({ status }) => status === 'SENT').length === 2);
    const of = { subjectId: booked.id, visitId: booked.id, scanBookingId: null, allowedActions: [] };
    expect(await letters()).toEqual([
      { ...of, kind: 'VISIT_BOOKED', status: 'SENT', subjectVersion: 0 },
      { ...of, kind: 'VISIT_CANCELLED', status: 'SENT', subjectVersion: 1 },
    ]);
    const LIST = `query ($filter: LetterFilterInput!) { letters(filter: $filter) { items { kind status } } }`;
    const filter = { visitId: booked.id, kind: 'VISIT_BOOKED' };
    expect(await ask(LIST, { filter })).toEqual({
      letters: { items: [{ kind: 'VISIT_BOOKED', status: 'SENT' }] },
    });
    const { email } = await database.client.patient.findUniqueOrThrow({ where: { id: booked.patientId } });
    expect(await sentTo(email ?? '')).toEqual(['visit-booked', 'visit-cancelled']);
  });
});

describe('letters about a place that fell free, through the whole service', () => {
  it('offer it to who waits, and tell them when it has gone', async () => {
    const waiting = await makePatient(room.patients);
    mustBeRequest(await room.requests.requestVisit(DESK.actor, aWish(waiting.id, PHYSIO)));
    const left = await book(wednesday(3));
    const input = { visitId: left.id, version: 0, reasonCode: 'STAFF_ABSENT' };
    mustBeVisit(await room.visits.cancelVisit(DESK, input));
    const { id: freedPlaceId } = await database.client.freedPlace.findFirstOrThrow({
      where: { visitId: left.id },
    });
    const OFFER = `mutation ($input: OfferFreedPlaceInput!) { offerFreedPlace(input: $input) {
      ... on FreedPlace { version offers { patient { id } } } ... on Refusal { code } } }`;
    const offered = await ask<{ offerFreedPlace: { version: number; offers: unknown } }>(OFFER, {
      input: { freedPlaceId, version: 0 },
    });
    expect(offered.offerFreedPlace.offers).toEqual([{ patient: { id: waiting.id } }]);
    await until(async () => (await sentTo(waiting.email ?? '')).length === 1);
    expect(await sentTo(waiting.email ?? '')).toEqual(['freed-place-offered']);
    const WITHDRAW = `mutation ($input: WithdrawFreedPlaceInput!) { withdrawFreedPlace(input: $input) {
      ... on FreedPlace { status } ... on Refusal { code } } }`;
    const { version } = offered.offerFreedPlace;
    expect(await ask(WITHDRAW, { input: { freedPlaceId, version } })).toEqual({
      withdrawFreedPlace: { status: 'WITHDRAWN' },
    });
    await until(async () => (await sentTo(waiting.email ?? '')).length === 2);
    // Files of one second stand in the order of their names.
    const sent = await sentTo(waiting.email ?? '');
    expect(sent.toSorted()).toEqual(['freed-place-gone', 'freed-place-offered']);
    const [letter] = (await readMailbox(join(home, 'mail'))).filter(({ fileName }) =>
      fileName.includes('freed-place-offered'),
    );
    expect(letter?.message.text).toContain('Please ring 020 7946 0000 before');
    expect(letter?.message.text).toContain('  1 Harbour Street\n  London\n');
  });
});
