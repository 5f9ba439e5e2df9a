import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WorklistMirror } from '../../src/clinic/imaging/worklist-mirror.service.js';
import { toPeer, WorklistWindow } from '../../src/clinic/imaging/worklist-view.dicom.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { MergeForbidden } from '../../src/clinic/patients/patient-merge.refusals.js';
import { readToldDays } from '../../src/clinic/visits/live-day.rules.js';
import { dataSet } from '../../src/dicom/index.js';
import { compileIdentifier } from '../../src/dicom/services/identifier.js';
import { toNarrowing } from '../../src/dicom/services/narrowing.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { DirectConnection } from '../../src/platform/database/direct-connection.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromInstant, Temporal } from '../../src/platform/time/index.js';
import { makeConsent } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { type Imaging, imagingOn, mustBeBooked, RECEPTION, vetReferral } from '../support/imaging.factory.js';
import {
  aVisit,
  type Department,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { type PatientRoom, patientRoomOn } from '../support/patient-needs.factory.js';
import { makePatient } from '../support/patients.factory.js';

// Two records that turn out to be one, while one of them has a scan booked: what the scanner is answered.

const clock = new FixedClock('2026-03-02T09:00:00Z');
let home: TestDatabase;
let database: Database;
let imaging: Imaging;
let room: PatientRoom;
let department: Department;
let connection: DirectConnection;
let mirror: WorklistMirror;
let window: WorklistWindow;
let kept: Patient;
let merged: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  imaging = imagingOn(database, clock, home.url);
  room = patientRoomOn(database, clock);
  await makeReference(database);
  department = await makeDepartment(database);
  connection = new DirectConnection(home.url);
  mirror = new WorklistMirror(connection, database, imaging.standings, clock, readConfig({}, '/tmp'));
  window = new WorklistWindow(mirror, clock);
});
beforeEach(async () => {
  kept = await makePatient(room.patients);
  merged = await makePatient(room.patients);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** An accepted referral as it lies in the table: the room that makes them has tests of its own. */
async function anAcceptedReferralOf(patientId: string): Promise<string> {
  const now = dateFromInstant(clock.now());
  const { id } = await database.client.referral.create({
    data: {
      ...{ patientId, source: 'GP', priority: 'ROUTINE', status: 'ACCEPTED', recordedById: RECEPTION.id },
      ...{ clinicalQuestion: 'Which facet joint is active?', referrerName: 'Dr Amelia Hart' },
      ...{ receivedOn: new Date('2026-03-02'), recordedAt: now },
      ...{ takenUpAt: now, takenUpById: RECEPTION.id, decidedAt: now, decidedById: RECEPTION.id },
    },
  });
  return id;
}

async function aScanOf(patientId: string, day: string) {
  const referralId = await anAcceptedReferralOf(patientId);
  await vetReferral(imaging, referralId);
  await makeConsent(database, clock, patientId);
  const visit = aVisit(department, referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`);
  const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
  return { booking, referralId };
}

/** How many steps the scanner is answered when it asks for an accession number with this Patient ID and this family name. */
async function answersTo(accessionNumber: string, { localNumber, familyName }: Patient): Promise<number> {
  await mirror.refresh();
  const [profile] = mirror.callersNamed('SPECTCT1');
  if (profile === undefined) throw new Error('the department has a scanner');
  const view = await window.current(toPeer(profile));
  if (view === null) throw new Error('the scanner is one of ours');
  const identifier = dataSet({
    AccessionNumber: accessionNumber,
    PatientID: localNumber,
    PatientName: `${familyName}^*`,
  });
  return view.index
    .select(compileIdentifier(identifier), toNarrowing(identifier), null)
    .flatMap(({ items, test }) => items.filter((item) => test === null || test(item)))
    .filter((item) => view.isShown(item)).length;
}

async function merge(keep = kept, away = merged) {
  const result = await room.merges.mergePatients(RECEPTION, {
    ...{ keepId: keep.id, keepVersion: keep.version, mergeId: away.id, mergeVersion: away.version },
    reason: 'Same person, seen on the passport',
  });
  return result;
}

async function mustMerge(): Promise<string> {
  const result = await merge();
  if (isRefusal(result)) throw new Error(result.message);
  return result.id;
}

const undo = (mergeId: string) =>
  room.undoing.undoPatientMerge(RECEPTION, { mergeId, reason: 'They are cousins' });

const bookingOf = (id: string) =>
  database.client.scanBooking.findUniqueOrThrow({ where: { id }, include: { visit: true } });

describe('the scanner’s next answer', () => {
  it('names the record that was kept, and the other again when the merge is undone', async () => {
    const { booking } = await aScanOf(merged.id, '2026-03-10');
    const answers = async () => [
      await answersTo(booking.accessionNumber, merged),
      await answersTo(booking.accessionNumber, kept),
    ];
    expect(await answers()).toEqual([1, 0]);
    const mergeId = await mustMerge();
    expect(await answers()).toEqual([0, 1]);
    expect(isRefusal(await undo(mergeId))).toBe(false);
    expect(await answers()).toEqual([1, 0]);
  });

  it('has a name that was put right', async () => {
    const { booking } = await aScanOf(kept.id, '2026-03-11');
    expect(await answersTo(booking.accessionNumber, kept)).toBe(1);
    const corrected = await room.corrections.correctPatient(RECEPTION, {
      ...{ patientId: kept.id, version: kept.version, reason: 'Misspelt', familyName: 'Okonkwo-Bright' },
    });
    if (isRefusal(corrected)) throw new Error(corrected.message);
    expect(await answersTo(booking.accessionNumber, kept)).toBe(0);
    expect(await answersTo(booking.accessionNumber, corrected)).toBe(1);
  });
});

describe('a merge of somebody with a scan', () => {
  it('brings along visit, booking, request and the patient’s time, and gives all of them back', async () => {
    const { booking, referralId } = await aScanOf(merged.id, '2026-03-12');
    const owners = async () => {
      const { patientId, visit } = await bookingOf(booking.id);
      const presences = await database.client.patientPresence.findMany({ where: { holderId: booking.id } });
      const referral = await database.client.referral.findUniqueOrThrow({ where: { id: referralId } });
      const request = await database.client.visitRequest.findFirst({ where: { id: visit.requestId ?? '' } });
      return [
        ...[patientId, visit.patientId, referral.patientId, request?.patientId],
        ...presences.map((presence) => presence.patientId),
      ];
    };
    expect(new Set(await owners())).toEqual(new Set([merged.id]));
    const mergeId = await mustMerge();
    expect(new Set(await owners())).toEqual(new Set([kept.id]));
    expect((await bookingOf(booking.id)).version).toBe(0);
    await undo(mergeId);
    expect(new Set(await owners())).toEqual(new Set([merged.id]));
  });

  it('makes every open board look again, when it is committed', async () => {
    await aScanOf(merged.id, '2026-03-13');
    const listener = new pg.Client({ connectionString: home.url });
    await listener.connect();
    try {
      const heard: unknown[] = [];
      listener.on('notification', ({ payload }) => heard.push(readToldDays(payload ?? '')));
      await listener.query('LISTEN facet_day');
      await mustMerge();
      await listener.query('SELECT 1');
      expect(heard).toEqual([{ firstOn: '2026-03-02', lastOn: null, siteCode: null }]);
    } finally {
      await listener.end();
    }
  });

  it('gives back what was booked since for a referral that goes back, and leaves what hangs on nothing of theirs', async () => {
    const referralId = await anAcceptedReferralOf(merged.id);
    await makeConsent(database, clock, merged.id);
    const mergeId = await mustMerge();
    clock.advance({ hours: 1 });
    const theirs = aVisit(department, referralId, '2026-03-16T09:00:00Z', '2026-03-16T12:15:00Z');
    const booked = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, theirs));
    const { booking: own } = await aScanOf(kept.id, '2026-03-17');
    const result = await undo(mergeId);
    expect(isRefusal(result)).toBe(false);
    expect([(await bookingOf(booked.id)).patientId, (await bookingOf(own.id)).patientId]).toEqual([
      merged.id,
      kept.id,
    ]);
    expect(result).toMatchObject({
      stayed: expect.arrayContaining([
        { room: 'imaging', kind: 'scan bookings', count: 1 },
        { room: 'visits', kind: 'visits', count: 1 },
      ]),
    });
  });

  it('is refused while both are expected at the same time, and while both are on the scanner', async () => {
    const { booking: one } = await aScanOf(kept.id, '2026-03-18');
    await database.client.scanBooking.updateMany({
      where: { id: one.id },
      data: { status: 'IN_PROGRESS', startedAt: dateFromInstant(clock.now()) },
    });
    const { booking: other } = await aScanOf(merged.id, '2026-03-19');
    await database.client.scanBooking.updateMany({
      where: { id: other.id },
      data: { status: 'IN_PROGRESS', startedAt: dateFromInstant(clock.now()) },
    });
    const refusal = await merge();
    expect(refusal).toBeInstanceOf(MergeForbidden);
    expect(refusal).toMatchObject({ conflicts: [expect.stringContaining('Both are on the scanner now')] });
    expect((await bookingOf(other.id)).patientId).toBe(merged.id);
  });

  it('does not let a patient be booked twice at once in the name of the stub', async () => {
    const { booking } = await aScanOf(merged.id, '2026-03-20');
    await mustMerge();
    const referralId = await anAcceptedReferralOf(kept.id);
    const same = aVisit(department, referralId, '2026-03-20T09:00:00Z', '2026-03-20T12:15:00Z');
    const second = await imaging.bookings.bookScan(RECEPTION, same);
    expect(isRefusal(second)).toBe(true);
    expect((await bookingOf(booking.id)).patientId).toBe(kept.id);
  });

  it('does not wait in a circle with those who move its scans', async () => {
    const { booking, referralId } = await aScanOf(merged.id, '2026-03-23');
    const to = aVisit(department, referralId, '2026-03-24T09:00:00Z', '2026-03-24T12:15:00Z');
    const moving = imaging.bookings.moveScan(RECEPTION, { ...to, scanBookingId: booking.id, version: 0 });
    const [moved, mergedNow] = await Promise.all([moving, merge()]);
    expect([isRefusal(moved), isRefusal(mergedNow)]).toEqual([false, false]);
    expect(await bookingOf(booking.id)).toMatchObject({
      patientId: kept.id,
      version: 1,
      scanStartsAt: dateFromInstant(Temporal.Instant.from('2026-03-24T12:15:00Z')),
    });
  });
});
