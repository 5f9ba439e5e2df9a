import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { imagingOn, makeReferredPatient, mustBeBooked } from '../support/imaging.factory.js';
import {
  aVisit,
  emptyImaging,
  makeDepartment,
  makeReference,
} from '../support/imaging-department.factory.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  physioAt,
  tracesOf,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const ELEVEN = '2026-03-04T11:00:00Z';

let db: TestDatabase;
let database: Database;
let other: Database;
let clock: FixedClock;
let room: VisitsRoom;
let secondRoom: VisitsRoom;
let clinic: VisitClinic;
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  other = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await other.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyImaging(database);
  await emptyVisits(database);
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  secondRoom = visitsOn(other, clock);
  clinic = await makeVisitClinic(database);
});

async function patients(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => makePatientId(room)));
}

function tally(results: readonly object[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of results.map(codeOf)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

const roomOf = (index: number) => (index % 2 === 0 ? room : secondRoom);

describe('at the same moment', () => {
  it.each([8, 50])('%i book one time through two pools: one has it', async (count) => {
    const people = await patients(count);
    const before = await tracesOf(database);
    const results = await Promise.all(
      people.map((id, i) => roomOf(i).visits.bookVisit(desk, aPhysio(clinic, id, NINE))),
    );
    expect(tally(results)).toEqual({ visit: 1, SlotAlreadyTaken: count - 1 });
    const left = await tracesOf(database);
    const rows = [left.visits, left.steps, left.presences, left.revisions].map((list) => list.length);
    expect([...rows, left.claims.length, left.audit - before.audit]).toEqual([1, 1, 1, 1, 2, 1]);
  });

  it('fifty hold and book one time: one has it', async () => {
    const people = await patients(50);
    const results = await Promise.all(
      people.map((id, i) => {
        const wish = aPhysio(clinic, id, NINE);
        return i % 2 === 0 ? room.holds.holdVisit(desk, wish) : secondRoom.visits.bookVisit(desk, wish);
      }),
    );
    expect(tally(results)).toEqual({ visit: 1, SlotAlreadyTaken: 49 });
  });

  it('one patient is booked into several places: one has them', async () => {
    const [patientId = ''] = await patients(1);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        roomOf(i).visits.bookVisit(desk, aPhysio(clinic, patientId, NINE, { pair: i % 2 === 0 ? 0 : 1 })),
      ),
    );
    const counts = tally(results);
    expect(counts.visit).toBe(1);
    expect(
      Object.keys(counts).filter((code) => !['visit', 'SlotAlreadyTaken', 'PatientElsewhere'].includes(code)),
    ).toEqual([]);
  });

  it('one request is booked at several times: one visit', async () => {
    const [patientId = ''] = await patients(1);
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const wish = aPhysio(clinic, patientId, `2026-03-0${4 + (i % 3)}T1${i}:00:00Z`, {
          requestId: request.id,
        });
        return i % 2 === 0 ? room.visits.bookVisit(desk, wish) : secondRoom.holds.holdVisit(desk, wish);
      }),
    );
    expect(tally(results)).toEqual({ visit: 1, RequestAlreadyBooked: 7 });
  });

  it('a hold is confirmed ten times: once', async () => {
    const [patientId = ''] = await patients(1);
    const held = mustBeVisit(await room.holds.holdVisit(desk, aPhysio(clinic, patientId, NINE)));
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        roomOf(i).holds.confirmVisit(desk, { visitId: held.id, version: 0 }),
      ),
    );
    expect(tally(results)).toEqual({ visit: 1, NotInThisState: 9 });
  });

  it('a hold is confirmed on one clock and over on another: one of both has the time', async () => {
    const late = new FixedClock('2026-03-02T09:15:00Z');
    const afterwards = visitsOn(other, late);
    for (let round = 0; round < 10; round += 1) {
      const [first = '', second = ''] = await patients(2);
      const startsAt = `2026-03-${String(9 + round).padStart(2, '0')}T09:00:00Z`;
      const weekday = new Date(startsAt).getUTCDay();
      if (weekday === 0 || weekday === 6) continue;
      const held = mustBeVisit(await room.holds.holdVisit(desk, aPhysio(clinic, first, startsAt)));
      const results = await Promise.all([
        room.holds.confirmVisit(desk, { visitId: held.id, version: 0 }),
        afterwards.visits.bookVisit(desk, aPhysio(clinic, second, startsAt)),
      ]);
      expect([
        ['visit', 'SlotAlreadyTaken'],
        ['HoldExpired', 'visit'],
      ]).toContainEqual(results.map(codeOf));
    }
  });

  it('two moves cross: nobody ends up in two places, and nobody in none', async () => {
    const [first = '', second = ''] = await patients(2);
    const one = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, first, NINE)));
    const two = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, second, ELEVEN)));
    const results = await Promise.all([
      room.visits.moveVisit(desk, { visitId: one.id, version: 0, steps: physioAt(clinic, ELEVEN) }),
      secondRoom.visits.moveVisit(desk, { visitId: two.id, version: 0, steps: physioAt(clinic, NINE) }),
    ]);
    expect(results.every((result) => !isRefusal(result) || result.code === 'SlotAlreadyTaken')).toBe(true);
    const live = (await tracesOf(database)).claims.filter(({ releasedAt }) => releasedAt === null);
    expect(
      new Set(live.map(({ resourceId, startsAt }) => `${resourceId} ${startsAt.toISOString()}`)).size,
    ).toBe(4);
  });

  it('two swaps of the same visits: one', async () => {
    const [first = '', second = ''] = await patients(2);
    const one = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, first, NINE)));
    const two = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, second, ELEVEN)));
    const results = await Promise.all([
      room.visits.swapVisits(desk, {
        firstVisitId: one.id,
        firstVersion: 0,
        secondVisitId: two.id,
        secondVersion: 0,
      }),
      secondRoom.visits.swapVisits(desk, {
        firstVisitId: two.id,
        firstVersion: 0,
        secondVisitId: one.id,
        secondVersion: 0,
      }),
    ]);
    expect(tally(results)).toEqual({ visit: 1, VisitChangedMeanwhile: 1 });
  });

  it('one visit is moved twenty times: once', async () => {
    const [first = ''] = await patients(1);
    const { id: visitId } = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, first, NINE)));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        roomOf(i).visits.moveVisit(desk, {
          visitId,
          version: 0,
          steps: physioAt(clinic, `2026-03-0${5 + (i % 2)}T1${i % 7}:00:00Z`),
        }),
      ),
    );
    expect(tally(results)).toEqual({ visit: 1, VisitChangedMeanwhile: 19 });
  });
});

