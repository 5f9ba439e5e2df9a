import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { DayBoardService } from '../../src/clinic/visits/day-board.service.js';
import type { DayBoard } from '../../src/clinic/visits/day-board.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Prisma } from '../../src/platform/database/generated/client.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromInstant, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeBankHoliday, makeException, schedulingOn } from '../support/scheduling.factory.js';
import {
  aBooker,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  PHYSIO,
  PROCEDURE,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const { actor } = aBooker();
const TUESDAY = '2026-03-10';
const RUNS = new Set(['RUN_VISIT']);
const at = (time: string, date = TUESDAY) => Temporal.Instant.from(`${date}T${time}Z`);

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;
let board: DayBoardService;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  clock = new FixedClock();
  room = visitsOn(database, clock);
  const { schedule } = schedulingOn(database, clock);
  const audit = new AuditService(database, clock);
  board = new DayBoardService(database, clock, readConfig({}, '/tmp'), schedule, room.patients, audit);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  await database.client.bankHoliday.deleteMany();
  clock.set(at('09:20:00'));
  clinic = await makeVisitClinic(database);
});

type VisitParts = Partial<Prisma.VisitUncheckedCreateInput> & {
  readonly resourceIds?: readonly string[];
  readonly visitTypeCode?: string;
};

/** A visit as it stands in the table: one step of 45 minutes for each start. */
async function makeVisit(starts: readonly Temporal.Instant[], parts: VisitParts = {}): Promise<string> {
  const { resourceIds = [clinic.physioIds[0]], visitTypeCode = PHYSIO, ...columns } = parts;
  const { id: protocolId } = await database.client.visitProtocol.findFirstOrThrow({
    where: { visitTypeCode },
  });
  const steps = starts.map((startsAt, position) => ({
    position,
    name: `Step ${position}`,
    startsAt: dateFromInstant(startsAt),
    endsAt: dateFromInstant(startsAt.add({ minutes: 45 })),
    patientPresent: true,
    startedAt: position === 0 ? (columns.startedAt ?? null) : null,
    endedAt: position === 0 ? (columns.finishedAt ?? null) : null,
    resources: { create: resourceIds.map((resourceId, index) => ({ role: `role ${index}`, resourceId })) },
  }));
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no step');
  const now = dateFromInstant(clock.now());
  const row = await database.client.visit.create({
    data: {
      patientId: columns.patientId ?? (await makePatientId(room)),
      visitTypeCode,
      protocolId,
      status: 'BOOKED',
      startsAt: first.startsAt,
      endsAt: last.endsAt,
      bookedAt: now,
      bookedById: actor.id,
      changedAt: now,
      changedById: actor.id,
      steps: { create: steps },
      ...columns,
    },
  });
  return row.id;
}

function look(date = TUESDAY, parts: { includeCancelled?: boolean; permissions?: ReadonlySet<string> } = {}) {
  return board.dayBoard(actor, {
    date,
    siteCode: null,
    includeCancelled: false,
    permissions: RUNS,
    ...parts,
  });
}

const idsOf = ({ rows }: DayBoard) => rows.map(({ visitId }) => visitId);

