import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { SystemClock, startOfDay, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aBooker,
  aPhysio,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  visitsOn,
} from '../support/visits.factory.js';

// Closures through the graph: what the compiled executor answers, and who is let in.

const LONDON = 'Europe/London';

let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let manager: string;
let reception: string;
let visitId: string;
let variables: { readonly input: object };

async function signIn(email: string, roles: Role[]): Promise<string> {
  const account = { email, displayName: 'Rosa', password: 'correct horse battery' };
  await app.get(StaffService).addStaffAccount(aBooker().actor, { ...account, roles });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

/** A Wednesday to come, ten days ahead or a little more. */
function wednesday(now: Temporal.Instant): Temporal.PlainDate {
  const day = now.toZonedDateTimeISO(LONDON).toPlainDate().add({ days: 10 });
  return day.add({ days: (10 - day.dayOfWeek) % 7 });
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  const room = visitsOn(database, new FixedClock(now));
  const clinic = await makeVisitClinic(database);
  const day = wednesday(now);
  const startsAt = startOfDay(day, LONDON);
  const nine = day.toZonedDateTime({ timeZone: LONDON, plainTime: '09:00' }).toInstant();
  const wish = aPhysio(clinic, await makePatientId(room), nine.toString());
  visitId = mustBeVisit(await room.visits.bookVisit(aBooker(), wish)).id;
  variables = {
    input: {
      resourceIds: [clinic.physioIds[0]],
      startsAt: startsAt.toString(),
      endsAt: startOfDay(day.add({ days: 1 }), LONDON).toString(),
    },
  };
  const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: db.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  manager = await signIn('mara@clinic.example', ['MANAGER', 'CLINICIAN']);
  reception = await signIn('rosa@clinic.example', ['RECEPTION']);
});

afterAll(async () => {
  await app.close();
  await database.close();
  await db.drop();
});

interface Answer {
  readonly data: {
    readonly closurePreview: {
      readonly planSha256: string;
      readonly proposals: readonly {
        readonly visit: { readonly id: string; readonly version: number };
        readonly decision: string;
        readonly offer: {
          readonly steps: readonly {
            readonly startsAt: string;
            readonly resources: readonly {
              readonly role: string;
              readonly resource: { readonly id: string };
            }[];
          }[];
        };
      }[];
    };
    readonly applyClosure: { readonly id: string; readonly version: number };
    readonly undoClosure: object;
    readonly closures: { readonly items: readonly object[] };
  } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

async function post(token: string, query: string, given: object, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${token}`, ...headers },
    payload: { query, variables: given },
  });
  return response.json<Answer>();
}

async function ask(query: string, given: object, headers: Record<string, string> = {}) {
  const answer = await post(manager, query, given, headers);
  expect(answer.errors ?? []).toEqual([]);
  if (answer.data === null) throw new Error('no answer');
  return answer.data;
}

const PREVIEW = `query ($input: ClosureInput!) { closurePreview(input: $input) { __typename ... on ClosurePreview {
  planSha256 keptCount possibleFrom offeredPlaceIds otherBookings { startsAt } resources { name kind }
  letters { letter count } underWay { id }
  proposals { decision isSameTime keepsPromise targetOn breachOn whyNone letter
    visit { id version patient { familyName } visitType { name } }
    offer { startsAt insidePromise steps { startsAt resources { role resource { id } } } } } } } }`;
const APPLY = `mutation ($input: ApplyClosureInput!) { applyClosure(input: $input) { __typename
  ... on Closure { id version status tellsAt changes { decision fromVersion toVersion visit { id status } } }
  ... on ClosurePlanStale { visitIds } ... on Refusal { code message } } }`;
const UNDO = `mutation ($input: UndoClosureInput!) { undoClosure(input: $input) { __typename
  ... on Closure { status undoneAt } ... on Refusal { code } } }`;
const LIST = `query ($from: Instant) { closures(filter: { from: $from }) { nextCursor
  items { id reason status changes { visitId visit { startsAt } } } } }`;

describe('closures through the graph', () => {
  it('are previewed, applied once for a key, listed and undone', async () => {
    const { closurePreview } = await ask(PREVIEW, variables);
    expect(closurePreview).toMatchObject({ __typename: 'ClosurePreview', letters: [], underWay: [] });
    const decisions = closurePreview.proposals.map(({ visit, decision, offer }) => ({
      visitId: visit.id,
      version: visit.version,
      decision,
      steps: offer.steps.map(({ startsAt, resources }) => ({
        startsAt,
        resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
      })),
    }));
    const { planSha256 } = closurePreview;
    const input = { ...variables.input, reason: 'Service of the camera', planSha256, decisions };
    const stale = await ask(APPLY, { input: { ...input, planSha256: '0'.repeat(64) } });
    expect(stale.applyClosure).toMatchObject({ __typename: 'ClosurePlanStale', visitIds: [] });
    const key = { 'idempotency-key': 'service-1' };
    const { applyClosure } = await ask(APPLY, { input }, key);
    expect(applyClosure).toMatchObject({
      __typename: 'Closure',
      status: 'APPLIED',
      changes: [{ decision: 'MOVE', fromVersion: 0, toVersion: 1, visit: { id: visitId, status: 'BOOKED' } }],
    });
    expect((await ask(APPLY, { input }, key)).applyClosure).toEqual(applyClosure);
    expect((await ask(LIST, {})).closures.items).toMatchObject([{ reason: 'Service of the camera' }]);
    const undo = { closureId: applyClosure.id, version: applyClosure.version };
    expect((await ask(UNDO, { input: undo })).undoClosure).toMatchObject({ status: 'UNDONE' });
    expect((await ask(UNDO, { input: undo })).undoClosure).toMatchObject({ code: 'ClosureAlreadyUndone' });
  });

  it('are for those who keep the schedule', async () => {
    for (const [query, given] of [
      [PREVIEW, variables],
      [UNDO, { input: { closureId: visitId, version: 0 } }],
    ] as const) {
      const answer = await post(reception, query, given);
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    }
    expect((await post(reception, LIST, {})).errors ?? []).toEqual([]);
  });

  it('that move and cancel visits are for those who may book them, too: an administrator looks only', async () => {
    const admin = await signIn('ada@clinic.example', ['ADMIN']);
    expect((await post(admin, PREVIEW, variables)).errors ?? []).toEqual([]);
    const decided = { ...variables.input, reason: 'Service', planSha256: '0'.repeat(64), decisions: [] };
    for (const [query, given] of [
      [APPLY, { input: decided }],
      [UNDO, { input: { closureId: visitId, version: 0 } }],
    ] as const) {
      const { errors } = await post(admin, query, given);
      expect(errors).toMatchObject([
        { extensions: { code: 'FORBIDDEN' }, message: expect.stringContaining('permission BOOK_VISIT.') },
      ]);
    }
    const scheduler = await signIn('sam@clinic.example', ['MANAGER']);
    expect((await post(scheduler, APPLY, { input: decided })).data?.applyClosure).toMatchObject({
      __typename: 'ClosurePlanStale',
    });
  });

  it('say what is wrong with what was sent', async () => {
    const backwards = { ...variables.input, endsAt: '2026-01-01T00:00:00Z' };
    const unknown = { ...variables.input, resourceIds: [visitId] };
    const codes = [];
    for (const input of [backwards, unknown]) {
      const { errors } = await post(manager, PREVIEW, { input });
      codes.push(errors?.[0]?.extensions?.code);
    }
    expect(codes).toEqual(['BAD_INPUT', 'NOT_FOUND']);
  });
});
