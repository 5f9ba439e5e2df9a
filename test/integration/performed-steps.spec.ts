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
  aBeginning,
  anEnd,
  Console,
  type PerformedSteps,
  performedStepsOn,
  stepCalled,
} from '../support/performed-steps.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const VISIT = ['2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z'] as const;
const DURING = '2026-03-10T12:20:00Z';

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
  scanner = await consoleAt(department.cameraId);
});

async function consoleAt(cameraId: string): Promise<Console> {
  const { id } = await database.client.scanner.findFirstOrThrow({ where: { resourceId: cameraId } });
  return new Console(clinic, id);
}

async function book(times: readonly [string, string] = VISIT, at = department) {
  const person = await makeReferredPatient(imaging);
  const booking = mustBeBooked(
    await imaging.bookings.bookScan(RECEPTION, aVisit(at, person.referralId, ...times)),
  );
  const { localNumber } = await database.client.patient.findUniqueOrThrow({
    where: { id: person.patientId },
  });
  return { ...person, booking, localNumber };
}

const read = (id: string) => imaging.records.read(database.client, id);

/** Everything that a message can leave behind. */
async function traces() {
  const { client } = database;
  return {
    bookings: await client.scanBooking.findMany({ orderBy: { id: 'asc' } }),
    entries: await client.worklistEntry.findMany({ orderBy: { scheduledProcedureStepId: 'asc' } }),
    steps: await client.performedStep.findMany({ orderBy: { id: 'asc' } }),
    messages: await client.performedStepMessage.count(),
    outbox: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
    audit: await client.auditEntry.count({ where: { actorKind: 'SCANNER' } }),
  };
}

async function entryStatuses(bookingId: string): Promise<Record<string, string>> {
  const entries = await imaging.worklist.entriesOf([bookingId]);
  return Object.fromEntries((entries.get(bookingId) ?? []).map(({ modality, status }) => [modality, status]));
}

/** Of a step or a scan; what is written down of the visit under the scan has the same id. */
async function auditOf(subjectId: string) {
  const where = { subjectId, subjectType: { not: 'visit' } };
  const rows = await database.client.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
  return rows.map(({ action, actorKind, actorLabel, source, patientIds }) => ({
    action,
    actorKind,
    actorLabel,
    source,
    patientIds,
  }));
}