describe('the board of a day', () => {
  it('shows the visits that begin on it, holds that stand, and cancelled ones when asked', async () => {
    const held = await makeVisit([at('08:00:00')], {
      status: 'HELD',
      heldUntil: dateFromInstant(at('09:20:01')),
    });
    const ended = { status: 'HELD', heldUntil: dateFromInstant(at('09:20:00')) } as const;
    await makeVisit([at('08:00:00')], ended);
    await makeVisit([at('08:00:00')], { status: 'LAPSED' });
    await database.client.cancelReason.create({
      data: { code: 'OTHER', name: 'Another', allowedRoles: [], needsComment: false },
    });
    const cancelled = await makeVisit([at('08:30:00')], {
      status: 'CANCELLED',
      cancelledAt: dateFromInstant(at('07:00:00')),
      cancelReasonCode: 'OTHER',
    });
    const booked = await makeVisit([at('09:00:00')]);
    await makeVisit([at('09:00:00', '2026-03-11')]);
    expect(idsOf(await look())).toEqual([held, booked]);
    const all = await look(TUESDAY, { includeCancelled: true });
    expect(idsOf(all)).toEqual([held, cancelled, booked]);
    expect(all.rows[1]).toMatchObject({ status: 'CANCELLED', cancelReasonCode: 'OTHER', allowedActions: [] });
  });

  it('says who, with what, how late, and what can be done', async () => {
    const [ada, ben] = clinic.physioIds;
    const waiting = await makeVisit([at('09:00:00')], {
      status: 'ARRIVED',
      arrivedAt: dateFromInstant(at('08:49:30')),
      resourceIds: [ben],
    });
    const running = await makeVisit([at('08:15:00')], {
      status: 'IN_PROGRESS',
      arrivedAt: dateFromInstant(at('08:10:00')),
      startedAt: dateFromInstant(at('08:30:00')),
      resourceIds: [ada, clinic.roomIds[0]],
    });
    const next = await makeVisit([at('09:10:00')], { resourceIds: [ada] });
    const { rows } = await look();
    const row = (id: string) => rows.find(({ visitId }) => visitId === id);
    expect(row(running)).toMatchObject({
      visitTypeCode: PHYSIO,
      visitTypeName: `Kind ${PHYSIO}`,
      status: 'IN_PROGRESS',
      waitingMinutes: null,
      overrunMinutes: 20,
      expectedDelayMinutes: 0,
      startedAt: at('08:30:00'),
      steps: [
        {
          position: 0,
          startsAt: at('08:15:00'),
          endsAt: at('09:00:00'),
          startedAt: at('08:30:00'),
          endedAt: null,
          resources: [
            { role: 'role 0', resource: { id: ada, kind: 'PHYSIOTHERAPIST', name: 'Ada' } },
            { role: 'role 1', resource: { kind: 'THERAPY_ROOM', name: 'Gym' } },
          ],
        },
      ],
      allowedActions: ['finishVisitStep', 'finishVisit', 'undoVisitStep'],
    });
    expect(row(waiting)).toMatchObject({
      waitingMinutes: 30,
      overrunMinutes: 0,
      expectedDelayMinutes: 0,
      allowedActions: ['startVisit', 'markNoShow', 'undoVisitStep'],
    });
    expect(row(next)).toMatchObject({ waitingMinutes: null, expectedDelayMinutes: 10 });
    expect(
      (await look(TUESDAY, { permissions: new Set() })).rows.flatMap((one) => one.allowedActions),
    ).toEqual([]);
    const patient = row(next)?.person;
    expect(patient).toMatchObject({
      id: row(next)?.patientId,
      localNumber: expect.stringMatching(/^F\d{7}$/),
    });
  });

  it('says when the next step of a chain must start, from the actual end of the one before', async () => {
    const ended = { startedAt: dateFromInstant(at('08:00:00')), finishedAt: null };
    const id = await makeVisit([at('08:00:00'), at('08:45:00'), at('10:15:00')], {
      ...ended,
      status: 'IN_PROGRESS',
      visitTypeCode: PROCEDURE,
    });
    const step = (position: number, data: Prisma.VisitStepUpdateInput) =>
      database.client.visitStep.update({ where: { visitId_position: { visitId: id, position } }, data });
    await step(0, { endedAt: dateFromInstant(at('08:45:00')) });
    await step(1, {
      startedAt: dateFromInstant(at('08:45:00')),
      endedAt: dateFromInstant(at('09:42:00')),
    });
    clock.set(at('09:45:00'));
    const { rows } = await look();
    expect(rows[0]).toMatchObject({
      overrunMinutes: 12,
      nextStep: { position: 2, earliestAt: at('10:12:00'), latestAt: at('11:12:00') },
    });
  });

  it('shows when each resource is open, and what keeps it closed', async () => {
    const [ada, ben] = clinic.physioIds;
    await makeException(database, 'LEAVE', TUESDAY, { resourceId: ada, hours: '13:00-18:00' });
    await makeException(database, 'CLOSED', TUESDAY, { hours: '08:00-09:00' });
    await database.client.resource.update({
      where: { id: clinic.theatreId },
      data: { retiredOn: `${TUESDAY}T00:00:00Z` },
    });
    const { resources, bankHoliday } = await look();
    const resource = (id: string) => resources.find((one) => one.id === id);
    const clinicClosed = {
      kind: 'CLOSED',
      startsAt: at('08:00:00'),
      endsAt: at('09:00:00'),
      reason: 'for a test',
    };
    expect(bankHoliday).toBeNull();
    expect(resource(ada)).toEqual({
      id: ada,
      kind: 'PHYSIOTHERAPIST',
      name: 'Ada',
      siteCode: 'MAIN',
      openSpans: [{ startsAt: at('09:00:00'), endsAt: at('13:00:00') }],
      closures: [
        clinicClosed,
        { ...clinicClosed, kind: 'LEAVE', startsAt: at('13:00:00'), endsAt: at('18:00:00') },
      ],
    });
    expect(resource(ben)).toMatchObject({
      openSpans: [{ startsAt: at('09:00:00'), endsAt: at('18:00:00') }],
      closures: [clinicClosed],
    });
    expect(resource(clinic.theatreId)).toBeUndefined();
    await makeBankHoliday(database, TUESDAY);
    const holiday = await look();
    expect(holiday.bankHoliday).toBe('for a test');
    expect(holiday.resources.flatMap(({ openSpans }) => openSpans)).toEqual([]);
  });

  it.each([
    ['2026-03-29', '2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z', 23],
    ['2026-10-25', '2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z', 25],
  ])('of %s is the local day, however long', async (date, startsAt, endsAt, hours) => {
    const [from, until] = [Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt)];
    await makeVisit([from.subtract({ seconds: 1 })]);
    const first = await makeVisit([from]);
    const last = await makeVisit([until.subtract({ seconds: 1 })]);
    await makeVisit([until]);
    const [ada] = clinic.physioIds;
    await makeException(database, 'CLOSED', date, { resourceId: ada });
    const shown = await look(date);
    expect(idsOf(shown)).toEqual([first, last]);
    expect(shown.day).toEqual({ startsAt: from, endsAt: until });
    expect(from.until(until).total('hours')).toBe(hours);
    expect(shown.resources.find(({ id }) => id === ada)?.closures).toMatchObject([
      { startsAt: from, endsAt: until },
    ]);
  });

  it('is recorded as a look at its patients', async () => {
    const patientIds = [await makePatientId(room), await makePatientId(room)];
    for (const patientId of patientIds) await makeVisit([at('09:00:00')], { patientId });
    await look();
    const [entry] = await database.client.auditEntry.findMany({
      where: { action: 'day-board.viewed' },
      orderBy: { id: 'desc' },
      take: 1,
    });
    expect(entry).toMatchObject({ actorId: actor.id, subjectType: 'visit', after: { date: TUESDAY } });
    expect(entry?.patientIds.toSorted()).toEqual(patientIds.toSorted());
  });
});

