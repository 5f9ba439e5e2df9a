import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeReferredPatient,
  mustBeBooked,
  RECEPTION,
} from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import {
  anEnd,
  Console,
  mustBeStep,
  type PerformedSteps,
  performedStepsOn,
  RADIOGRAPHER,
  stepCalled,
} from '../support/performed-steps.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const VISIT = ['2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z'] as const;
const NEXT_DAY = ['2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z'] as const;
const DURING = '2026-03-10T12:20:00Z';
const EVENING = '2026-03-10T18:00:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let imaging: Imaging;
let clinic: PerformedSteps;
let department: Department;
let scanner: Console;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyImaging(database);
  clock = new FixedClock(NOW);
  imaging = imagingOn(database, clock, db.url);
  clinic = performedStepsOn(imaging);
  await makeReference(database);
  department = await makeDepartment(database);
  const { id } = await database.client.scanner.findFirstOrThrow();
  scanner = new Console(clinic, id);
});

async function book(times: readonly [string, string] = VISIT) {
  const person = await makeReferredPatient(imaging);
  const booking = mustBeBooked(
    await imaging.bookings.bookScan(RECEPTION, aVisit(department, person.referralId, ...times)),
  );
  const { localNumber } = await database.client.patient.findUniqueOrThrow({
    where: { id: person.patientId },
  });
  return { ...person, booking, localNumber, scanBookingId: booking.id };
}

const read = (id: string) => imaging.records.read(database.client, id);

async function traces() {
  const { client } = database;
  return {
    bookings: await client.scanBooking.findMany({ orderBy: { id: 'asc' } }),
    entries: await client.worklistEntry.findMany({ orderBy: { scheduledProcedureStepId: 'asc' } }),
    steps: await client.performedStep.findMany({ orderBy: { id: 'asc' } }),
    links: await client.performedStepLink.findMany(),
    outbox: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
    audit: await client.auditEntry.count({ where: { actorId: RADIOGRAPHER.id } }),
  };
}

async function entryStatuses(bookingId: string): Promise<string[]> {
  const entries = await imaging.worklist.entriesOf([bookingId]);
  return (entries.get(bookingId) ?? []).map(({ status }) => status);
}

async function lastAuditOf(subjectId: string) {
  return database.client.auditEntry.findFirst({ where: { subjectId }, orderBy: { id: 'desc' } });
}

