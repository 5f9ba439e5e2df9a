import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeBankHoliday, schedulingOn } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PROCEDURE,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Changes of the calendar that would leave a visit with hours or people that do not serve it.

const desk = aBooker();
let db: TestDatabase;
let database: Database;
let room: VisitsRoom;
let clinic: VisitClinic;
let clock: FixedClock;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  await database.client.bankHoliday.deleteMany();
  clock = new FixedClock('2026-03-02T09:00:00Z');
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
});

async function bookPhysio(): Promise<void> {
  const input = aPhysio(clinic, await makePatientId(room), '2026-03-04T09:00:00Z');
  mustBeVisit(await room.visits.bookVisit(desk, input));
}

describe('hours that are to serve other visits only', () => {
  const serve = (serves: string[]) =>
    room.calendar.setOpeningHours(desk.actor, {
      resourceId: clinic.physioIds[0],
      validFrom: '2026-03-03',
      sessions: [1, 2, 3, 4, 5].map((isoWeekday) => ({
        isoWeekday,
        opensAt: '08:00',
        closesAt: '18:00',
        serves,
      })),
    });

  it('are refused over a visit that they would not serve, and taken where they would', async () => {
    await bookPhysio();
    expect(await serve([PROCEDURE])).toMatchObject({ code: 'ClosureHitsBookings', bookedCount: 1 });
    expect(codeOf(await serve([PROCEDURE, 'PHYSIO_TEST']))).toBe('visit');
    expect(codeOf(await serve([]))).toBe('visit');
  });
});

describe('a skill that is to go', () => {
  const able = (skills: string[]) =>
    room.resources.setResourceSkills(desk.actor, { resourceId: clinic.operatorId, skills });

  async function bookProcedure() {
    const at = (time: string) => Temporal.Instant.from(`2026-03-04T${time}:00Z`);
    const place = { role: 'place', resourceId: clinic.placeIds[0] };
    const steps = [
      { startsAt: at('09:00'), resources: [place] },
      {
        startsAt: at('09:15'),
        resources: [
          { role: 'operator', resourceId: clinic.operatorId },
          { role: 'room', resourceId: clinic.theatreId },
        ],
      },
      { startsAt: at('10:30'), resources: [place] },
    ];
    const input = { patientId: await makePatientId(room), visitTypeCode: PROCEDURE, steps };
    return mustBeVisit(await room.visits.bookVisit(desk, input));
  }

  it('stays while it is booked, and may go before and after', async () => {
    expect(codeOf(await able(['ULTRASOUND', 'TEACHING']))).toBe('visit');
    await bookProcedure();
    expect(await able(['TEACHING'])).toMatchObject({
      code: 'SkillStillNeeded',
      bookedCount: 1,
      message: expect.stringContaining('4 March 2026'),
    });
    expect(codeOf(await able(['ULTRASOUND']))).toBe('visit');
    clock.set('2026-03-05T09:00:00Z');
    expect(codeOf(await able([]))).toBe('visit');
  });
});

describe('a new bank holiday', () => {
  it('comes in whatever is booked on it, which stays', async () => {
    const { holidays } = schedulingOn(database, clock);
    const refresh = () => database.transaction((tx) => holidays.refreshBankHolidays(tx, 2026, 2026));
    await makeBankHoliday(database, '2026-12-25');
    const input = aPhysio(clinic, await makePatientId(room), '2026-04-03T09:00:00Z');
    mustBeVisit(await room.visits.bookVisit(desk, input));
    expect(await refresh()).toBeGreaterThan(0);
    expect(await database.client.visit.count({ where: { status: 'BOOKED' } })).toBe(1);
    expect(await refresh()).toBe(0);
  });
});
