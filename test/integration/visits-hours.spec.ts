import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Hours are wall-clock hours, visits are moments. Hours that change while visits stand on both sides of a clock change
// are judged by the wall clock on each of the days.

let db: TestDatabase;
let database: Database;
let room: VisitsRoom;
let clinic: VisitClinic;
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

/** Nine on the wall on the Friday before and the Monday after. */
const CHANGES = [
  ['29 March', '2026-03-16T09:00:00Z', '2026-03-27T09:00:00Z', '2026-03-30T08:00:00Z', '2026-03-23'],
  ['25 October', '2026-10-12T08:00:00Z', '2026-10-23T08:00:00Z', '2026-10-26T09:00:00Z', '2026-10-19'],
] as const;

describe.each(CHANGES)('visits on both sides of %s', (_, now, before, after, validFrom) => {
  beforeEach(async () => {
    await emptyVisits(database);
    room = visitsOn(database, new FixedClock(now));
    clinic = await makeVisitClinic(database);
    for (const startsAt of [before, after]) {
      mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), startsAt)));
    }
  });

  async function setHours(opensAt: string, closesAt: string) {
    const sessions = [1, 2, 3, 4, 5].map((isoWeekday) => ({ isoWeekday, opensAt, closesAt }));
    const [resourceId] = clinic.physioIds;
    return room.calendar.setOpeningHours(desk.actor, { resourceId, validFrom, sessions });
  }

  it('stand in hours that begin at nine, or end a quarter before ten', async () => {
    expect(isRefusal(await setHours('09:00', '17:00'))).toBe(false);
    expect(isRefusal(await setHours('08:00', '09:45'))).toBe(false);
  });

  it.each([
    ['09:15', '17:00'],
    ['08:00', '09:30'],
  ])('are both in the way of hours from %s to %s, and the hours stay', async (opensAt, closesAt) => {
    const refused = await setHours(opensAt, closesAt);
    expect(refused).toMatchObject({ code: 'ClosureHitsBookings', bookedCount: 2 });
    const early = aPhysio(clinic, await makePatientId(room), `${before.slice(0, 10)}T12:00:00Z`);
    expect(codeOf(await room.visits.bookVisit(desk, early))).toBe('visit');
  });

  it('are bookable at the same hour on the wall in the new hours, and not an hour before', async () => {
    await setHours('09:00', '10:45');
    for (const startsAt of [before, after]) {
      const patientId = await makePatientId(room);
      const hour = 3_600_000;
      const [earlier, later] = [-1, 1].map((hours) =>
        new Date(Date.parse(startsAt) + hours * hour).toISOString(),
      );
      expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, earlier ?? '')))).toBe(
        'OutsideOpeningHours',
      );
      expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, later ?? '')))).toBe(
        'visit',
      );
    }
  });

  it('are not met by hours that change in the moment in which they are booked', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => makePatientId(room)));
    const wanted = [before, after].map((startsAt) =>
      new Date(Date.parse(startsAt) + 3 * 3_600_000).toISOString(),
    );
    const [changed, ...booked] = await Promise.all([
      setHours('08:00', '12:30'),
      ...people.map((id, i) => room.visits.bookVisit(desk, aPhysio(clinic, id, wanted[i % 2] ?? ''))),
    ]);
    const count = booked.filter((result) => codeOf(result) === 'visit').length;
    if (isRefusal(changed)) expect(count).toBe(2);
    else expect(booked.map(codeOf)).toEqual(people.map(() => 'OutsideOpeningHours'));
  });
});
