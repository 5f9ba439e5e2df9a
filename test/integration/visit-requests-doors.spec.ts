import 'reflect-metadata';
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
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makeAcceptedReferral, referralServiceOn } from '../support/referrals.factory.js';
import { makeRequestableType } from '../support/requests.factory.js';

// The waiting list through the graph: what a first and a compiled query answer, and how many statements a screen takes.

const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let token: string;

interface Answer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

function fieldOf<Field>({ data }: Answer, name: string): Field {
  const field = data?.[name];
  if (field === undefined || field === null) throw new Error(`no ${name} in the answer`);
  return field as Field;
}

async function signIn(): Promise<string> {
  const account = { email: 'rosa@clinic.example', displayName: 'Rosa', password: 'correct horse battery' };
  await app.get(StaffService).addStaffAccount(actor, { ...account, roles: ['RECEPTION'] });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  await makeRequestableType(database, 'PHYSIO', { needs: ['THERAPY_ROOM'] });
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
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
  await home.drop();
});

const REQUEST = `mutation ($input: RequestVisitInput!) { requestVisit(input: $input) {
  __typename
  ... on VisitRequest { id status priority travelMinutes keepsStaff times { isoWeekday fromTime firstOn isExcluded }
    clock { startedBy daysWaited state } }
  ... on AlreadyWaiting { code message requestId clockStartedOn } ... on VisitNeedsReferral { code referralStatus } } }`;

async function newPatient(): Promise<{ readonly patientId: string; readonly referralId: string }> {
  const clock = new FixedClock('2026-06-01T09:00:00Z');
  const patient = await makePatient(patientServiceOn(database, clock));
  const referral = await makeAcceptedReferral(referralServiceOn(database, clock), patient.id);
  return { patientId: patient.id, referralId: referral.id };
}

describe('requestVisit', () => {
  it('fills in what was left out, also when the compiled query sends null, and refuses the second', async () => {
    for (const rest of [{}, { times: null, travelMinutes: null, keepsStaff: null, priority: null }, {}]) {
      const { patientId } = await newPatient();
      const input = { patientId, visitTypeCode: 'PHYSIO', ...rest };
      const made = await ask(REQUEST, { input });
      expect(made.errors).toBeUndefined();
      expect(made.data?.requestVisit).toMatchObject({
        __typename: 'VisitRequest',
        status: 'WAITING',
        priority: 'ROUTINE',
        travelMinutes: 0,
        keepsStaff: false,
        times: [],
        clock: { startedBy: 'REQUESTED', daysWaited: 0, state: 'INSIDE_PROMISE' },
      });
      expect((await ask(REQUEST, { input })).data?.requestVisit).toMatchObject({
        __typename: 'AlreadyWaiting',
        code: 'AlreadyWaiting',
      });
    }
  });

  it('takes stated times, and names the one that is none', async () => {
    const { patientId, referralId } = await newPatient();
    const wish = { patientId, referralId, visitTypeCode: 'PHYSIO' };
    const times = [
      { isoWeekday: 2, fromTime: '09:00' },
      { firstOn: '2026-08-01', isExcluded: true },
    ];
    const { data } = await ask(REQUEST, { input: { ...wish, times } });
    expect(data?.requestVisit).toMatchObject({
      times: [
        { isoWeekday: 2, fromTime: '09:00', isExcluded: false },
        { isoWeekday: null, firstOn: '2026-08-01', isExcluded: true },
      ],
    });
    for (const [field, input] of [
      ['times.0', { ...wish, times: [{ isExcluded: true }] }],
      ['fromTime', { ...wish, times: [{ fromTime: '9 am' }] }],
      ['isoWeekday', { ...wish, times: [{ isoWeekday: 8 }] }],
      ['travelMinutes', { ...wish, travelMinutes: 241 }],
      ['visitTypeCode', { ...wish, visitTypeCode: 'physio' }],
      ['times', { ...wish, times: Array.from({ length: 21 }, () => ({ isoWeekday: 1 })) }],
    ] as const) {
      const { errors } = await ask(REQUEST, { input });
      expect(errors, field).toMatchObject([
        { message: expect.stringContaining(field), extensions: { code: 'BAD_INPUT' } },
      ]);
    }
  });
});