describe('a scanner that begins and ends a step', () => {
  it('moves booking and worklist, keeps its words, writes the record, and sends no letter', async () => {
    const { booking, patientId, localNumber } = await book();
    clock.set(DURING);
    const before = await traces();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    expect(await read(booking.id)).toMatchObject({
      status: 'IN_PROGRESS',
      version: 0,
      startedAt: Temporal.Instant.from('2026-03-10T12:17:00Z'),
      endedAt: null,
      allowedActions: ['complete', 'discontinue'],
    });
    expect(await entryStatuses(booking.id)).toEqual({ NM: 'STARTED' });
    expect(await imaging.worklist.reconcile()).toEqual([]);

    clock.set('2026-03-10T13:11:00Z');
    await scanner.end(uid, 'COMPLETED');
    expect(await read(booking.id)).toMatchObject({
      status: 'COMPLETED',
      endedAt: Temporal.Instant.from('2026-03-10T13:10:00Z'),
      closedAs: null,
      allowedActions: [],
    });
    expect(await entryStatuses(booking.id)).toEqual({ NM: 'COMPLETED' });
    expect(await imaging.worklist.reconcile()).toEqual([]);
    expect((await traces()).outbox).toEqual(before.outbox);

    const step = await stepCalled(imaging, uid);
    expect(step).toMatchObject({
      status: 'COMPLETED',
      version: 1,
      seriesCount: 1,
      patientId: localNumber,
      patientName: 'Told^By the scanner',
      accessionNumbers: [booking.accessionNumber],
      unmatchedReason: null,
      links: [
        {
          bookingId: booking.id,
          scheduledProcedureStepId: `${booking.accessionNumber}.1`,
          attachedById: null,
        },
      ],
    });
    expect(
      step.messages.map(({ operation, source, callingAETitle }) => [operation, source, callingAETitle]),
    ).toEqual([
      ['N_CREATE', '192.0.2.7', 'SPECTCT1'],
      ['N_SET', '192.0.2.7', 'SPECTCT1'],
    ]);
    const who = {
      actorKind: 'SCANNER',
      actorLabel: 'SPECTCT1',
      source: '192.0.2.7',
      patientIds: [patientId],
    };
    expect(await auditOf(step.id)).toEqual([
      { action: 'performed-step.created', ...who },
      { action: 'performed-step.changed', ...who },
    ]);
    const entries = await database.client.auditEntry.findMany({ where: { subjectId: step.id } });
    for (const { after } of entries) expect(after).toMatchObject({ event: { code: '110111' } });
    expect((await auditOf(booking.id)).slice(1)).toEqual([
      { action: 'scan.started', ...who },
      { action: 'scan.completed', ...who },
    ]);
  });

  it('is answered with its whole step, and another camera’s scanner with nothing', async () => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    await scanner.set(uid, anEnd('COMPLETED'));
    const stored = await scanner.get(uid);
    expect(stored?.text('PatientName')).toBe('Told^By the scanner');
    expect(stored?.text('PerformedProcedureStepStatus')).toBe('COMPLETED');
    expect(stored?.items('PerformedSeriesSequence')).toHaveLength(1);
    const other = await consoleAt((await makeDepartment(database, 'OTHER')).cameraId);
    expect(await other.get(uid)).toBeNull();
    expect(await other.set(uid, anEnd('COMPLETED'))).toEqual({ kind: 'unknown' });
  });

  it('is ended by the console that took its place at the camera', async () => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    const { client } = database;
    const { id: _, ...old } = await client.scanner.findUniqueOrThrow({ where: { id: scanner.scannerId } });
    await client.scanner.update({ where: { id: scanner.scannerId }, data: { retiredAt: new Date(NOW) } });
    const replacement = await client.scanner.create({ data: { ...old, name: 'New console' } });
    await new Console(clinic, replacement.id).end(uid, 'COMPLETED');
    expect((await read(booking.id)).status).toBe('COMPLETED');
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('ends what it began after its retirement, and is shown nothing any more', async () => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    await database.client.scanner.update({
      where: { id: scanner.scannerId },
      data: { retiredAt: new Date(NOW) },
    });
    const { id } = await stepCalled(imaging, uid);
    expect(await scanner.get(uid)).toBeNull();
    expect((await auditOf(id)).map(({ action }) => action)).not.toContain('performed-step.viewed');
    await scanner.end(uid, 'COMPLETED');
    expect((await read(booking.id)).status).toBe('COMPLETED');
    await scanner.begin({ booking, patientId: localNumber });
  });

  it('says an interim change without ending anything', async () => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    const interim = anEnd('COMPLETED', {
      PerformedProcedureStepStatus: 'IN PROGRESS',
      PerformedProcedureStepDescription: 'second bed position',
    });
    expect(await scanner.set(uid, interim)).toEqual({ kind: 'changed' });
    expect(await stepCalled(imaging, uid)).toMatchObject({
      status: 'IN_PROGRESS',
      endedAt: null,
      seriesCount: 1,
      description: 'second bed position',
    });
    expect((await read(booking.id)).status).toBe('IN_PROGRESS');
  });

  it('has its times read on the clock beside it, in summer too, or by the offset that it names', async () => {
    const summer = await book(['2026-04-01T08:00:00Z', '2026-04-01T11:15:00Z']);
    const date = { PerformedProcedureStepStartDate: '20260401', PerformedProcedureStepStartTime: '1217' };
    await scanner.begin({ booking: summer.booking, over: date });
    expect((await read(summer.booking.id)).startedAt?.toString()).toBe('2026-04-01T11:17:00Z');
    const offset = await scanner.begin({ over: { ...date, TimezoneOffsetFromUTC: '-0500' } });
    expect((await stepCalled(imaging, offset)).startedAt.toISOString()).toBe('2026-04-01T17:17:00.000Z');
    await database.client.scanner.updateMany({ data: { timeZone: 'Asia/Tokyo' } });
    const far = await scanner.begin({ over: { ...date, PerformedProcedureStepStartTime: '12:17:30' } });
    expect((await stepCalled(imaging, far)).startedAt.toISOString()).toBe('2026-04-01T03:17:30.000Z');
  });
});

