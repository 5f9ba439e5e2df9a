import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { ScanCancelReason } from '../../src/clinic/imaging/scan-cancel-reason.rules.js';
import { ScannerSetupService } from '../../src/clinic/imaging/scanner-setup.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type Imaging,
  imagingOn,
  makeAcceptedReferralOf,
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
import { aBooker, codeOf } from '../support/visits.factory.js';

// Whoever changes scans and whoever sets scanners up wait for each other in one order: nobody waits in a circle.

const NOW = '2026-03-02T09:00:00Z';
const DAYS = ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'] as const;
const ROUNDS = 25;

let db: TestDatabase;
let databases: Database[];
let clock: FixedClock;
let rooms: Imaging[];
let department: Department;

beforeAll(async () => {
  db = await createTestDatabase();
  // A circle is found at once, and not when it has resolved by chance.
  await asAdmin((client) => client.query(`ALTER DATABASE ${db.name} SET deadlock_timeout = '20ms'`));
});

afterAll(async () => {
  await db.drop();
});

beforeEach(async () => {
  databases = [new Database(db.url), new Database(db.url), new Database(db.url)];
  clock = new FixedClock(NOW);
  const [first] = databases;
  if (first === undefined) throw new Error('no database');
  await emptyImaging(first);
  rooms = databases.map((database) => imagingOn(database, clock, db.url));
  await makeReference(first);
  department = await makeDepartment(first);
});

async function asAdmin<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: db.adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Of all connections that are closed by now: each tells what it met when it ends. */
async function deadlocks(): Promise<number> {
  await Promise.all(databases.map((database) => database.close()));
  return asAdmin(async (client) => {
    for (let left = 1; left > 0; ) {
      const { rows } = await client.query<{ left: number }>(
        `SELECT count(*)::int AS left FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
        [db.name],
      );
      left = rows[0]?.left ?? 0;
    }
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = $1',
      [db.name],
    );
    return Number(rows[0]?.deadlocks);
  });
}

const inRoom = (index: number): Imaging => {
  const room = rooms[index % rooms.length];
  if (room === undefined) throw new Error('no room');
  return room;
};

/** Each of four patients has a scan on a day of their own. */
async function bookFour() {
  const booked = [];
  for (const day of DAYS) {
    const person = await makeReferredPatient(inRoom(0));
    const wish = aVisit(department, person.referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`);
    booked.push({ person, day, booking: mustBeBooked(await inRoom(0).bookings.bookScan(RECEPTION, wish)) });
  }
  return booked;
}

type Booked = Awaited<ReturnType<typeof bookFour>>[number];

async function moveAboutOften({ booking, day, person }: Booked, room: Imaging): Promise<void> {
  const id = booking.id;
  const clinician = aBooker({ roles: ['RECEPTION', 'IMAGING', 'CLINICIAN'] });
  for (let round = 0; round < ROUNDS; round += 1) {
    const { version } = await room.records.read(room.database.client, id);
    const [hour, later] = round % 2 === 0 ? ['09:30', '12:45'] : ['09:00', '12:15'];
    const wish = aVisit(department, person.referralId, `${day}T${hour}:00Z`, `${day}T${later}:00Z`);
    const moved = await room.doors.moveScan(clinician, { ...wish, scanBookingId: id, version });
    mustBeBooked(moved);
  }
}

async function cancelAndBookOften({ booking, day, person }: Booked, room: Imaging): Promise<void> {
  let [id, { referralId }] = [booking.id, person];
  for (let round = 0; round < ROUNDS; round += 1) {
    const why = { scanBookingId: id, reason: ScanCancelReason.OTHER, comment: 'for a test' };
    mustBeBooked(await room.bookings.cancelScan(RECEPTION, why));
    referralId = await makeAcceptedReferralOf(room, person.patientId);
    const wish = aVisit(department, referralId, `${day}T09:00:00Z`, `${day}T12:15:00Z`);
    id = mustBeBooked(await room.bookings.bookScan(RECEPTION, wish)).id;
  }
}

/** Each revision writes the entries of every booking on the camera anew. */
async function setUpOften({ database, schedule, worklist }: Imaging): Promise<void> {
  const setup = new ScannerSetupService(
    database,
    clock,
    new AuditService(database, clock),
    schedule,
    worklist,
  );
  for (let round = 0; round < ROUNDS * 3; round += 1) {
    const [scanner] = await setup.scanners();
    if (scanner === undefined) throw new Error('no scanner');
    const modalities = round % 2 === 0 ? ['NM', 'CT'] : ['NM'];
    const revised = await setup.reviseScanner(RECEPTION, {
      id: scanner.id,
      version: scanner.version,
      modalities,
    });
    expect(revised).toMatchObject({ modalities });
  }
}

describe('scans that change while scanners are set up', () => {
  it('never wait in a circle', async () => {
    const booked = await bookFour();
    await asAdmin((client) => client.query('UPDATE visit_types SET moves_max = 1000'));
    await Promise.all([
      ...booked.slice(0, 2).map((one, index) => moveAboutOften(one, inRoom(index))),
      ...booked.slice(2).map((one, index) => cancelAndBookOften(one, inRoom(index))),
      setUpOften(inRoom(2)),
    ]);
    const [{ client }, worklist] = [inRoom(0).database, inRoom(0).worklist];
    expect(await worklist.reconcile()).toEqual([]);
    expect(await client.worklistEntry.count()).toBe(DAYS.length * 2);
    expect(await deadlocks()).toBe(0);
  });

  it('nor when two scans change places', async () => {
    const booked = await bookFour();
    await asAdmin((client) => client.query('UPDATE visit_types SET moves_max = 1000'));
    const swapOften = async (pair: readonly Booked[], room: Imaging): Promise<void> => {
      const clinician = aBooker({ roles: ['RECEPTION', 'IMAGING', 'CLINICIAN'] });
      for (let round = 0; round < ROUNDS; round += 1) {
        const [first, second] = await room.database.client.visit.findMany({
          where: { id: { in: pair.map(({ booking }) => booking.id) } },
        });
        if (first === undefined || second === undefined) throw new Error('no pair');
        // Either may be named first.
        const [one, other] = round % 2 === 0 ? [first, second] : [second, first];
        const swapped = await room.visitsRoom.visits.swapVisits(clinician, {
          firstVisitId: one.id,
          firstVersion: one.version,
          secondVisitId: other.id,
          secondVersion: other.version,
        });
        expect(codeOf(swapped)).toBe('visit');
      }
    };
    await Promise.all([
      swapOften(booked.slice(0, 2), inRoom(0)),
      swapOften(booked.slice(2), inRoom(1)),
      setUpOften(inRoom(2)),
    ]);
    expect(await inRoom(0).worklist.reconcile()).toEqual([]);
    expect(await deadlocks()).toBe(0);
  });
});
