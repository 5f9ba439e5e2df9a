import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uidFromUuid } from '../../src/dicom/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
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
  RADIOGRAPHER,
  stepCalled,
} from '../support/performed-steps.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const VISIT = ['2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z'] as const;
const NEXT_DAY = ['2026-03-11T09:00:00Z', '2026-03-11T12:15:00Z'] as const;
const AT_ONCE = 20;
const RACES_TIMEOUT_MS = 60_000;

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

async function book() {
  const person = await makeReferredPatient(imaging);
  const visit = aVisit(department, person.referralId, ...VISIT);
  const booking = mustBeBooked(await imaging.bookings.bookScan(RECEPTION, visit));
  return { ...person, booking, scanBookingId: booking.id };
}

const read = (id: string) => imaging.records.read(database.client, id);
const times = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));
const outcomeOf = (result: object): string => ('code' in result ? String(result.code) : 'done');

/** How a visit stands whose scan stands so; of a patient who has not been said to have arrived. */
const VISITS_OF: Readonly<Record<string, string>> = { UNCONFIRMED: 'IN_PROGRESS' };

/** Booking, visit, links, worklist and claims say the same. */
async function mustAgree(bookingId: string): Promise<void> {
  expect(await imaging.worklist.reconcile()).toEqual([]);
  const before = await read(bookingId);
  const settled = await database.transaction((tx) => clinic.progress.settle(tx, RADIOGRAPHER, bookingId));
  if (isRefusal(settled)) throw new Error(settled.message);
  const { after } = settled;
  expect(after).toEqual(before);
  const { visit, ...row } = await database.client.scanBooking.findUniqueOrThrow({
    where: { id: bookingId },
    include: { visit: true },
  });
  expect(visit.status).toBe(VISITS_OF[row.status] ?? row.status);
  expect([visit.startedAt, visit.finishedAt]).toEqual([row.startedAt, row.endedAt]);
  const isFree = ['CANCELLED', 'DISCONTINUED', 'NO_SHOW'].includes(visit.status);
  const live = { holderId: bookingId, releasedAt: null };
  expect((await database.client.patientPresence.count({ where: live })) === 0).toBe(isFree);
}