describe('a message that is refused changes nothing', () => {
  it.each([
    ['a repeated beginning', 'duplicate', (uid: string) => scanner.create(uid, aBeginning({}))],
    ['a change of a step that is unknown', 'unknown', () => scanner.set('2.25.404', anEnd('COMPLETED'))],
    ['a second end', 'already-final', (uid: string) => scanner.set(uid, anEnd('DISCONTINUED'))],
  ] as const)('%s: %s', async (_, kind, send) => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    await scanner.end(uid, 'COMPLETED');
    const before = await traces();
    expect(await send(uid)).toEqual({ kind });
    expect(await traces()).toEqual(before);
  });

  it('a change of whose step it is: invalid', async () => {
    const { booking, localNumber } = await book();
    const uid = await scanner.begin({ booking, patientId: localNumber });
    const before = await traces();
    expect(await scanner.set(uid, anEnd('COMPLETED', { PatientID: 'F9999999' }))).toMatchObject({
      kind: 'invalid',
      problem: { path: 'PatientID' },
    });
    expect(await traces()).toEqual(before);
  });
});

describe('whose step it is', () => {
  it('is found by step id, by accession number alone, and by study alone', async () => {
    const cases = [
      (booking: { accessionNumber: string }) => ({
        ScheduledProcedureStepID: `${booking.accessionNumber}.1`,
      }),
      (booking: { accessionNumber: string }) => ({ AccessionNumber: booking.accessionNumber }),
      () => ({}),
    ];
    for (const [i, only] of cases.entries()) {
      const { booking, localNumber } = await book([`2026-03-1${i}T09:00:00Z`, `2026-03-1${i}T12:15:00Z`]);
      const study = i === 2 ? booking.studyInstanceUID : '1.2.3.4';
      await scanner.begin({
        patientId: i === 2 ? '' : localNumber,
        over: { ScheduledStepAttributesSequence: [{ StudyInstanceUID: study, ...only(booking) }] },
      });
      expect((await read(booking.id)).status).toBe('IN_PROGRESS');
    }
  });

  it('is still found when the patient was renamed while the item was open', async () => {
    const { booking, localNumber, patientId } = await book();
    await database.client.patient.update({ where: { id: patientId }, data: { familyName: 'Married' } });
    await scanner.begin({ booking, patientId: localNumber, over: { PatientName: 'Maiden^Name' } });
    expect((await read(booking.id)).status).toBe('IN_PROGRESS');
  });

  it.each([
    ['NO_IDENTIFIERS', async () => ({})],
    ['UNKNOWN_IDENTIFIERS', async () => ({ stepIds: ['X17'] })],
    ['PATIENT_DIFFERS', async () => ({ booking: (await book()).booking, patientId: 'F9999999' })],
    [
      'PATIENT_DIFFERS',
      async () => ({ booking: (await book()).booking, over: { PatientBirthDate: '18991231' } }),
    ],
    [
      'PATIENT_NOT_NAMED',
      async () => {
        const { accessionNumber } = (await book()).booking;
        const item = { StudyInstanceUID: '1.2.3.4', AccessionNumber: accessionNumber };
        return { over: { ScheduledStepAttributesSequence: [item] } };
      },
    ],
    [
      'IDENTIFIERS_DISAGREE',
      async () => {
        const { booking: other } = await book(['2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z']);
        return { booking: (await book()).booking, stepIds: [`${other.accessionNumber}.1`] };
      },
    ],
    [
      'BOOKING_CANCELLED',
      async () => {
        const { booking } = await book();
        await imaging.bookings.cancelScan(RECEPTION, { scanBookingId: booking.id, reason: 'PATIENT_ILL' });
        return { booking };
      },
    ],
  ] as const)('%s: is kept for a person, and no booking moves', async (reason, prepare) => {
    const told = await prepare();
    const before = await traces();
    const uid = await scanner.begin(told);
    const after = await traces();
    expect(await stepCalled(imaging, uid)).toMatchObject({ unmatchedReason: reason, links: [] });
    expect([after.bookings, after.entries, after.outbox]).toEqual([
      before.bookings,
      before.entries,
      before.outbox,
    ]);
    await scanner.end(uid, 'COMPLETED');
    expect((await traces()).bookings).toEqual(before.bookings);
    const listed = await clinic.list.performedSteps(RECEPTION, { unmatched: true }, { size: 10 });
    expect(listed.items).toMatchObject([
      { sopInstanceUID: uid, unmatchedReason: reason, scanBookingId: null },
    ]);
  });

  it('BOOKED_AGAIN: a discontinued booking whose referral was booked again stays as it is', async () => {
    const first = await book();
    await scanner.end(await scanner.begin({ booking: first.booking }), 'DISCONTINUED');
    const again = aVisit(department, first.referralId, '2026-03-12T09:00:00Z', '2026-03-12T12:15:00Z');
    mustBeBooked(await imaging.bookings.bookScan(RECEPTION, again));
    const uid = await scanner.begin({ booking: first.booking });
    expect(await stepCalled(imaging, uid)).toMatchObject({ unmatchedReason: 'BOOKED_AGAIN', links: [] });
    expect((await read(first.booking.id)).status).toBe('DISCONTINUED');
  });

  it('is noted when it was done on another camera than planned', async () => {
    const { booking, localNumber } = await book();
    const elsewhere = await consoleAt((await makeDepartment(database, 'OTHER')).cameraId);
    await elsewhere.begin({ booking, patientId: localNumber });
    expect((await read(booking.id)).status).toBe('IN_PROGRESS');
    const { items } = await clinic.list.performedSteps(
      RECEPTION,
      { scanBookingId: booking.id },
      { size: 10 },
    );
    expect(items).toMatchObject([{ performedElsewhere: true, scannerName: 'Scanner OTHER' }]);
  });
});