const SCREEN = `query ($date: LocalDate!) { dayBoard(date: $date) { date bankHoliday day { startsAt endsAt }
  rows { visitId version status visitTypeCode visitTypeName startsAt endsAt heldUntil arrivedAt startedAt finishedAt
    waitingMinutes overrunMinutes expectedDelayMinutes nextStep { position earliestAt latestAt } allowedActions
    patient { familyName givenName dateOfBirth localNumber nhsNumberDisplay }
    steps { position name startsAt endsAt startedAt endedAt resources { role resource { id kind name } } } }
  resources { id kind name openSpans { startsAt endsAt } closures { kind startsAt endsAt reason } } } }`;

interface Answer {
  readonly data: { readonly dayBoard: { readonly rows: readonly { allowedActions: string[] }[] } } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

describe('the board’s door', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const config = readConfig({ ROLE: 'api', DATABASE_URL: db.url }, '/tmp');
    app = await NestFactory.create<NestFastifyApplication>(
      AppModule.with({ config, databaseUrl: db.url, schemaFile: true }),
      new FastifyAdapter(),
      { logger: false },
    );
    app.useGlobalPipes(new InputPipe());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });

  afterAll(async () => {
    await app.close();
  });

  async function signIn(role: Role): Promise<string> {
    const email = `${role.toLowerCase()}@clinic.example`;
    const account = { email, displayName: role, password: 'correct horse battery' };
    await app.get(StaffService).addStaffAccount(actor, { ...account, roles: [role] });
    const signedIn = await app
      .get(SessionService)
      .signIn(account, { requestId: null, source: null, userAgent: null });
    if (isRefusal(signedIn)) throw new Error(signedIn.message);
    return signedIn.token;
  }

  async function ask(token: string | null): Promise<Answer> {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      payload: { query: SCREEN, variables: { date: TUESDAY } },
    });
    return response.json<Answer>();
  }

  /** The session's look-up, BEGIN and COMMIT are counted too. */
  async function statementsOf(token: string): Promise<number> {
    await ask(token);
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    try {
      const answer = await ask(token);
      if (answer.errors) throw new Error(answer.errors.map(({ message }) => message).join());
      return spy.mock.calls.length;
    } finally {
      spy.mockRestore();
    }
  }

  it('asks as many statements for 60 visits as for 2, and fewer than 8', async () => {
    const token = await signIn('RECEPTION');
    for (let i = 0; i < 2; i += 1) await makeVisit([at('09:00:00'), at('10:00:00')]);
    const forTwo = await statementsOf(token);
    for (let i = 0; i < 58; i += 1) await makeVisit([at('09:00:00'), at('10:00:00')]);
    const forSixty = await statementsOf(token);
    const answer = await ask(token);
    expect(answer.data?.dayBoard.rows).toHaveLength(60);
    expect(forSixty).toBe(forTwo);
    // One less than the board may have: the scans of the day, which a later room adds, are one statement.
    expect(forSixty).toBeLessThanOrEqual(7);
  });

  it('is open to whoever may read visits, and offers to each what they may do', async () => {
    await makeVisit([at('09:00:00', TUESDAY)], {
      status: 'ARRIVED',
      arrivedAt: dateFromInstant(at('08:50:00')),
    });
    const clinician = await ask(await signIn('CLINICIAN'));
    expect(clinician.data?.dayBoard.rows[0]?.allowedActions).toContain('startVisit');
    const manager = await ask(await signIn('MANAGER'));
    expect(manager.data?.dayBoard.rows).toMatchObject([{ allowedActions: ['cancelVisit'] }]);
    expect((await ask(null)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
