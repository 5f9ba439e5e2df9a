import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { SystemClock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aBooker, makePatientId, makeVisitClinic, PHYSIO, visitsOn } from '../support/visits.factory.js';

// The room through the graph: what the compiled executor answers, the header, and how many statements a screen takes.

let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let token: string;
let patientId: string;

async function signIn(): Promise<string> {
  const account = { email: 'rosa@clinic.example', displayName: 'Rosa', password: 'correct horse battery' };
  await app.get(StaffService).addStaffAccount(aBooker().actor, { ...account, roles: ['RECEPTION'] });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  patientId = await makePatientId(visitsOn(database, new FixedClock(now)));
  await makeVisitClinic(database);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: db.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  token = await signIn();
});

afterAll(async () => {
  await app.close();
  await database.close();
  await db.drop();
});

interface Booked {
  readonly __typename: string;
  readonly id: string;
  readonly version: number;
  readonly status: string;
}

interface Answer {
  readonly data: {
    readonly visitOffers: {
      readonly offers: readonly {
        readonly steps: readonly {
          readonly startsAt: string;
          readonly resources: readonly {
            readonly role: string;
            readonly resource: { readonly id: string };
          }[];
        }[];
      }[];
    };
    readonly bookVisit: Booked;
    readonly moveVisit: Booked;
    readonly visits: { readonly items: readonly object[] };
  };
  readonly errors?: readonly object[];
}

async function ask(query: string, variables: object = {}, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}`, ...headers },
    payload: { query, variables },
  });
  const answer = response.json<Answer>();
  expect(answer.errors ?? []).toEqual([]);
  return answer.data;
}

const OFFERS = `query ($filter: VisitOfferFilterInput!) { visitOffers(filter: $filter) { __typename ... on VisitOffers {
  offers { startsAt insidePromise steps { startsAt resources { role resource { id } } } }
  whyNoOffer { block kinds message help { remedy offer { startsAt } } } } } }`;
const BOOK = `mutation ($input: BookVisitInput!) { bookVisit(input: $input) { __typename
  ... on Visit { id version status visitType { name } patient { familyName } replacedBy { id } }
  ... on Refusal { code message } } }`;
const MOVE = `mutation ($input: MoveVisitInput!) { moveVisit(input: $input) { __typename
  ... on Visit { id version status } ... on Refusal { code } } }`;
const SCREEN = `{ visits { items { id status startsAt steps { name resources { role resource { name } } }
  visitType { name } patient { familyName visits { items { id } } } replacedBy { id } } } }`;

async function inputsFor(count: number) {
  const { visitOffers } = await ask(OFFERS, { filter: { visitTypeCode: PHYSIO, patientId, limit: count } });
  return visitOffers.offers.map(({ steps }) =>
    steps.map(({ startsAt, resources }) => ({
      startsAt,
      resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
    })),
  );
}

async function statementsOf(query: string, variables: object = {}): Promise<number> {
  await ask(query, variables);
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await ask(query, variables);
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('the doors of visits', () => {
  it('take an offer as it was given, and the same answer comes with the same key', async () => {
    const [steps] = await inputsFor(1);
    const input = { patientId, visitTypeCode: PHYSIO, steps };
    const headers = { 'idempotency-key': 'b6b2c1e2' };
    const first = (await ask(BOOK, { input }, headers)).bookVisit;
    expect(first).toMatchObject({
      __typename: 'Visit',
      status: 'BOOKED',
      visitType: { name: 'Kind PHYSIO_TEST' },
    });
    for (let round = 0; round < 3; round += 1) {
      expect((await ask(BOOK, { input }, headers)).bookVisit).toEqual(first);
    }
    expect((await ask(BOOK, { input })).bookVisit.__typename).toMatch(/SlotAlreadyTaken|PatientElsewhere/);
    const [other] = await inputsFor(1);
    const changed = { ...input, steps: other };
    expect((await ask(BOOK, { input: changed }, headers)).bookVisit.__typename).toBe('IdempotencyKeyReused');
    const moves = [...(await inputsFor(10))].reverse();
    const moved = { visitId: first.id, version: 0, steps: moves[0] };
    expect((await ask(MOVE, { input: moved })).moveVisit.__typename).toMatch(/Visit|TooLateToChange/);
  });

  it('show a screen in as many statements for many visits as for few', async () => {
    const few = await statementsOf(SCREEN);
    for (const steps of await inputsFor(8)) {
      await ask(BOOK, { input: { patientId, visitTypeCode: PHYSIO, steps } });
    }
    expect((await ask(SCREEN)).visits.items.length).toBeGreaterThan(4);
    expect(await statementsOf(SCREEN)).toBe(few);
    expect(few).toBeLessThanOrEqual(40);
  });

  it('look for offers in as many statements for a season as for a week', async () => {
    const today = new SystemClock().now().toZonedDateTimeISO('Europe/London').toPlainDate();
    const filter = { visitTypeCode: PHYSIO, patientId, limit: 50 };
    const week = { ...filter, onOrBefore: today.add({ days: 10 }).toString() };
    const statements = await statementsOf(OFFERS, { filter: week });
    expect(await statementsOf(OFFERS, { filter })).toBe(statements);
  });
});