describe('a hybrid with two scheduled steps', () => {
  let visit: Awaited<ReturnType<typeof book>>;
  let ids: readonly [string, string];

  beforeEach(async () => {
    await database.client.scanner.updateMany({ data: { modalities: ['NM', 'CT'] } });
    visit = await book();
    ids = [`${visit.booking.accessionNumber}.1`, `${visit.booking.accessionNumber}.2`];
    clock.set(DURING);
  });

  it('is done by one performed step that names both', async () => {
    const uid = await scanner.begin({ booking: visit.booking, stepIds: ids });
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'STARTED', CT: 'STARTED' });
    await scanner.end(uid, 'COMPLETED');
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'COMPLETED', CT: 'COMPLETED' });
    expect((await read(visit.booking.id)).status).toBe('COMPLETED');
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('is done by two: between them it is in progress', async () => {
    await scanner.end(await scanner.begin({ booking: visit.booking, stepIds: [ids[0]] }), 'COMPLETED');
    expect((await read(visit.booking.id)).status).toBe('IN_PROGRESS');
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'COMPLETED', CT: 'SCHEDULED' });
    expect(await imaging.worklist.reconcile()).toEqual([]);
    // Without a step id the modality tells.
    const ct = await scanner.begin({ booking: visit.booking, stepIds: [''], over: { Modality: 'CT' } });
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'COMPLETED', CT: 'STARTED' });
    await scanner.end(ct, 'DISCONTINUED');
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'COMPLETED', CT: 'DISCONTINUED' });
    expect((await read(visit.booking.id)).status).toBe('COMPLETED');
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('of which a wrong start was broken off is still offered for the other, and goes on with it', async () => {
    await scanner.end(await scanner.begin({ booking: visit.booking, stepIds: [ids[0]] }), 'DISCONTINUED');
    expect((await read(visit.booking.id)).status).toBe('DISCONTINUED');
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'DISCONTINUED', CT: 'SCHEDULED' });
    expect(await imaging.worklist.reconcile()).toEqual([]);
    const { client } = database;
    const ofBooking = { bookingId: visit.booking.id };
    await client.worklistEntry.updateMany({ where: ofBooking, data: { status: 'DISCONTINUED' } });
    expect(await imaging.worklist.reconcile()).toEqual([visit.booking.id]);
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'DISCONTINUED', CT: 'SCHEDULED' });
    await scanner.end(await scanner.begin({ booking: visit.booking, stepIds: [ids[1]] }), 'COMPLETED');
    expect((await read(visit.booking.id)).status).toBe('COMPLETED');
    expect(await entryStatuses(visit.booking.id)).toEqual({ NM: 'DISCONTINUED', CT: 'COMPLETED' });
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });

  it('whose second step never begins is shown to staff', async () => {
    await scanner.end(await scanner.begin({ booking: visit.booking, stepIds: [ids[0]] }), 'COMPLETED');
    clock.set('2026-03-11T01:00:00Z');
    expect(await clinic.steps.lapse()).toHaveLength(1);
    expect(await read(visit.booking.id)).toMatchObject({
      status: 'UNCONFIRMED',
      allowedActions: ['complete', 'discontinue'],
    });
    expect(await entryStatuses(visit.booking.id)).toEqual({});
    expect(await clinic.steps.lapse()).toEqual([]);
    await scanner.end(await scanner.begin({ booking: visit.booking, stepIds: [ids[1]] }), 'COMPLETED');
    expect((await read(visit.booking.id)).status).toBe('COMPLETED');
  });
});

