import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { localDate, Temporal } from '../../src/platform/time/index.js';
import {
  aClosure,
  asProposed,
  type ClosuresRoom,
  closuresOn,
  mustBeClosure,
  mustBePreview,
} from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import {
  aBooker,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  PHYSIO,
  PROCEDURE,
  type VisitClinic,
} from '../support/visits.factory.js';

// Whatever is closed in a full diary: the plan can be carried out as it was proposed, and taken back to the minute.

const NOW = '2026-03-02T09:00:00Z';
const LONDON = 'Europe/London';
const VISITS = 24;

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: ClosuresRoom;
let clinic: VisitClinic;
const desk = aBooker();
const manager = aBooker({ roles: ['MANAGER'] });

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
  await database.client.$executeRawUnsafe('TRUNCATE closures, outbox_messages CASCADE');
  clock = new FixedClock(NOW);
  room = closuresOn(database, clock);
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.create({
    data: { code: 'STAFF_ABSENT', name: 'Absent', allowedRoles: ['MANAGER'], needsComment: false },
  });
});

/** Numbers below `until`, the same for the same seed (Lehmer's generator). */
function dice(seed: number): (until: number) => number {
  let state = seed;
  return (until) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % until;
  };
}

/** Visits of both kinds where the diary has room for them, some for patients who have one already. */
async function fill(roll: (until: number) => number): Promise<void> {
  const patients: string[] = [];
  for (let count = 0; count < VISITS; count += 1) {
    const known = patients[roll(patients.length + 2)];
    const patientId = known ?? (await makePatientId(room));
    patients.push(patientId);
    const visitTypeCode = roll(3) === 0 ? PROCEDURE : PHYSIO;
    const wish = aWish(patientId, visitTypeCode, {
      keepsStaff: roll(2) === 0,
      travelMinutes: roll(2) * 15,
      times: roll(3) === 0 ? [{ fromTime: '10:00', isExcluded: false }] : [],
    });
    const request = await room.requests.requestVisit(desk.actor, wish);
    if (isRefusal(request)) continue;
    const { id: requestId } = mustBeRequest(request);
    const onOrAfter = `2026-03-${String(3 + roll(9)).padStart(2, '0')}`;
    const found = await room.offers.visitOffers(desk.actor, {
      visitTypeCode,
      requestId,
      onOrAfter,
      limit: 8,
    });
    const offers = isRefusal(found) ? [] : found.offers;
    const offer = offers[roll(Math.max(1, offers.length))];
    if (offer === undefined) continue;
    const steps = offer.steps.map(({ startsAt, resources }) => ({
      startsAt,
      resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
    }));
    await room.visits.bookVisit(desk, { patientId, visitTypeCode, requestId, steps });
  }
}

/** Everything that stands: visits, their steps, and what they and their patients hold. */
async function standing() {
  const { client } = database;
  return {
    visits: await client.visit.findMany({
      select: { id: true, status: true, startsAt: true, endsAt: true, movesCount: true, siteCode: true },
      orderBy: { id: 'asc' },
    }),
    steps: await client.visitStep.findMany({
      select: {
        visitId: true,
        position: true,
        startsAt: true,
        endsAt: true,
        patientPresent: true,
        resources: { select: { role: true, resourceId: true }, orderBy: { role: 'asc' } },
      },
      orderBy: [{ visitId: 'asc' }, { position: 'asc' }],
    }),
    claims: await client.spanClaim.findMany({
      where: { releasedAt: null },
      select: { holderId: true, resourceId: true, startsAt: true, endsAt: true, expiresAt: true },
      orderBy: [{ resourceId: 'asc' }, { startsAt: 'asc' }],
    }),
    presences: await client.patientPresence.findMany({
      where: { releasedAt: null },
      select: { holderId: true, patientId: true, startsAt: true, endsAt: true },
      orderBy: [{ patientId: 'asc' }, { startsAt: 'asc' }],
    }),
    requests: await client.visitRequest.findMany({
      select: { id: true, status: true },
      orderBy: { id: 'asc' },
    }),
    exceptions: await client.openingException.findMany(),
  };
}

describe('a closure in a full diary', () => {
  it.each([11, 42, 2_026, 77_777])('is carried out as proposed, and taken back: %i', async (seed) => {
    const roll = dice(seed);
    await fill(roll);
    const before = await standing();
    expect(before.visits.length).toBeGreaterThan(VISITS / 2);
    clock.advance({ minutes: 7 });
    const all = [
      ...clinic.physioIds,
      ...clinic.roomIds,
      ...clinic.placeIds,
      clinic.operatorId,
      clinic.theatreId,
    ];
    const closed = all.filter(() => roll(3) === 0);
    const startsAt = Temporal.Instant.from('2026-03-03T00:00:00Z').add({ hours: roll(96) });
    const endsAt = startsAt.add({ hours: 12 + roll(60) });
    const input = aClosure(closed, startsAt.toString(), endsAt.toString());
    const found = mustBePreview(await room.previews.closurePreview(manager.actor, input));
    expect(found.proposals.length).toBeGreaterThan(0);
    for (const { keepsPromise, offer, targetOn } of found.proposals) {
      if (!keepsPromise || offer === null || targetOn === null) continue;
      expect(localDate(offer.startsAt, LONDON).toString() <= targetOn).toBe(true);
    }
    const closure = mustBeClosure(await room.closures.applyClosure(manager, asProposed(input, found)));
    const after = await standing();
    for (const { visit, offer } of found.proposals) {
      const own = after.steps.filter(({ visitId }) => visitId === visit.id);
      const proposed = offer === null ? visit.steps : offer.steps;
      expect(own.map((step) => step.startsAt.getTime())).toEqual(
        proposed.map((step) => step.startsAt.epochMilliseconds),
      );
    }
    const closedIds = new Set(closed.length === 0 ? all : closed);
    const inClosedTime = after.claims.filter(
      (claim) =>
        closedIds.has(claim.resourceId) &&
        claim.startsAt.getTime() < endsAt.epochMilliseconds &&
        startsAt.epochMilliseconds < claim.endsAt.getTime(),
    );
    expect(inClosedTime).toEqual([]);
    mustBeClosure(await room.closures.undoClosure(manager, { closureId: closure.id, version: 0 }));
    expect(await standing()).toEqual(before);
  });
});
