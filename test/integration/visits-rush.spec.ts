import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
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
  physioAt,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Very many at one moment, and those who change what others want: one winner, typed refusals, and nobody in a circle.

const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const POOLS = 4;
const RUSH_TIMEOUT_MS = 120_000;

let db: TestDatabase;
let databases: readonly Database[];
let database: Database;
let rooms: readonly VisitsRoom[];
let room: VisitsRoom;
let clinic: VisitClinic;
let deadlocksBefore: number;
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  databases = Array.from({ length: POOLS }, () => new Database(db.url));
  const [first] = databases;
  if (first === undefined) throw new Error('no pool');
  database = first;
});

afterAll(async () => {
  for (const one of databases) await one.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyVisits(database);
  const clock = new FixedClock(NOW);
  rooms = databases.map((one) => visitsOn(one, clock));
  room = roomOf(0);
  clinic = await makeVisitClinic(database);
  deadlocksBefore = await deadlocks();
});

function roomOf(index: number): VisitsRoom {
  const found = rooms[index % POOLS];
  if (found === undefined) throw new Error('no room');
  return found;
}

async function patients(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push(await makePatientId(room));
  return ids;
}

async function deadlocks(): Promise<number> {
  const [row] = await database.client.$queryRawUnsafe<readonly { deadlocks: bigint }[]>(
    `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  );
  return Number(row?.deadlocks ?? 0);
}

function tally(results: readonly object[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of results.map(codeOf)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Every live visit has its two resources and its patient's time; no two have one thing at once. */
async function expectNothingHalf(live: number): Promise<void> {
  const { client } = database;
  const standing = await client.visit.findMany({ where: { status: { in: ['HELD', 'BOOKED'] } } });
  const claims = await client.spanClaim.findMany({ where: { releasedAt: null } });
  const presences = await client.patientPresence.findMany({ where: { releasedAt: null } });
  expect([standing.length, claims.length, presences.length]).toEqual([live, live * 2, live]);
  const ids = standing.map(({ id }) => id).toSorted();
  expect(presences.map(({ holderId }) => holderId).toSorted()).toEqual(ids);
  const overlaps = await client.$queryRawUnsafe<readonly object[]>(
    `SELECT a.id FROM span_claims a JOIN span_claims b ON a.id < b.id AND a.resource_id = b.resource_id AND a.span && b.span
      WHERE a.released_at IS NULL AND b.released_at IS NULL`,
  );
  expect(overlaps).toEqual([]);
  for (const visit of standing) {
    const own = claims.filter(({ holderId }) => holderId === visit.id);
    expect(own.map(({ startsAt }) => startsAt.toISOString())).toEqual([
      visit.startsAt.toISOString(),
      visit.startsAt.toISOString(),
    ]);
  }
  const revisions = await client.visitRevision.groupBy({
    by: ['visitId'],
    _max: { version: true },
    _count: true,
  });
  for (const { _count, _max } of revisions) expect(_count).toBe((_max.version ?? 0) + 1);
  expect(await deadlocks()).toBe(deadlocksBefore);
}

it(
  'two hundred book one time through four pools: one has it, 199 hear that it is taken',
  async () => {
    const people = await patients(200);
    const results = await Promise.all(
      people.map((id, i) => roomOf(i).visits.bookVisit(desk, aPhysio(clinic, id, NINE))),
    );
    expect(tally(results)).toEqual({ visit: 1, SlotAlreadyTaken: 199 });
    await expectNothingHalf(1);
    expect(await database.client.visit.count()).toBe(1);
    expect(await database.client.auditEntry.count({ where: { action: 'visit.booked' } })).toBe(1);
  },
  RUSH_TIMEOUT_MS,
);

it(
  'two hundred send one key: one visit, and one answer to all',
  async () => {
    const [patientId = ''] = await patients(1);
    const keyed = aBooker({ key: 'rush' });
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        roomOf(i).visits.bookVisit(keyed, aPhysio(clinic, patientId, NINE)),
      ),
    );
    expect(new Set(results.map((result) => mustBeVisit(result).id)).size).toBe(1);
    await expectNothingHalf(1);
  },
  RUSH_TIMEOUT_MS,
);

it(
  'sixty times that do not touch are booked by sixty at once, every one',
  async () => {
    const people = await patients(60);
    const results = await Promise.all(
      people.map((id, i) => {
        const day = String(4 + Math.floor(i / 30)).padStart(2, '0');
        const hour = String(8 + (Math.floor(i / 2) % 10)).padStart(2, '0');
        const week = i % 30 >= 20 ? 7 : 0;
        const startsAt = `2026-03-${String(Number(day) + week).padStart(2, '0')}T${hour}:00:00Z`;
        return roomOf(i).visits.bookVisit(desk, aPhysio(clinic, id, startsAt, { pair: i % 2 === 0 ? 0 : 1 }));
      }),
    );
    expect(tally(results)).toEqual({ visit: 60 });
    await expectNothingHalf(60);
  },
  RUSH_TIMEOUT_MS,
);

describe('holds against bookings', () => {
  it.each([8, 50, 200])(
    '%i hold, confirm and book one time: one has it',
    async (count) => {
      const people = await patients(count);
      const results = await Promise.all(
        people.map(async (id, i) => {
          const wish = aPhysio(clinic, id, NINE);
          if (i % 2 === 0) return roomOf(i).visits.bookVisit(desk, wish);
          const held = await roomOf(i).holds.holdVisit(desk, wish);
          if (isRefusal(held)) return held;
          return roomOf(i + 1).holds.confirmVisit(desk, { visitId: held.id, version: 0 });
        }),
      );
      expect(tally(results)).toEqual({ visit: 1, SlotAlreadyTaken: count - 1 });
      await expectNothingHalf(1);
    },
    RUSH_TIMEOUT_MS,
  );

  it('a hold is confirmed at its last moment while fifty come after it: one has the time', async () => {
    const after = databases.map((one) => visitsOn(one, new FixedClock('2026-03-02T09:15:00Z')));
    for (const day of ['04', '05', '06', '09']) {
      const [holder = '', ...others] = await patients(51);
      const startsAt = `2026-03-${day}T09:00:00Z`;
      const held = mustBeVisit(await room.holds.holdVisit(desk, aPhysio(clinic, holder, startsAt)));
      const [confirmed, ...booked] = await Promise.all([
        room.holds.confirmVisit(desk, { visitId: held.id, version: 0 }),
        ...others.map((id, i) =>
          (after[i % POOLS] ?? room).visits.bookVisit(desk, aPhysio(clinic, id, startsAt)),
        ),
      ]);
      const counts = tally([confirmed, ...booked]);
      expect(counts.visit).toBe(1);
      expect(['visit', 'HoldExpired']).toContain(codeOf(confirmed));
      expect((counts.SlotAlreadyTaken ?? 0) + (counts.HoldExpired ?? 0)).toBe(50);
    }
    expect(await deadlocks()).toBe(deadlocksBefore);
  });

  it('a hold is confirmed, given back and confirmed again by thirty: it ends once', async () => {
    const [holder = ''] = await patients(1);
    const { id: visitId } = mustBeVisit(await room.holds.holdVisit(desk, aPhysio(clinic, holder, NINE)));
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        i % 2 === 0
          ? roomOf(i).holds.confirmVisit(desk, { visitId, version: 0 })
          : roomOf(i).holds.releaseHold(desk, { visitId, version: 0 }),
      ),
    );
    expect(tally(results).visit).toBe(1);
    const { status } = await database.client.visit.findUniqueOrThrow({ where: { id: visitId } });
    await expectNothingHalf(status === 'BOOKED' ? 1 : 0);
  });
});

describe('moves', () => {
  async function booked(count: number): Promise<Visit[]> {
    const people = await patients(count);
    const visits: Visit[] = [];
    for (const [i, id] of people.entries()) {
      visits.push(mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, id, hourOf(i)))));
    }
    return visits;
  }
  const hourOf = (i: number) => `2026-03-04T${String(8 + i).padStart(2, '0')}:00:00Z`;

  it('of a ring of visits, each into the place of the next: everybody has one place', async () => {
    const visits = await booked(8);
    for (let round = 0; round < 3; round += 1) {
      const now = await Promise.all(
        visits.map(({ id }) => database.transaction((tx) => room.records.read(tx, id))),
      );
      const results = await Promise.all(
        now.map(({ id, version }, i) => {
          const next = now[(i + 1) % now.length]?.startsAt.toString() ?? '';
          const input = { visitId: id, version, steps: physioAt(clinic, next), overrideReason: 'for a test' };
          return roomOf(i).visits.moveVisit(aBooker({ roles: ['MANAGER'] }), input);
        }),
      );
      for (const result of results) expect(['visit', 'SlotAlreadyTaken']).toContain(codeOf(result));
      await expectNothingHalf(8);
    }
  });

  it('that swap the same visits in a ring, from both ends: what is answered is so', async () => {
    const visits = await booked(6);
    const places = () =>
      database.client.visit.findMany({
        orderBy: { id: 'asc' },
        select: { id: true, startsAt: true, version: true },
      });
    const swaps = visits.flatMap(({ id: firstVisitId }, i) => {
      const secondVisitId = visits[(i + 1) % visits.length]?.id ?? '';
      const swap = { firstVisitId, firstVersion: 0, secondVisitId, secondVersion: 0 };
      return [swap, { ...swap, firstVisitId: secondVisitId, secondVisitId: firstVisitId }];
    });
    const results = await Promise.all(swaps.map((swap, i) => roomOf(i).visits.swapVisits(desk, swap)));
    const done = results.filter((result) => !isRefusal(result)).length;
    expect(tally(results)).toEqual({ visit: done, VisitChangedMeanwhile: 12 - done });
    // A visit of version 0 is in one swap at most: of a ring of six, two or three.
    expect([2, 3]).toContain(done);
    const left = await places();
    expect(left.reduce((sum, { version }) => sum + version, 0)).toBe(done * 2);
    expect(new Set(left.map(({ startsAt }) => startsAt.toISOString())).size).toBe(6);
    await expectNothingHalf(6);
  });

  it('and swaps and a booking of the place that is left: each place has one', async () => {
    const [one, two] = await booked(2);
    const [newcomer = ''] = await patients(1);
    const ids = { firstVisitId: one?.id ?? '', secondVisitId: two?.id ?? '' };
    const results = await Promise.all([
      roomOf(0).visits.swapVisits(desk, { ...ids, firstVersion: 0, secondVersion: 0 }),
      roomOf(1).visits.moveVisit(desk, {
        visitId: ids.firstVisitId,
        version: 0,
        steps: physioAt(clinic, hourOf(4)),
      }),
      roomOf(2).visits.bookVisit(desk, aPhysio(clinic, newcomer, hourOf(0))),
    ]);
    for (const result of results) {
      expect(['visit', 'SlotAlreadyTaken', 'VisitChangedMeanwhile']).toContain(codeOf(result));
    }
    await expectNothingHalf(codeOf(results[2]) === 'visit' ? 3 : 2);
  });

  it('and a cancellation, and fifty who want the place: one of them has it, or nobody', async () => {
    await database.client.cancelReason.create({
      data: { code: 'PATIENT', name: 'The patient asked', allowedRoles: ['RECEPTION'], needsComment: false },
    });
    const [one] = await booked(1);
    const people = await patients(50);
    const visitId = one?.id ?? '';
    const [cancelled, moved, ...wanted] = await Promise.all([
      roomOf(0).visits.cancelVisit(desk, { visitId, version: 0, reasonCode: 'PATIENT' }),
      roomOf(1).visits.moveVisit(desk, { visitId, version: 0, steps: physioAt(clinic, hourOf(5)) }),
      ...people.map((id, i) => roomOf(i).visits.bookVisit(desk, aPhysio(clinic, id, hourOf(0)))),
    ]);
    expect([codeOf(cancelled), codeOf(moved)].filter((code) => code === 'visit')).toHaveLength(1);
    const taken = tally(wanted).visit ?? 0;
    expect(taken).toBeLessThanOrEqual(1);
    await expectNothingHalf(taken + (codeOf(moved) === 'visit' ? 1 : 0));
  });
});

it('is kept out by the database itself: the constraints are there', async () => {
  const rows = await database.client.$queryRawUnsafe<
    readonly { name: string; type: string; table: string }[]
  >(
    `SELECT conname AS name, contype::text AS type, conrelid::regclass::text AS table FROM pg_constraint
      WHERE contype = 'x' AND conrelid::regclass::text IN ('span_claims', 'patient_presences') ORDER BY conname`,
  );
  expect(rows).toEqual([
    { name: 'patient_presences_one_place', type: 'x', table: 'patient_presences' },
    { name: 'span_claims_no_overlap', type: 'x', table: 'span_claims' },
  ]);
});