describe('a transaction that is broken off', () => {
  it('leaves nothing', async () => {
    const [patientId = ''] = await patients(1);
    const before = await tracesOf(database);
    await expect(
      database.transaction(async (tx) => {
        mustBeVisit(await room.booking.bookIn(tx, desk, aPhysio(clinic, patientId, NINE), 'BOOKED'));
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await tracesOf(database)).toEqual(before);
    expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)))).toBe('visit');
  });
});

describe('a patient with a scan', () => {
  it('has no other visit at that time, and the other way round', async () => {
    const imaging = imagingOn(database, clock, db.url);
    await makeReference(database);
    const department = await makeDepartment(database);
    const { patientId, referralId } = await makeReferredPatient(imaging);
    const scan = aVisit(department, referralId, '2026-03-10T09:00:00Z', '2026-03-10T12:15:00Z');
    const booked = mustBeBooked(await imaging.bookings.bookScan(desk.actor, scan));
    const during = aPhysio(clinic, patientId, '2026-03-10T10:00:00Z');
    expect(codeOf(await room.visits.bookVisit(desk, during))).toBe('PatientElsewhere');
    await imaging.bookings.cancelScan(desk.actor, { scanBookingId: booked.id, reason: 'PATIENT_ILL' });
    expect(codeOf(await room.visits.bookVisit(desk, during))).toBe('visit');
    expect(codeOf(await imaging.bookings.bookScan(desk.actor, scan))).toBe('PatientAlreadyBooked');
  });
});