describe('at once', () => {
  it(
    'fifty beginnings of one step: one is created, 49 are duplicates, and nothing else is written',
    async () => {
      const { booking, scanBookingId } = await book();
      const uid = uidFromUuid(randomUUID());
      const told = aBeginning({ booking });
      const outcomes = await times(50, () => scanner.create(uid, told));
      expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'duplicate')).toHaveLength(49);
      const step = await stepCalled(imaging, uid);
      expect([step.messages.length, step.links.length]).toEqual([1, 1]);
      const audited = await database.client.auditEntry.count({
        where: { subjectId: { in: [step.id, scanBookingId] }, subjectType: { not: 'visit' } },
      });
      expect(audited).toBe(3);
      await mustAgree(scanBookingId);
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'ends of one step that say different things: one is taken, the others come too late',
    async () => {
      const { booking, scanBookingId } = await book();
      const uid = await scanner.begin({ booking });
      const outcomes = await times(AT_ONCE, (i) =>
        scanner.set(uid, anEnd(i % 2 === 0 ? 'COMPLETED' : 'DISCONTINUED')),
      );
      expect(outcomes.filter(({ kind }) => kind === 'changed')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'already-final')).toHaveLength(AT_ONCE - 1);
      const step = await stepCalled(imaging, uid);
      expect((await read(scanBookingId)).status).toBe(step.status);
      expect(step.messages).toHaveLength(2);
      await mustAgree(scanBookingId);
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'ends of several steps of one booking: whichever comes last, it is completed',
    async () => {
      await database.client.scanner.updateMany({ data: { modalities: ['NM', 'CT'] } });
      const { booking, scanBookingId } = await book();
      const uids = await times(10, (i) =>
        scanner.begin({ booking, stepIds: [`${booking.accessionNumber}.${(i % 2) + 1}`] }),
      );
      await Promise.all(uids.map((uid, i) => scanner.end(uid, i < 4 ? 'DISCONTINUED' : 'COMPLETED')));
      expect((await read(scanBookingId)).status).toBe('COMPLETED');
      await mustAgree(scanBookingId);
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'a beginning, a cancellation and a move: all agree afterwards',
    async () => {
      const seen = new Set<string>();
      for (let round = 0; round < AT_ONCE; round += 1) {
        const { booking, scanBookingId, referralId } = await book();
        const { referralId: _, protocolCode: __, ...visit } = aVisit(department, referralId, ...NEXT_DAY);
        const uid = uidFromUuid(randomUUID());
        const work = [
          () => scanner.create(uid, aBeginning({ booking })),
          () => imaging.bookings.cancelScan(RECEPTION, { scanBookingId, reason: 'PATIENT_ILL' }),
          () => imaging.bookings.moveScan(RECEPTION, { ...visit, scanBookingId, version: 0 }),
        ];
        // Whoever is asked first is often first: each has its turn.
        await Promise.all(work.map((_, i) => work[(i + round) % work.length]?.()));
        const { status } = await read(scanBookingId);
        const step = await stepCalled(imaging, uid);
        seen.add(status);
        if (status === 'CANCELLED')
          expect(step).toMatchObject({ unmatchedReason: 'BOOKING_CANCELLED', links: [] });
        else expect([status, step.links.length]).toEqual(['IN_PROGRESS', 1]);
        await mustAgree(scanBookingId);
        await emptyTables(database, 'worklist_entries, scan_bookings, span_claims');
      }
      expect([...seen].every((status) => status === 'CANCELLED' || status === 'IN_PROGRESS')).toBe(true);
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'an end, closings by hand and a lapse: the closing stands, and the scanner’s word is kept',
    async () => {
      clock.set(NOW);
      for (let round = 0; round < 8; round += 1) {
        const { booking, scanBookingId } = await book();
        const uid = await scanner.begin({ booking });
        const input = { scanBookingId, reason: 'for a test' };
        clock.set('2026-03-12T09:00:00Z');
        const [ended, ...closings] = await Promise.all([
          scanner.set(uid, anEnd('DISCONTINUED')),
          ...Array.from({ length: 4 }, () => clinic.closing.completeScan(RADIOGRAPHER, input)),
          clinic.steps.lapse().then(() => ({})),
          clinic.steps.lapse().then(() => ({})),
        ]);
        expect(ended).toEqual({ kind: 'changed' });
        const after = await read(scanBookingId);
        const done = closings
          .slice(0, 4)
          .map(outcomeOf)
          .filter((outcome) => outcome === 'done');
        // Either a person was first, then the scanner's word changes nothing; or the scanner had ended it before.
        expect([after.status, done.length]).toEqual(after.closedAs ? ['COMPLETED', 1] : ['DISCONTINUED', 0]);
        expect((await stepCalled(imaging, uid)).status).toBe('DISCONTINUED');
        await mustAgree(scanBookingId);
        clock.set(NOW);
        await emptyTables(database, 'worklist_entries, scan_bookings, span_claims');
      }
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'a lapse in several processes: each step is taken once',
    async () => {
      const { scanBookingId, booking } = await book();
      await scanner.begin({ booking });
      await times(5, () => scanner.begin({}));
      clock.set('2026-03-12T09:00:00Z');
      const lapsed = (await times(4, () => clinic.steps.lapse())).flat();
      expect(new Set(lapsed).size).toBe(6);
      expect(lapsed).toHaveLength(6);
      const audited = await database.client.auditEntry.count({
        where: { action: 'performed-step.lapsed', subjectId: { in: lapsed } },
      });
      expect(audited).toBe(6);
      expect((await read(scanBookingId)).status).toBe('UNCONFIRMED');
      await mustAgree(scanBookingId);
    },
    RACES_TIMEOUT_MS,
  );

  it(
    'attaching one step to two bookings: one has it',
    async () => {
      const first = await book();
      const second = mustBeBooked(
        await imaging.bookings.bookScan(
          RECEPTION,
          aVisit(department, (await makeReferredPatient(imaging)).referralId, ...NEXT_DAY),
        ),
      );
      const { id: performedStepId } = await stepCalled(imaging, await scanner.begin({}));
      const bookingIds = [first.scanBookingId, second.id];
      const results = await times(10, (i) =>
        clinic.attachments.attachPerformedStep(RADIOGRAPHER, {
          performedStepId,
          scanBookingId: bookingIds[i % 2] ?? '',
          reason: 'for a test',
        }),
      );
      expect(results.map(outcomeOf).toSorted()).toEqual([
        ...Array.from({ length: 9 }, () => 'PerformedStepAlreadyAttached'),
        'done',
      ]);
      for (const id of bookingIds) await mustAgree(id);
    },
    RACES_TIMEOUT_MS,
  );
});
