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
import { SystemClock, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  ANY_OFFER,
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import { makeDepartment, makeReference } from '../support/imaging-department.factory.js';

// One screen of bookings through the graph: how many statements it takes, and what the compiled second run answers.

let db: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let imaging: Imaging;
let token: string;

async function bookNext(): Promise<void> {
  const { referralId } = await makeReferredPatient(imaging);
  const { offers } = await imaging.offers.scanOffers(RECEPTION, referralId, ANY_OFFER);
  const [offer] = offers;
  if (offer === undefined) throw new Error('the diary is full');
  const result = await imaging.bookings.bookScan(RECEPTION, {
    referralId,
    protocolCode: 'BONE_SPECT_CT',
    injectionStartsAt: offer.injectionStartsAt,
    scanStartsAt: offer.scanStartsAt,
    cameraId: offer.camera.id,
    injectionRoomId: offer.injectionRoom.id,
    injectionTechnologistId: offer.injectionTechnologist.id,
    scanTechnologistId: offer.scanTechnologist.id,
  });
  mustBeBooked(result);
}

async function signIn(): Promise<string> {
  const account = { email: 'rosa@clinic.example', displayName: 'Rosa', password: 'correct horse battery' };
  await app.get(StaffService).addStaffAccount(RECEPTION, { ...account, roles: ['RECEPTION'] });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  return signedIn.token;
}

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  // The application's clock runs; the bookings are made by the same day.
  const now = new SystemClock().now().round({ smallestUnit: 'millisecond' });
  imaging = imagingOn(database, new FixedClock(now), db.url);
  await makeReference(database);
  await makeDepartment(database);
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

interface Answer {
  readonly data: { readonly scanBookings: { readonly items: readonly object[] } } | null;
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

const SCREEN = `{ scanBookings { items { id allowedActions scanLocal { text } camera { name } imagingConsentInForce
  patient { familyName nhsNumberDisplay scanBookings { accessionNumber } referrals { status } }
  referral { status clinicalQuestion } worklistEntries { stationAETitle } letters { status } } } }`;

async function statementsOf(query: string): Promise<number> {
  await ask(query);
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const answer = await ask(query);
    if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join());
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('a screen of bookings', () => {
  it('takes the same number of statements for two bookings and for ten', async () => {
    for (let i = 0; i < 2; i += 1) await bookNext();
    const forTwo = await statementsOf(SCREEN);
    for (let i = 0; i < 8; i += 1) await bookNext();
    const forTen = await statementsOf(SCREEN);
    const answer = await ask(SCREEN);
    expect(answer.data?.scanBookings.items).toHaveLength(10);
    expect(forTen).toBe(forTwo);
    expect(forTwo).toBeLessThanOrEqual(40);
  });

  it('goes on where the page before ended, and refuses a cursor of another list', async () => {
    const PAGED = `query ($page: PageInput!) { scanBookings(page: $page) { nextCursor items { id } } }`;
    const seen: unknown[] = [];
    let after: string | null = null;
    do {
      const { data } = (await ask(PAGED, { page: { size: 3, after } })) as {
        data: { scanBookings: { nextCursor: string | null; items: { id: string }[] } };
      };
      seen.push(...data.scanBookings.items.map(({ id }) => id));
      after = data.scanBookings.nextCursor;
    } while (after !== null);
    expect(new Set(seen).size).toBe(10);
    expect(seen).toHaveLength(10);
    const foreign = Buffer.from(JSON.stringify(['yesterday', 'x'])).toString('base64url');
    for (const cursor of [foreign, 'x', '%']) {
      const { errors } = await ask(PAGED, { page: { size: 3, after: cursor } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    }
  });

  it('answers the compiled query as it answered the first', async () => {
    const DAYS = `query ($filter: ScanBookingFilterInput!) { scanBookings(filter: $filter) { items { id } } }`;
    const day = Temporal.Now.plainDateISO().toString();
    for (const filter of [{}, { from: day }, { status: 'CANCELLED' }, { until: null }]) {
      const answers = [await ask(DAYS, { filter }), await ask(DAYS, { filter })];
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.errors).toBeUndefined();
    }
    const { errors } = await ask(DAYS, { filter: { cameraId: 'not-an-id' } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
  });

  it('leads from a scan to its visit, and from the visits and the day to the scan, in a fixed number of statements', async () => {
    const SCANS = `{ scanBookings { items { id version visit { id version status companion requestId steps { name } } } } }`;
    const { scanBookings } = (await ask(SCANS)).data as unknown as {
      scanBookings: { items: { id: string; visit: Record<string, unknown> }[] };
    };
    expect(scanBookings.items).toHaveLength(10);
    for (const { id, visit } of scanBookings.items)
      expect(visit).toMatchObject({ id, status: 'BOOKED', companion: 'SCAN', steps: [{}, {}] });
    const VISITS = `{ visits { items { id startsAt visitTypeCode scanBooking { id accessionNumber } } } }`;
    expect((await ask(VISITS)).errors).toBeUndefined();
    const { visits } = (await ask(VISITS)).data as unknown as {
      visits: { items: { id: string; startsAt: string; scanBooking: { id: string } }[] };
    };
    expect(visits.items.map(({ id, scanBooking }) => scanBooking.id === id)).toEqual(
      visits.items.map(() => true),
    );
    const [first] = visits.items;
    const BOARD = `query ($date: LocalDate!) { dayBoard(date: $date) { rows { visitId allowedActions
      scanBooking { id status imagingConsentInForce } } } }`;
    const date = Temporal.Instant.from(first?.startsAt ?? '')
      .toZonedDateTimeISO('Europe/London')
      .toPlainDate()
      .toString();
    const { dayBoard } = (await ask(BOARD, { date })).data as unknown as {
      dayBoard: { rows: { visitId: string; allowedActions: string[]; scanBooking: object }[] };
    };
    expect(dayBoard.rows.length).toBeGreaterThan(0);
    for (const row of dayBoard.rows)
      expect(row).toMatchObject({
        allowedActions: expect.arrayContaining(['moveVisit', 'cancelVisit', 'slipStep']),
        scanBooking: { id: row.visitId, status: 'BOOKED', imagingConsentInForce: true },
      });
    expect(await statementsOf(VISITS)).toBeLessThanOrEqual(20);
  });

  it('shows the gates of each scan, in a fixed number of statements, and the same by themselves', async () => {
    const GATES =
      'gates { code stage strictness state reasonCode reason byName at stages { stage strictness } }';
    // A size in a variable may be any, and so many gates at once are more than one request may ask for.
    const list = (size: number) => `{ scanBookings(page: { size: ${size} }) { items { id ${GATES} } } }`;
    const [forTwo, forTen] = [await statementsOf(list(2)), await statementsOf(list(10))];
    expect(forTen).toBe(forTwo);
    const { scanBookings } = (await ask(list(10))).data as unknown as {
      scanBookings: { items: { id: string; gates: { code: string; state: string }[] }[] };
    };
    for (const { gates } of scanBookings.items) {
      const states = new Map(gates.map(({ code, state }) => [code, state]));
      expect(states.get('JUSTIFIED')).toBe('PASSED');
      expect(states.get('CONSENT_IN_FORCE')).toBe('PASSED');
      expect(states.get('IDENTITY_CHECKED')).toBe('WAITING');
    }
    const [first] = scanBookings.items;
    const ONE = `query ($id: ID!) { scanGates(scanBookingId: $id) { ${GATES.slice('gates { '.length)} }`;
    const { data } = await ask(ONE, { id: first?.id });
    expect((data as unknown as { scanGates: object[] }).scanGates).toEqual(first?.gates);
    const unknown = await ask(ONE, { id: '019aaaaa-0000-7000-8000-000000000000' });
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
