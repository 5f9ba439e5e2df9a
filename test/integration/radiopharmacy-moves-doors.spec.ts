import 'reflect-metadata';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { VettingDecisionService } from '../../src/clinic/vetting/vetting-decision.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../src/platform/time/index.js';
import { readSeed } from '../../src/reference-data.js';
import { loadRadiopharmacy, type RadiopharmacyData } from '../../src/reference-radiopharmacy.js';
import { entitle } from '../support/administrations.factory.js';
import { makeConsent } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type Imaging, imagingOn, makeAcceptedReferralOf, RECEPTION } from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';

// A booked scan that moves, through the graph: its dose is computed anew, the order follows, or the conflict is shown.

const ROLES = ['RECEPTION', 'IMAGING', 'MANAGER'] as const;
const DAY = '2026-03-10';
/** 14:00 on the working day before. */
const TOO_LATE = '2026-03-09T14:00:00.001Z';
const tokens = new Map<Role, string>();
const clock = new FixedClock();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let imaging: Imaging;
let department: Department;
let supplierId: string;

interface Told {
  readonly [name: string]: unknown;
}

async function told(query: string, variables: object = {}, role: Role = 'IMAGING'): Promise<Told> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${tokens.get(role) ?? ''}` },
    payload: { query, variables },
  });
  const { data, errors } = response.json<{ data: Record<string, Told> | null; errors?: readonly object[] }>();
  expect(errors).toBeUndefined();
  return Object.values(data ?? {})[0] ?? {};
}

/** Sessions grow old with the clock: whoever is signed in signs in anew. */
async function signInAll(): Promise<void> {
  for (const role of ROLES) {
    const account = {
      email: `${role.toLowerCase()}@clinic.example`,
      displayName: `${role} person`,
      password: 'correct horse battery',
    };
    if (!tokens.has(role)) {
      const added = await app.get(StaffService).addStaffAccount(RECEPTION, { ...account, roles: [role] });
      if (isRefusal(added)) throw new Error(added.message);
    }
    const signedIn = await app
      .get(SessionService)
      .signIn(account, { requestId: null, source: null, userAgent: null });
    if (isRefusal(signedIn)) throw new Error(signedIn.message);
    tokens.set(role, signedIn.token);
  }
}

/** What a worker would do by now of these topics. */
async function work(...topics: readonly string[]): Promise<number> {
  const messages = await database.client.outboxMessage.findMany({
    where: { topic: { in: [...topics] }, handledAt: null, dueAt: { lte: dateFromInstant(clock.now()) } },
  });
  for (const { id, topic, subjectId, version } of messages) {
    await app.get(OutboxHandlers).handlerOf(topic)?.handle({ id, topic, subjectId, version });
    await database.client.outboxMessage.update({
      where: { id },
      data: { handledAt: dateFromInstant(clock.now()) },
    });
  }
  return messages.length;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [AppModule.with({ config, databaseUrl: home.url, schemaFile: true })],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});
beforeEach(async () => {
  clock.set('2026-03-02T09:00:00Z');
  await emptyTables(database, 'dose_orders');
  await emptyImaging(database);
  imaging = imagingOn(database, clock, home.url);
  await makeReference(database);
  // The reception may move a visit at the last moment here: what is asked is what becomes of its dose.
  await database.client.visitType.updateMany({ data: { lateChangeHours: 0, movesMax: 9 } });
  await database.client.leadTimePolicy.updateMany({ data: { earliestDays: 0 } });
  await database.transaction(async (tx) => {
    await loadRadiopharmacy(tx, readSeed<RadiopharmacyData>('reference'));
    await app.get(CalendarService).refreshBankHolidays(tx, 2026, 2026);
  });
  const supplier = await database.client.doseSupplier.findFirstOrThrow({ select: { id: true } });
  supplierId = supplier.id;
  department = await makeDepartment(database);
  await signInAll();
});

const REFUSED = '__typename ... on Refusal { code message }';
const BOOK = `mutation ($input: BookScanInput!) { bookScan(input: $input) { ${REFUSED} ... on ScanBooking { id version } } }`;
const MOVE = `mutation ($input: MoveScanInput!) { moveScan(input: $input) { ${REFUSED} ... on ScanBooking { id version } } }`;
const CANCEL = `mutation ($input: CancelScanInput!) { cancelScan(input: $input) { ${REFUSED} ... on ScanBooking { id status } } }`;
const DOSE = `query ($visitId: ID!) { plannedDose(visitId: $visitId) { status version basis weightKg injectionAt plannedActivityMbq calibratedAt
  activityAtCalibrationMbq conflicts conflictText } }`;
const ORDER = '... on DoseOrder { status version isCutOffPassed versions { version sentByName } }';
const SEND = `mutation ($input: SendDoseOrderInput!) { sendDoseOrder(input: $input) { ${REFUSED} ${ORDER} } }`;
const AMEND = `mutation ($input: AmendDoseOrderInput!) { amendDoseOrder(input: $input) { ${REFUSED} ${ORDER} } }`;
const SHEET = `query ($supplierId: ID!) { doseOrderSheet(supplierId: $supplierId, siteCode: "MAIN", heldOn: "${DAY}") { isUpToDate
  isCutOffPassed wastedCount text lines { change dose { reference injectionAt activityAtCalibrationMbq } } dropped { reference } } }`;
const WASTED = `{ wastedDoses(from: "${DAY}", until: "${DAY}") { count chargeableCount doses { visitId reason isChargeable } } }`;
const AMEND_REQUEST = `mutation ($input: AmendImagingRequestInput!) { amendImagingRequest(input: $input) { ${REFUSED} } }`;

interface Booked {
  readonly id: string;
  readonly version: number;
  readonly referralId: string;
}

async function book(dateOfBirth = '1955-05-05'): Promise<Booked> {
  const { id: patientId } = await makePatient(imaging.patients, { dateOfBirth }, RECEPTION);
  await makeConsent(database, clock, patientId);
  const referralId = await makeAcceptedReferralOf(imaging, patientId);
  const visit = aVisit(department, referralId, `${DAY}T09:00:00Z`, `${DAY}T12:15:00Z`);
  const { id, version, code } = await told(BOOK, { input: asText(visit) }, 'RECEPTION');
  expect(code).toBeUndefined();
  return { id: String(id), version: Number(version), referralId };
}

/** The input as it goes over the wire. */
function asText(visit: ReturnType<typeof aVisit>): object {
  const { injectionStartsAt, scanStartsAt } = visit;
  return { ...visit, injectionStartsAt: injectionStartsAt.toString(), scanStartsAt: scanStartsAt.toString() };
}

async function move({ id, version, referralId }: Booked, injection: string, scan: string): Promise<Booked> {
  const to = aVisit(department, referralId, `${DAY}T${injection}:00Z`, `${DAY}T${scan}:00Z`);
  const { referralId: _, protocolCode: __, ...place } = asText(to) as Record<string, unknown>;
  const moved = await told(MOVE, { input: { ...place, scanBookingId: id, version } }, 'RECEPTION');
  expect(moved.code).toBeUndefined();
  return { id, version: Number(moved.version), referralId };
}

const doseOf = ({ id }: Booked) => told(DOSE, { visitId: id });
const day = () => ({ supplierId, siteCode: 'MAIN', heldOn: DAY });
async function send(): Promise<Told> {
  const sent = await told(SEND, { input: day() });
  expect(sent.code).toBeUndefined();
  return sent;
}
function mustBe(result: object): void {
  if (isRefusal(result)) throw new Error(result.message);
}
/** Halvings, one after the other and the rest of one: another way of saying decay. */
const halved = (mbq: number, hours: number) => mbq * 0.5 ** (hours / 6.0067);

describe('a patient who is moved from 9:00 to 14:00', () => {
  it('before the cut-off: the dose is computed anew, and the order can follow without waste', async () => {
    const booked = await book();
    const first = await doseOf(booked);
    expect(first).toMatchObject({ status: 'WANTED', basis: 'ADULT', plannedActivityMbq: 600, conflicts: [] });
    expect(halved(Number(first.activityAtCalibrationMbq), 1)).toBeCloseTo(600, 6);
    expect(await send()).toMatchObject({
      status: 'SENT',
      version: 1,
      versions: [{ sentByName: 'IMAGING person' }],
    });
    const moved = await move(booked, '14:00', '16:45');
    const dose = await doseOf(moved);
    expect(dose).toMatchObject({ plannedActivityMbq: 600, conflicts: ['ORDER_TO_AMEND'], version: 1 });
    expect(halved(Number(dose.activityAtCalibrationMbq), 6)).toBeCloseTo(600, 6);
    expect(await told(SHEET, { supplierId })).toMatchObject({
      isUpToDate: false,
      lines: [{ change: 'CHANGED' }],
      wastedCount: 0,
    });
    const amended = await told(AMEND, { input: { ...day(), version: 1, comment: 'moved' } });
    expect(amended).toMatchObject({ status: 'AMENDED', version: 2 });
    expect(await doseOf(moved)).toMatchObject({ conflicts: [], conflictText: null });
    expect(await told(WASTED)).toMatchObject({ count: 0 });
  });

  it('after the cut-off: the conflict says what to do, the dose counts as wasted, and no more when the visit is put back', async () => {
    const booked = await book();
    await send();
    clock.set(TOO_LATE);
    await signInAll();
    const moved = await move(booked, '14:00', '16:45');
    const dose = await doseOf(moved);
    expect(dose.conflicts).toEqual(['CUT_OFF_PASSED', 'DOSE_WASTED']);
    expect(dose.conflictText).toContain('ring the supplier');
    expect(await told(WASTED)).toMatchObject({ count: 1, doses: [{ visitId: booked.id, reason: 'MOVED' }] });
    expect(await told(AMEND, { input: { ...day(), version: 1 } })).toMatchObject({
      code: 'DoseOrderCutOffPassed',
    });
    await move(moved, '09:00', '12:15');
    expect(await doseOf(booked)).toMatchObject({ conflicts: [] });
    expect(await told(WASTED)).toMatchObject({ count: 0 });
  });

  it('cancelled in time but not taken off the sheet: wasted from the cut-off on, with nobody doing anything', async () => {
    const booked = await book();
    await send();
    await told(CANCEL, { input: { scanBookingId: booked.id, reason: 'PATIENT_ILL' } }, 'RECEPTION');
    expect(await doseOf(booked)).toMatchObject({ status: 'NOT_WANTED', conflicts: ['ORDER_TO_AMEND'] });
    expect(await work('dose-order.cut-off-passed')).toBe(0);
    clock.set(TOO_LATE);
    await signInAll();
    expect(await doseOf(booked)).toMatchObject({ conflicts: ['DOSE_WASTED'] });
    expect(await work('dose-order.cut-off-passed')).toBe(1);
    expect(await told(WASTED)).toMatchObject({
      count: 1,
      doses: [{ reason: 'NOT_WANTED', isChargeable: true }],
    });
  });
});

describe('a patient who does not come', () => {
  it('leaves a dose that is wasted, and needs none any more', async () => {
    const booked = await book();
    await send();
    clock.set(`${DAY}T09:30:00Z`);
    await signInAll();
    const { version } = await database.client.visit.findUniqueOrThrow({ where: { id: booked.id } });
    const NO_SHOW = `mutation ($input: VisitVersionInput!) { markNoShow(input: $input) { ${REFUSED} } }`;
    const missed = await told(NO_SHOW, { input: { visitId: booked.id, version } }, 'RECEPTION');
    expect(missed).toMatchObject({ __typename: 'Visit' });
    expect(await doseOf(booked)).toMatchObject({ status: 'NOT_WANTED', conflicts: ['DOSE_WASTED'] });
    expect(await told(WASTED)).toMatchObject({
      ...{ count: 1, chargeableCount: 1 },
      doses: [{ visitId: booked.id, reason: 'NOT_WANTED' }],
    });
  });
});

describe('what is changed elsewhere', () => {
  it('the weight in the request: a child’s dose follows once the request is amended', async () => {
    const booked = await book('2016-06-01');
    const before = await doseOf(booked);
    expect(before).toMatchObject({ basis: 'PAEDIATRIC_CARD', weightKg: 72 });
    const request = await database.client.imagingRequest.findFirstOrThrow({
      where: { referralId: booked.referralId },
    });
    const content = { weightKg: 30, weightOn: '2026-03-02', weightSource: 'MEASURED' };
    const input = { requestId: request.id, version: request.version, content, reason: 'weighed' };
    expect(await told(AMEND_REQUEST, { input })).toMatchObject({ __typename: 'ImagingRequest' });
    expect(await work('imaging-request.changed')).toBeGreaterThan(0);
    expect(await doseOf(booked)).toMatchObject({
      basis: 'PAEDIATRIC_CARD',
      weightKg: 30,
      plannedActivityMbq: 240,
    });
    // Whatever comes twice changes nothing.
    const { version } = await doseOf(booked);
    await database.client.outboxMessage.updateMany({ data: { handledAt: null } });
    await work('imaging-request.changed');
    expect(await doseOf(booked)).toMatchObject({ version });
  });

  it('the practitioner’s decision: the dose follows it, and goes back to the protocol when it is withdrawn', async () => {
    const booked = await book();
    const request = await database.client.imagingRequest.findFirstOrThrow({
      where: { referralId: booked.referralId },
      include: { justifications: true },
    });
    const practitionerId = request.justifications[0]?.practitionerId ?? '';
    await entitle(database, practitionerId, ['JUSTIFY']);
    const decisions = app.get(VettingDecisionService);
    const practitioner = aStaffActor(practitionerId);
    const { id: requestId, revision } = request;
    const withdraw = () =>
      decisions.withdrawJustification(practitioner, { requestId, reason: 'Less will do.' });
    mustBe(await withdraw());
    // What tells of the withdrawal is done with: what follows now follows the decision.
    await work('imaging-request.changed');
    mustBe(
      await decisions.justifyImagingRequest(practitioner, {
        ...{ requestId, revision, activityMbq: 450, authorise: true },
        ...{ benefit: 'Which joint.', detriment: '2 mSv.', alternatives: 'None.' },
      }),
    );
    expect(await doseOf(booked)).toMatchObject({ basis: 'ADULT', plannedActivityMbq: 600 });
    expect(await work('imaging-request.changed')).toBe(1);
    const dose = await doseOf(booked);
    expect(dose).toMatchObject({ basis: 'DECIDED', plannedActivityMbq: 450, conflicts: [] });
    expect(halved(Number(dose.activityAtCalibrationMbq), 1)).toBeCloseTo(450, 6);
    mustBe(await withdraw());
    await work('imaging-request.changed');
    expect(await doseOf(booked)).toMatchObject({ basis: 'ADULT', plannedActivityMbq: 600 });
  });

  it('the protocol: every booked scan follows from its day on', async () => {
    const booked = await book();
    const SET = `mutation ($input: SetDoseProtocolInput!) { setDoseProtocol(input: $input) { ${REFUSED} } }`;
    const input = {
      ...{
        procedureCode: 'BONE_SPECT_CT',
        effectiveFrom: '2026-03-09',
        tracerCode: 'TC99M_MDP',
        route: 'INTRAVENOUS',
      },
      ...{ plannedActivityMbq: 500, activitySource: 'the physicist', effectiveDoseMsvPerMbq: 0.0049 },
      ...{
        effectiveDoseSource: 'ICRP 128',
        uptakeMinutesMin: 120,
        uptakeMinutesTarget: 180,
        uptakeMinutesMax: 300,
      },
      ...{ uptakeSource: 'EANM', kitUseByMinutes: 360, kitUseBySource: 'EANM', reason: 'a new camera' },
    };
    expect(await told(SET, { input }, 'MANAGER')).toMatchObject({ __typename: 'DoseProtocol' });
    expect(await work('dose-basis.set')).toBe(1);
    expect(await doseOf(booked)).toMatchObject({ plannedActivityMbq: 500, version: 1 });
  });
});
