import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
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

// Series through the graph: what the compiled executor answers, the header, and how many statements a screen takes.

let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let token: string;
let patientId: string;

async function signIn(): Promise<string> {
  const account = { email: 'rosa@clinic.example', displayName: 'Rosa', password: 'correct horse battery' };
  await app.get(StaffService).addStaffAccount(aBooker().actor, { ...account, roles: ['RECEPTION'] });
  const signedIn = await app
    .get(SessionService)
    .signIn(account, { requestId: null, source: null, userAgent: null });
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  patientId = await makePatientId(visitsOn(database, new FixedClock(now)));
  await makeVisitClinic(database);
  await database.client.cancelReason.create({
    data: { code: 'PATIENT', name: 'The patient asked', allowedRoles: ['RECEPTION'], needsComment: false },
  });
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

interface Occurrence {
  readonly steps: readonly { readonly position: number; readonly startsAt: string }[];
  readonly resources: readonly {
    readonly stepPosition: number;
    readonly role: string;
    readonly resource: { readonly id: string };
  }[];
}

interface Series {
  readonly __typename: string;
  readonly code?: string;
  readonly position?: number;
  readonly id: string;
  readonly visitsCount: number;
  readonly visits: readonly {
    readonly id: string;
    readonly status: string;
    readonly seriesPosition: number;
  }[];
}

interface Answer {
  readonly data: {
    readonly seriesOffers: {
      readonly __typename: string;
      readonly offers: readonly {
        readonly exceptionsCount: number;
        readonly occurrences: readonly Occurrence[];
      }[];
    };
    readonly bookSeries: Series;
    readonly cancelSeries: Series;
    readonly visitSeries: Series;
    readonly visits: { readonly items: readonly { readonly series: Series | null }[] };
  };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function send(
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}`, ...headers },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

async function ask(query: string, variables: object = {}, headers: Record<string, string> = {}) {
  const answer = await send(query, variables, headers);
  expect(answer.errors ?? []).toEqual([]);
  return answer.data;
}

const OFFERS = `query ($filter: SeriesOfferFilterInput!) { seriesOffers(filter: $filter) { __typename ... on SeriesOffers {
  earliestOn targetOn latestOn firstWindow { startsAt endsAt } whyNoSeries { position wantedAt message }
  offers { insidePromise exceptionsCount occurrences { position startsAt wantedAt isException changesStaff
    steps { position startsAt } resources { stepPosition role resource { id name } } } } } ... on Refusal { code message } } }`;
const SERIES = `__typename ... on VisitSeries { id visitsCount everyDays visits { id status seriesPosition } }
  ... on Refusal { code message }`;
const BOOK = `mutation ($input: BookSeriesInput!) { bookSeries(input: $input) {
  ${SERIES} ... on OccurrenceNotPossible { position startsAt reasonCode } } }`;
const CANCEL = `mutation ($input: CancelSeriesInput!) { cancelSeries(input: $input) { ${SERIES} } }`;
const ONE = `query ($id: ID!) { visitSeries(id: $id) { id visitsCount visits { id status seriesPosition } } }`;
const SCREEN = `{ visits { items { id seriesPosition series { id visitsCount visits { id status } } } } }`;

async function statementsOf(query: string, variables: object = {}): Promise<number> {
  await ask(query, variables);
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  await ask(query, variables);
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

async function inputFor(count: number) {
  const filter = { visitTypeCode: PHYSIO, patientId, count };
  const { seriesOffers } = await ask(OFFERS, { filter });
  const [offer] = seriesOffers.offers;
  const occurrences = (offer?.occurrences ?? []).map(({ steps, resources }) => ({
    steps: steps.map(({ startsAt, position }) => ({
      startsAt,
      resources: resources
        .filter(({ stepPosition }) => stepPosition === position)
        .map(({ role, resource }) => ({ role, resourceId: resource.id })),
    })),
  }));
  return { patientId, visitTypeCode: PHYSIO, everyDays: 7, occurrences };
}

it('is offered, booked once for one key, shown with its visits, refused by name and cancelled', async () => {
  const input = await inputFor(6);
  const key = { 'idempotency-key': 'a-series' };
  const { bookSeries } = await ask(BOOK, { input }, key);
  expect(bookSeries).toMatchObject({ __typename: 'VisitSeries', visitsCount: 6 });
  expect(bookSeries.visits.map(({ seriesPosition }) => seriesPosition)).toEqual([0, 1, 2, 3, 4, 5]);
  expect((await ask(BOOK, { input }, key)).bookSeries).toEqual(bookSeries);
  for (const _ of ['first', 'compiled']) {
    expect((await ask(BOOK, { input })).bookSeries).toMatchObject({
      __typename: 'OccurrenceNotPossible',
      code: 'OccurrenceNotPossible',
      position: 0,
    });
  }
  const { visitSeries } = await ask(ONE, { id: bookSeries.id });
  expect(visitSeries.visits).toEqual(bookSeries.visits);
  const { visits } = await ask(SCREEN);
  expect(visits.items.map(({ series }) => series?.id)).toEqual(visits.items.map(() => bookSeries.id));
  const cancel = { input: { seriesId: bookSeries.id, reasonCode: 'PATIENT' } };
  const { cancelSeries } = await ask(CANCEL, cancel);
  expect(new Set(cancelSeries.visits.map(({ status }) => status))).toEqual(new Set(['CANCELLED']));
  expect((await ask(CANCEL, cancel)).cancelSeries).toMatchObject({ __typename: 'SeriesOver' });
});

it('takes as many statements on a screen of twelve visits as on one of two', async () => {
  expect((await ask(BOOK, { input: await inputFor(2) })).bookSeries.__typename).toBe('VisitSeries');
  const few = await statementsOf(SCREEN);
  expect((await ask(BOOK, { input: await inputFor(12) })).bookSeries.__typename).toBe('VisitSeries');
  expect(await statementsOf(SCREEN)).toBe(few);
});

it.each([
  [OFFERS, { filter: { visitTypeCode: PHYSIO, count: 1 } }],
  [OFFERS, { filter: { visitTypeCode: PHYSIO, count: 53 } }],
  [OFFERS, { filter: { visitTypeCode: PHYSIO, count: 2, everyDays: 92 } }],
  [OFFERS, { filter: { visitTypeCode: PHYSIO, count: 52, everyDays: 14 } }],
  [BOOK, { input: { patientId: 'x', visitTypeCode: PHYSIO, everyDays: 7, occurrences: [] } }],
])('refuses what is no series', async (query, variables) => {
  const { errors } = await send(query, variables);
  expect(errors?.[0]?.extensions.code).toBe('BAD_INPUT');
});