describe('a worklist that other hands have changed', () => {
  it('is put right again, with how each step stands', async () => {
    const begun = await book();
    await scanner.begin({ booking: begun.booking });
    const late = await book(['2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z']);
    await scanner.begin({ booking: late.booking });
    const { client } = database;
    await client.worklistEntry.updateMany({
      where: { bookingId: begun.booking.id },
      data: { status: 'COMPLETED' },
    });
    await client.performedStep.updateMany({
      where: { links: { some: { bookingId: late.booking.id } } },
      data: { overdueAt: new Date(DURING) },
    });
    await client.scanBooking.update({ where: { id: late.booking.id }, data: { status: 'UNCONFIRMED' } });
    expect((await imaging.worklist.reconcile()).toSorted()).toEqual(
      [begun.booking.id, late.booking.id].toSorted(),
    );
    expect(await entryStatuses(begun.booking.id)).toEqual({ NM: 'STARTED' });
    expect(await entryStatuses(late.booking.id)).toEqual({});
    expect(await imaging.worklist.reconcile()).toEqual([]);
  });
});

describe('a scan that is broken off', () => {
  it('frees the referral, and a new beginning takes it up again', async () => {
    const { booking, referralId } = await book();
    const broken = await scanner.begin({ booking });
    const end = anEnd('DISCONTINUED', {
      PerformedSeriesSequence: [],
      PerformedProcedureStepDiscontinuationReasonCodeSequence: [
        {
          CodeValue: '110513',
          CodingSchemeDesignator: 'DCM',
          CodeMeaning: 'Discontinued for unspecified reason',
        },
      ],
    });
    expect(await scanner.set(broken, end)).toEqual({ kind: 'changed' });
    expect((await stepCalled(imaging, broken)).discontinuationReason).toBe(
      'Discontinued for unspecified reason',
    );
    expect((await read(booking.id)).status).toBe('DISCONTINUED');
    expect(
      (await imaging.offers.scanOffers(RECEPTION, referralId, { protocolCode: 'BONE_SPECT_CT', limit: 1 }))
        .obstacles,
    ).toEqual([]);
    await scanner.end(await scanner.begin({ booking }), 'COMPLETED');
    expect((await read(booking.id)).status).toBe('COMPLETED');
    expect(
      (await imaging.offers.scanOffers(RECEPTION, referralId, { protocolCode: 'BONE_SPECT_CT', limit: 1 }))
        .obstacles,
    ).toMatchObject([{ code: 'ReferralAlreadyBooked' }]);
  });
});