describe('a screen of the waiting list', () => {
  const SCREEN = `query ($page: PageInput!, $filter: VisitRequestFilterInput!) { visitRequests(filter: $filter, page: $page) {
    nextCursor items { id clock { startedOn targetOn breachOn daysWaited state } times { isoWeekday }
      patient { familyName visitRequests { id status } } referral { status } visitType { code name } } } }`;
  const screen = (filter: object = {}, page: object = {}) => ask(SCREEN, { filter, page });

  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    await work();
    const count = spy.mock.calls.length;
    spy.mockRestore();
    return count;
  }

  it('takes the same number of statements for a few and for many', async () => {
    await screen();
    const few = await statementsOf(screen);
    for (let i = 0; i < 8; i += 1) {
      await ask(REQUEST, { input: { ...(await newPatient()), visitTypeCode: 'PHYSIO' } });
    }
    expect(await statementsOf(screen)).toBe(few);
  });

  it('answers the compiled query as the first, with the people and the kind of visit', async () => {
    const [first, second, third] = [await screen(), await screen(), await screen()];
    expect(first.errors).toBeUndefined();
    expect([second, third]).toEqual([first, first]);
    const list = fieldOf<{ readonly items: readonly { referral: object | null }[] }>(first, 'visitRequests');
    expect(list.items.length).toBeGreaterThan(10);
    for (const item of list.items) {
      expect(item).toMatchObject({
        visitType: { code: 'PHYSIO', name: 'Kind PHYSIO' },
        patient: { visitRequests: [{ status: 'WAITING' }] },
      });
    }
    expect(list.items.filter(({ referral }) => referral === null)).toHaveLength(3);
    expect(list.items.filter(({ referral }) => referral !== null)[0]).toMatchObject({
      referral: { status: 'ACCEPTED' },
    });
  });

  interface ListPage {
    readonly nextCursor: string | null;
    readonly items: readonly { readonly id: string; readonly clock: { readonly breachOn: string } }[];
  }

  it('goes on where the page before ended', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const list: ListPage = fieldOf(await screen({}, { size: 5, after }), 'visitRequests');
      seen.push(...list.items.map(({ id, clock }) => `${clock.breachOn} ${id}`));
      after = list.nextCursor;
    } while (after !== null);
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(
      await database.client.visitRequest.count({ where: { status: 'WAITING' } }),
    );
  });
});

describe('the other doors', () => {
  it('close a request, and show it closed', async () => {
    const { patientId } = await newPatient();
    const made = await ask(REQUEST, { input: { patientId, visitTypeCode: 'PHYSIO' } });
    const { id } = fieldOf<{ readonly id: string }>(made, 'requestVisit');
    const CLOSE = `mutation ($input: CloseRequestInput!) { closeRequest(input: $input) {
      ... on VisitRequest { status closeReason } ... on RequestNotWaiting { code status } } }`;
    const blank = await ask(CLOSE, { input: { requestId: id, reason: ' ' } });
    expect(blank.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    const input = { requestId: id, reason: 'moved away' };
    expect((await ask(CLOSE, { input })).data).toEqual({
      closeRequest: { status: 'CLOSED', closeReason: 'moved away' },
    });
    expect((await ask(CLOSE, { input })).data).toEqual({
      closeRequest: { code: 'RequestNotWaiting', status: 'CLOSED' },
    });
    const shown = await ask('query ($id: ID!) { visitRequest(id: $id) { status closedAt closedById } }', {
      id,
    });
    expect(shown.data?.visitRequest).toMatchObject({ status: 'CLOSED', closedAt: expect.any(String) });
    const none = await ask('query ($id: ID!) { visitRequest(id: $id) { id } }', { id: patientId });
    expect(none.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('say how long the wait is, and that there is no such kind', async () => {
    const WAIT = `query ($code: String!, $priority: ReferralPriority) {
      nextAvailability(visitTypeCode: $code, priority: $priority) { visitTypeCode priority earliestOn waitDays } }`;
    for (const priority of [null, 'ROUTINE']) {
      expect((await ask(WAIT, { code: 'PHYSIO', priority })).data).toEqual({
        nextAvailability: { visitTypeCode: 'PHYSIO', priority: 'ROUTINE', earliestOn: null, waitDays: null },
      });
    }
    const none = await ask(WAIT, { code: 'Aa' });
    expect(none.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('count waits, of which there are none yet', async () => {
    const REPORT = `query ($filter: LeadTimeReportFilterInput!) { leadTimeReport(filter: $filter) {
      groups { group count } total { count medianDays p90Days insidePromiseShare breaches } } }`;
    const filter = { from: '2026-01-01', until: '2026-12-31', by: 'WEEK', priority: null };
    for (let i = 0; i < 3; i += 1) {
      expect(await ask(REPORT, { filter })).toEqual({
        data: {
          leadTimeReport: {
            groups: [],
            total: { count: 0, medianDays: null, p90Days: null, insidePromiseShare: null, breaches: 0 },
          },
        },
      });
    }
  });
});
