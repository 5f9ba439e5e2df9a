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
let clinic: VisitClinic;
let patientId: string;
const person = aBooker().actor.id;
const desk = aBooker({ id: person, key: 'key-1' });

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
  await emptyVisits(database);
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
  patientId = await makePatientId(room);
});

describe('a request that is sent again with its key', () => {
  it('gets the same answer, also after the visit has changed, and nothing is done twice', async () => {
    const wish = aPhysio(clinic, patientId, NINE);
    const first = mustBeVisit(await room.visits.bookVisit(desk, wish));
    await room.visits.moveVisit(aBooker(), {
      visitId: first.id,
      version: 0,
      steps: aPhysio(clinic, patientId, ELEVEN).steps,
    });
    const before = await tracesOf(database);
    expect(await room.visits.bookVisit(desk, { ...wish, requestId: null })).toEqual(first);
    expect(await tracesOf(database)).toEqual(before);
  });

  it('is refused when its content is another', async () => {
    mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)));
    const before = await tracesOf(database);
    const again = await room.visits.bookVisit(desk, aPhysio(clinic, patientId, ELEVEN));
    expect(codeOf(again)).toBe('IdempotencyKeyReused');
    expect(await tracesOf(database)).toEqual(before);
  });

  it('is one of its person and of its operation', async () => {
    mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)));
    const held = await room.holds.holdVisit(desk, aPhysio(clinic, patientId, ELEVEN));
    expect(mustBeVisit(held).status).toBe('HELD');
    const colleague = aBooker({ key: 'key-1' });
    const theirs = await room.visits.bookVisit(colleague, aPhysio(clinic, patientId, '2026-03-05T09:00:00Z'));
    expect(codeOf(theirs)).toBe('visit');
  });

  it('hears the same "no", as the same kind of refusal, even when it would be a "yes" by now', async () => {
    const blocking = mustBeVisit(
      await room.holds.holdVisit(aBooker(), aPhysio(clinic, await makePatientId(room), NINE)),
    );
    const wish = aPhysio(clinic, patientId, NINE);
    const first = await room.visits.bookVisit(desk, wish);
    expect(codeOf(first)).toBe('SlotAlreadyTaken');
    await room.holds.releaseHold(aBooker(), { visitId: blocking.id, version: 0 });
    const second = await room.visits.bookVisit(desk, wish);
    expect(second).toEqual(first);
    expect(second.constructor).toBe(first.constructor);
    expect(isRefusal(second)).toBe(true);
    const fresh = aBooker({ id: person, key: 'key-2' });
    expect(codeOf(await room.visits.bookVisit(fresh, wish))).toBe('visit');
  });

  it('keeps no fault: what was a mistake can be put right', async () => {
    const wish = aPhysio(clinic, patientId, NINE);
    const wrong = { ...wish, visitTypeCode: 'NONE' };
    await expect(room.visits.bookVisit(desk, wrong)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(codeOf(await room.visits.bookVisit(desk, wish))).toBe('visit');
  });

  it('is answered once when eight are sent at the same moment through two pools', async () => {
    const rooms = [room, visitsOn(other, clock)];
    const wish = aPhysio(clinic, patientId, NINE);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (rooms[i % 2] ?? room).visits.bookVisit(desk, wish)),
    );
    expect(new Set(results.map((result) => mustBeVisit(result).id)).size).toBe(1);
    const left = await tracesOf(database);
    expect([left.visits.length, left.revisions.length, left.claims.length]).toEqual([1, 1, 2]);
    expect(await database.client.idempotencyKey.count()).toBe(1);
  });

  it('hears one "no" when eight are refused at the same moment', async () => {
    const rooms = [room, visitsOn(other, clock)];
    mustBeVisit(await room.visits.bookVisit(aBooker(), aPhysio(clinic, await makePatientId(room), NINE)));
    const wish = aPhysio(clinic, patientId, NINE);
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (rooms[i % 2] ?? room).visits.bookVisit(desk, wish)),
    );
    expect(results.map(codeOf)).toEqual(Array.from({ length: 8 }, () => 'SlotAlreadyTaken'));
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it('swaps once, and shows both again', async () => {
    const first = mustBeVisit(await room.visits.bookVisit(aBooker(), aPhysio(clinic, patientId, NINE)));
    const otherWish = aPhysio(clinic, await makePatientId(room), ELEVEN);
    const second = mustBeVisit(await room.visits.bookVisit(aBooker(), otherWish));
    const swap = { firstVisitId: first.id, firstVersion: 0, secondVisitId: second.id, secondVersion: 0 };
    const once = await room.visits.swapVisits(desk, swap);
    expect(await room.visits.swapVisits(desk, swap)).toEqual(once);
    expect((await tracesOf(database)).revisions).toHaveLength(4);
  });

  it('is forgotten after a day, and old keys are taken away', async () => {
    mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)));
    mustBeVisit(
      await room.visits.bookVisit(
        aBooker({ key: 'old' }),
        aPhysio(clinic, patientId, '2026-03-05T14:00:00Z'),
      ),
    );
    clock.advance({ hours: 24 });
    const later = await room.visits.bookVisit(desk, aPhysio(clinic, patientId, '2026-03-05T09:00:00Z'));
    expect(codeOf(later)).toBe('visit');
    const keys = await database.client.idempotencyKey.findMany();
    expect(keys.map(({ key }) => key)).toEqual(['key-1']);
  });

  it('must be one that a header can carry', async () => {
    const wish = aPhysio(clinic, patientId, NINE);
    for (const key of ['', 'a b', 'ä', 'x'.repeat(201)]) {
      await expect(room.visits.bookVisit(aBooker({ key }), wish)).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    }
    expect(codeOf(await room.visits.bookVisit(aBooker({ key: 'x'.repeat(200) }), wish))).toBe('visit');
  });
});