describe('a scanner that never says how it ended', () => {
  it('is waited for as long as its profile says, then the booking is unconfirmed; a late end is welcome', async () => {
    const { booking, patientId } = await book();
    clock.set(DURING);
    const uid = await scanner.begin({ booking });
    clock.set('2026-03-11T00:20:00Z');
    expect(await clinic.steps.lapse()).toEqual([]);
    clock.set('2026-03-11T00:20:01Z');
    const step = await stepCalled(imaging, uid);
    expect(await clinic.steps.lapse()).toEqual([step.id]);
    expect((await read(booking.id)).status).toBe('UNCONFIRMED');
    expect(await entryStatuses(booking.id)).toEqual({});
    expect(await imaging.worklist.reconcile()).toEqual([]);
    const system = {
      actorKind: 'SYSTEM',
      actorLabel: 'performed-steps',
      source: null,
      patientIds: [patientId],
    };
    expect((await auditOf(step.id)).at(-1)).toEqual({ action: 'performed-step.lapsed', ...system });
    expect((await auditOf(booking.id)).at(-1)).toEqual({ action: 'scan.unconfirmed', ...system });

    expect(await scanner.set(uid, anEnd('COMPLETED'))).toEqual({ kind: 'changed' });
    expect(await read(booking.id)).toMatchObject({ status: 'COMPLETED', closedAs: null });
    expect((await stepCalled(imaging, uid)).overdueAt).toBeNull();
    expect(await entryStatuses(booking.id)).toEqual({ NM: 'COMPLETED' });
  });

  it('does not keep the others from being taken when it cannot be', async () => {
    clock.set(DURING);
    const bad = await stepCalled(imaging, await scanner.begin({ over: { PerformedProcedureStepID: 'BAD' } }));
    clock.set('2026-03-10T12:21:00Z');
    const good = await stepCalled(imaging, await scanner.begin({}));
    const { client } = database;
    await client.$executeRawUnsafe(
      `ALTER TABLE performed_steps ADD CONSTRAINT no_lapse CHECK (overdue_at IS NULL OR performed_procedure_step_id <> 'BAD')`,
    );
    try {
      clock.set('2026-03-12T09:00:00Z');
      expect(await clinic.steps.lapse()).toEqual([good.id]);
    } finally {
      await client.$executeRawUnsafe('ALTER TABLE performed_steps DROP CONSTRAINT no_lapse');
    }
    expect(await clinic.steps.lapse()).toEqual([bad.id]);
  });

  it('is looked for at the start of the door, by the hours of each scanner, matched or not', async () => {
    await database.client.scanner.updateMany({ data: { performedStepHoursMax: 1 } });
    clock.set(DURING);
    const uid = await scanner.begin({});
    clock.set('2026-03-10T13:20:01Z');
    await clinic.watch.start();
    await clinic.watch.stop();
    expect((await stepCalled(imaging, uid)).overdueAt?.toISOString()).toBe('2026-03-10T13:20:01.000Z');
  });
});