describe('a step that came without a booking', () => {
  it('is attached by a person: the booking moves as if the scanner had named it; detached, it goes back', async () => {
    const { booking, patientId, scanBookingId } = await book();
    clock.set(DURING);
    const uid = await scanner.begin({});
    const { id: performedStepId } = await stepCalled(imaging, uid);
    const outbox = (await traces()).outbox;
    const reason = 'The patient was entered by hand at the console.';
    const attached = mustBeStep(
      await clinic.attachments.attachPerformedStep(RADIOGRAPHER, { performedStepId, scanBookingId, reason }),
    );
    expect(attached).toMatchObject({
      scanBookingId,
      unmatchedReason: null,
      links: [{ scheduledProcedureStepId: `${booking.accessionNumber}.1`, attachedById: RADIOGRAPHER.id }],
    });
    expect((await read(scanBookingId)).status).toBe('IN_PROGRESS');
    expect(await entryStatuses(scanBookingId)).toEqual(['STARTED']);
    expect(await lastAuditOf(performedStepId)).toMatchObject({
      action: 'performed-step.attached',
      actorId: RADIOGRAPHER.id,
      patientIds: [patientId],
      after: { reason },
    });
    await scanner.end(uid, 'COMPLETED');
    expect((await read(scanBookingId)).status).toBe('COMPLETED');

    const back = await clinic.attachments.detachPerformedStep(RADIOGRAPHER, {
      performedStepId,
      reason: 'Wrong.',
    });
    expect(back).toMatchObject({ scanBookingId: null, unmatchedReason: 'DETACHED', status: 'COMPLETED' });
    expect(await read(scanBookingId)).toMatchObject({ status: 'BOOKED', startedAt: null, endedAt: null });
    expect(await entryStatuses(scanBookingId)).toEqual(['SCHEDULED']);
    expect(await imaging.worklist.reconcile()).toEqual([]);
    expect(await lastAuditOf(scanBookingId)).toMatchObject({
      action: 'scan.reverted',
      actorId: RADIOGRAPHER.id,
    });
    expect((await traces()).outbox).toEqual(outbox);
  });

  it('is attached to the scheduled step that is named, and not to one of another booking', async () => {
    await database.client.scanner.updateMany({ data: { modalities: ['NM', 'CT'] } });
    const { booking, scanBookingId } = await book();
    const { id: performedStepId } = await stepCalled(
      imaging,
      await scanner.begin({ over: { Modality: 'OT' } }),
    );
    const input = { performedStepId, scanBookingId, reason: 'seen' };
    await expect(
      clinic.attachments.attachPerformedStep(RADIOGRAPHER, { ...input, scheduledProcedureStepId: 'A000.1' }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const scheduledProcedureStepId = `${booking.accessionNumber}.2`;
    const attached = mustBeStep(
      await clinic.attachments.attachPerformedStep(RADIOGRAPHER, { ...input, scheduledProcedureStepId }),
    );
    expect(attached.links).toMatchObject([{ scheduledProcedureStepId }]);
  });

  it('is refused where it cannot be, and nothing is changed', async () => {
    const mine = await book();
    const other = await book(NEXT_DAY);
    const cancelled = await book(['2026-03-12T09:00:00Z', '2026-03-12T12:15:00Z']);
    await imaging.bookings.cancelScan(RECEPTION, { ...cancelled, reason: 'PATIENT_ILL' });
    const linked = await stepCalled(imaging, await scanner.begin({ booking: mine.booking }));
    const loose = await stepCalled(imaging, await scanner.begin({ patientId: other.localNumber }));
    const before = await traces();
    const attach = (performedStepId: string, scanBookingId: string) =>
      clinic.attachments.attachPerformedStep(RADIOGRAPHER, { performedStepId, scanBookingId, reason: 'r' });
    expect(await attach(linked.id, other.scanBookingId)).toMatchObject({
      code: 'PerformedStepAlreadyAttached',
      scanBookingId: mine.scanBookingId,
    });
    expect(await attach(loose.id, mine.scanBookingId)).toMatchObject({
      code: 'PerformedStepOfSomebodyElse',
      toldPatientId: other.localNumber,
    });
    expect(await attach(loose.id, cancelled.scanBookingId)).toMatchObject({ code: 'ScanWasCancelled' });
    expect(
      await clinic.attachments.detachPerformedStep(RADIOGRAPHER, { performedStepId: loose.id, reason: 'r' }),
    ).toMatchObject({ code: 'PerformedStepNotAttached' });
    await expect(attach(loose.id, '00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await traces()).toEqual(before);
  });

  it('cannot take a booking up again whose referral has been booked again', async () => {
    const first = await book();
    const uid = await scanner.begin({ booking: first.booking });
    await scanner.end(uid, 'DISCONTINUED');
    const { id: performedStepId } = await stepCalled(imaging, uid);
    mustBeBooked(
      await imaging.bookings.bookScan(RECEPTION, aVisit(department, first.referralId, ...NEXT_DAY)),
    );
    const before = await traces();
    const detached = await clinic.attachments.detachPerformedStep(RADIOGRAPHER, {
      performedStepId,
      reason: 'r',
    });
    expect(detached).toMatchObject({ code: 'ReferralAlreadyBooked' });
    expect(await traces()).toEqual(before);
  });

  it('is listed with what the scanner told, page by page, and the look is recorded', async () => {
    const { booking, patientId } = await book();
    const uids = [];
    for (const minute of ['10', '20', '30']) {
      uids.push(await scanner.begin({ booking, over: { PerformedProcedureStepStartTime: `12${minute}00` } }));
    }
    const list = (after: string | null) => clinic.list.performedSteps(RADIOGRAPHER, {}, { size: 2, after });
    const first = await list(null);
    const second = await list(first.nextCursor);
    expect([...first.items, ...second.items].map(({ sopInstanceUID }) => sopInstanceUID)).toEqual(
      uids.reverse(),
    );
    expect(second.nextCursor).toBeNull();
    const days = { from: '2026-03-11', until: '2026-03-11' };
    expect((await clinic.list.performedSteps(RADIOGRAPHER, days, { size: 2 })).items).toEqual([]);
    const look = await database.client.auditEntry.findFirst({
      where: { action: 'performed-steps.listed', patientIds: { has: patientId } },
    });
    expect(look).toMatchObject({ actorId: RADIOGRAPHER.id });
    const byBooking = await clinic.list.ofBookings([booking.id]);
    expect(byBooking.get(booking.id)).toHaveLength(3);
  });
});

describe('the look at what scanners say', () => {
  it('is recorded of the patients whom it tells of too, linked or not', async () => {
    const linked = await book();
    const told = await book(NEXT_DAY);
    await scanner.begin({ booking: linked.booking, patientId: linked.localNumber });
    await scanner.begin({ patientId: ` ${told.localNumber.toLowerCase()}` });
    await scanner.begin({ patientId: 'X17' });
    const { items } = await clinic.list.performedSteps(RADIOGRAPHER, {}, { size: 10 });
    expect(items).toHaveLength(3);
    const look = await database.client.auditEntry.findFirstOrThrow({
      where: { action: 'performed-steps.listed' },
      orderBy: { id: 'desc' },
    });
    expect(look.patientIds.toSorted()).toEqual([linked.patientId, told.patientId].toSorted());
  });
});

describe('a scan that a person closes', () => {
  const reason = 'The network was down; the images are in the archive.';

  it.each([
    ['completeScan', 'COMPLETED', 'scan.completed'],
    ['discontinueScan', 'DISCONTINUED', 'scan.discontinued'],
  ] as const)('%s, of which the scanner said nothing: %s', async (verb, status, action) => {
    const { scanBookingId, patientId } = await book();
    clock.set(EVENING);
    const outbox = (await traces()).outbox;
    expect(await clinic.closing[verb](RADIOGRAPHER, { scanBookingId, reason })).toMatchObject({
      status,
      closedAs: status,
      closedAt: Temporal.Instant.from(EVENING),
      closedById: RADIOGRAPHER.id,
      closeReason: reason,
      startedAt: null,
      endedAt: Temporal.Instant.from('2026-03-10T13:15:00Z'),
      allowedActions: ['reopen'],
    });
    expect(await entryStatuses(scanBookingId)).toEqual([status]);
    expect(await imaging.worklist.reconcile()).toEqual([]);
    expect(await lastAuditOf(scanBookingId)).toMatchObject({
      action,
      actorId: RADIOGRAPHER.id,
      patientIds: [patientId],
      before: { status: 'BOOKED' },
      after: { status, closeReason: reason },
    });
    expect((await traces()).outbox).toEqual(outbox);
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, { scanBookingId, reason: 'Slip.' })).toMatchObject({
      status: 'BOOKED',
      closedAs: null,
      closeReason: null,
      endedAt: null,
    });
    expect(await lastAuditOf(scanBookingId)).toMatchObject({
      action: 'scan.reopened',
      after: { reason: 'Slip.' },
    });
  });

  it('outranks what the scanner says later, which is kept and shown; reopened, the scanner’s word counts', async () => {
    const { booking, scanBookingId } = await book();
    clock.set(DURING);
    const uid = await scanner.begin({ booking });
    clock.set(EVENING);
    const endedAt = Temporal.Instant.from('2026-03-10T13:00:00Z');
    expect(await clinic.closing.completeScan(RADIOGRAPHER, { scanBookingId, endedAt, reason })).toMatchObject(
      {
        status: 'COMPLETED',
        endedAt,
      },
    );
    const shown = async () => (await clinic.list.ofBookings([scanBookingId])).get(scanBookingId);
    expect(await shown()).toMatchObject([{ status: 'IN_PROGRESS', contradictsClosing: false }]);
    clock.set('2026-03-10T19:00:00Z');
    await scanner.end(uid, 'DISCONTINUED');
    expect(await read(scanBookingId)).toMatchObject({ status: 'COMPLETED', endedAt });
    expect(await entryStatuses(scanBookingId)).toEqual(['COMPLETED']);
    expect(await imaging.worklist.reconcile()).toEqual([]);
    expect(await shown()).toMatchObject([{ status: 'DISCONTINUED', contradictsClosing: true }]);
    expect(
      await clinic.closing.reopenScan(RADIOGRAPHER, { scanBookingId, reason: 'It was broken off.' }),
    ).toMatchObject({
      status: 'DISCONTINUED',
      endedAt: Temporal.Instant.from('2026-03-10T13:10:00Z'),
      closedAs: null,
    });
    expect(await shown()).toMatchObject([{ contradictsClosing: false }]);
  });

  it('was unconfirmed, and is confirmed so', async () => {
    const { booking, scanBookingId } = await book();
    clock.set(DURING);
    await scanner.begin({ booking });
    clock.set('2026-03-11T08:00:00Z');
    await clinic.steps.lapse();
    expect((await read(scanBookingId)).status).toBe('UNCONFIRMED');
    expect(await clinic.closing.completeScan(RADIOGRAPHER, { scanBookingId, reason })).toMatchObject({
      status: 'COMPLETED',
      endedAt: Temporal.Instant.from('2026-03-10T13:15:00Z'),
    });
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, { scanBookingId, reason })).toMatchObject({
      status: 'UNCONFIRMED',
    });
    expect(await entryStatuses(scanBookingId)).toEqual([]);
  });

  it('frees the referral when it is discontinued, and is not reopened after that', async () => {
    const { scanBookingId, referralId } = await book();
    clock.set(EVENING);
    await clinic.closing.discontinueScan(RADIOGRAPHER, { scanBookingId, reason: 'The patient never came.' });
    const again = ['2026-03-24T09:00:00Z', '2026-03-24T12:15:00Z'] as const;
    mustBeBooked(await imaging.bookings.bookScan(RECEPTION, aVisit(department, referralId, ...again)));
    const before = await traces();
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, { scanBookingId, reason })).toMatchObject({
      code: 'ReferralAlreadyBooked',
    });
    expect(await traces()).toEqual(before);
  });

  it('is refused where it makes no sense, and nothing is changed', async () => {
    const future = await book();
    const done = await book(NEXT_DAY);
    await scanner.end(await scanner.begin({ booking: done.booking }), 'COMPLETED');
    const cancelled = await book(['2026-03-12T09:00:00Z', '2026-03-12T12:15:00Z']);
    await imaging.bookings.cancelScan(RECEPTION, { ...cancelled, reason: 'PATIENT_ILL' });
    const before = await traces();
    const complete = ({ scanBookingId }: { scanBookingId: string }) =>
      clinic.closing.completeScan(RADIOGRAPHER, { scanBookingId, reason });
    expect(await complete(future)).toMatchObject({ code: 'ScanNotBegun' });
    expect(await complete(done)).toMatchObject({ code: 'ScanAlreadyClosed', status: 'COMPLETED' });
    expect(await complete(cancelled)).toMatchObject({ code: 'ScanWasCancelled' });
    expect(await clinic.closing.reopenScan(RADIOGRAPHER, { ...done, reason })).toMatchObject({
      code: 'ScanNotClosedByPerson',
    });
    clock.set(EVENING);
    for (const endedAt of ['2026-03-10T08:59:00Z', '2026-03-10T18:01:00Z']) {
      const input = { ...future, endedAt: Temporal.Instant.from(endedAt), reason };
      expect(await clinic.closing.completeScan(RADIOGRAPHER, input)).toMatchObject({
        code: 'ScanEndImplausible',
        earliestEndAt: Temporal.Instant.from(VISIT[0]),
        latestEndAt: Temporal.Instant.from(EVENING),
      });
    }
    expect(await traces()).toEqual(before);
  });
});

describe('a scan that a scanner has begun', () => {
  it('is neither moved nor cancelled', async () => {
    const { booking, scanBookingId, referralId } = await book();
    const uid = await scanner.begin({ booking });
    const { referralId: _, protocolCode: __, ...visit } = aVisit(department, referralId, ...NEXT_DAY);
    const move = () => imaging.bookings.moveScan(RECEPTION, { ...visit, scanBookingId, version: 0 });
    const cancel = () => imaging.bookings.cancelScan(RECEPTION, { scanBookingId, reason: 'PATIENT_ILL' });
    const before = await traces();
    expect(await move()).toMatchObject({ code: 'ScanHasBegun', status: 'IN_PROGRESS' });
    expect(await cancel()).toMatchObject({ code: 'ScanHasBegun' });
    expect(await traces()).toEqual(before);
    await scanner.set(uid, anEnd('COMPLETED'));
    expect(await move()).toMatchObject({ code: 'ScanIsOver' });
    expect(await cancel()).toMatchObject({ code: 'ScanIsOver' });
  });
});
