import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FreedPlace } from '../../src/clinic/visits/freed-place.type.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  type FreedPlacesRoom,
  freedPlacesOn,
  mustBeOffer,
  mustBePlace,
} from '../support/freed-places.factory.js';
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
} from '../support/visits.factory.js';

// Patients who have a visit and would come sooner, when a place before it falls free.

// Monday, 2 March 2026. The place that falls free is on Wednesday at nine; the visits are in the week after.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const LATER = '2026-03-11T09:00:00Z';
const desk = aBooker();

let db: TestDatabase;
let database: Database;
let other: Database;
let clock: FixedClock;
let room: FreedPlacesRoom;
let secondRoom: FreedPlacesRoom;
let clinic: VisitClinic;

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
  await database.client.$executeRawUnsafe('TRUNCATE outbox_messages');
  clock = new FixedClock(NOW);
  room = freedPlacesOn(database, clock);
  secondRoom = freedPlacesOn(other, clock);
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.create({
    data: { code: 'PATIENT', name: 'Cannot come', allowedRoles: ['RECEPTION'], needsComment: false },
  });
});

const dayOf = (date: string) => dateFromPlainDate(Temporal.PlainDate.from(date));

interface Wish {
  readonly since?: string;
  readonly breachOn?: string;
}

async function requests({ since = '2026-02-20', breachOn = '2026-04-01' }: Wish = {}) {
  const patientId = await makePatientId(room);
  const { id } = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
  const [clockStartedOn, breachDay] = [dayOf(since), dayOf(breachOn)];
  const data = { clockStartedOn, targetOn: clockStartedOn, breachOn: breachDay };
  await database.client.visitRequest.update({ where: { id }, data });
  return { requestId: id, patientId };
}

/** Somebody who has a visit for their request, and would come sooner unless said otherwise. */
async function hasVisit(startsAt: string, wish: Wish & { noticeHoursMin?: number; wanted?: boolean } = {}) {
  const { noticeHoursMin = 0, wanted = true, ...rest } = wish;
  const { requestId, patientId } = await requests(rest);
  const booked = await room.visits.bookVisit(desk, aPhysio(clinic, patientId, startsAt, { requestId }));
  const visit = mustBeVisit(booked);
  if (wanted) mustBeVisit(await want(visit, true, noticeHoursMin));
  return visit;
}

const want = ({ id: visitId }: Pick<Visit, 'id'>, wanted: boolean, noticeHoursMin = 0) =>
  room.sooner.wantSooner(desk.actor, { visitId, wanted, noticeHoursMin });

async function placeFallsFree(startsAt = NINE): Promise<FreedPlace> {
  const booked = aPhysio(clinic, await makePatientId(room), startsAt);
  const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(desk, booked));
  mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }));
  return placeOf(visitId);
}

async function placeOf(visitId: string): Promise<FreedPlace> {
  const orderBy = { visitVersion: 'desc' } as const;
  const { id } = await database.client.freedPlace.findFirstOrThrow({ where: { visitId }, orderBy });
  return room.freedRecords.freedPlace(desk.actor, id);
}

async function offer(place: FreedPlace, atOnce = 1) {
  const input = { freedPlaceId: place.id, version: place.version, atOnce };
  return room.freedPlaces.offerFreedPlace(desk.actor, input);
}

async function answer(place: FreedPlace, index: number, says: 'ACCEPT' | 'DECLINE', by = room) {
  const { id = '', version = 0 } = place.offers[index] ?? {};
  return by.answers.answer(desk, { offerId: id, version, answer: says });
}

const now = (visit: Pick<Visit, 'id'>) => room.records.visit(desk.actor, visit.id);
const wishes = () => database.client.soonerWish.findMany({ select: { visitId: true } });

async function traces() {
  const { client } = database;
  return {
    ...(await tracesOf(database)),
    places: await client.freedPlace.findMany({ orderBy: { id: 'asc' } }),
    offers: await client.freedPlaceOffer.findMany({ orderBy: { id: 'asc' } }),
    wishes: await client.soonerWish.findMany(),
    messages: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
  };
}

describe('who would come sooner', () => {
  it('is asked after those who have no visit: breach first, then the longest wait', async () => {
    const long = await hasVisit('2026-03-11T09:00:00Z', { since: '2026-01-05' });
    const short = await hasVisit('2026-03-11T10:00:00Z', { since: '2026-01-06' });
    const late = await hasVisit('2026-03-11T11:00:00Z', { since: '2026-02-01', breachOn: '2026-03-03' });
    const waiting = await requests({ since: '2026-02-28' });
    const free = await placeFallsFree();
    const preview = await room.previews.freedPlaceCandidates(desk.actor, free.id);
    expect(preview.map(({ movesVisitId }) => movesVisitId)).toEqual([null, late.id, long.id, short.id]);
    const place = mustBePlace(await offer(free, 2));
    expect(place.offers.map(({ status }) => status)).toEqual(['SENT', 'SENT', 'QUEUED', 'QUEUED']);
    expect(place.offers.map(({ requestId }) => requestId)).toEqual([
      waiting.requestId,
      late.requestId,
      long.requestId,
      short.requestId,
    ]);
    const letter = await room.offerLetters.letterFacts(place.offers[1]?.id ?? '');
    expect(letter?.presentStartsAt?.toString()).toBe('2026-03-11T11:00:00Z');
    const first = await room.offerLetters.letterFacts(place.offers[0]?.id ?? '');
    expect(first).toMatchObject({ presentStartsAt: null });
  });

  it('is nobody who has not said so, comes before it, needs longer notice, or may not be moved', async () => {
    const unsaid = await hasVisit('2026-03-11T09:00:00Z', { wanted: false });
    mustBeVisit(await want(await hasVisit('2026-03-11T10:00:00Z'), false));
    await hasVisit('2026-03-03T10:00:00Z');
    await hasVisit('2026-03-11T11:00:00Z', { noticeHoursMin: 96 });
    const often = await hasVisit('2026-03-11T12:00:00Z');
    await database.client.visit.update({ where: { id: often.id }, data: { movesCount: 99 } });
    const oldWay = await hasVisit('2026-03-11T13:00:00Z');
    await database.client.visitProtocol.create({
      data: {
        ...(await database.client.visitProtocol.findFirstOrThrow({ where: { visitTypeCode: PHYSIO } })),
        id: randomUUID(),
        effectiveFrom: dayOf('2019-01-01'),
      },
    });
    const { id: protocolId } = await database.client.visitProtocol.findFirstOrThrow({
      where: { effectiveFrom: dayOf('2019-01-01') },
    });
    await database.client.visit.update({ where: { id: oldWay.id }, data: { protocolId } });
    expect(codeOf(await offer(await placeFallsFree()))).toBe('NobodyForFreedPlace');
    mustBeVisit(await want(unsaid, true, 48));
    const place = mustBePlace(await offer(await placeFallsFree('2026-03-05T09:00:00Z')));
    expect(place.offers.map(({ movesVisitId }) => movesVisitId)).toEqual([unsaid.id]);
  });

  it('is nobody whose visit is so near that it would be a late change', async () => {
    await database.client.leadTimePolicy.updateMany({ data: { earliestDays: 0 } });
    await hasVisit('2026-03-03T17:00:00Z');
    const free = await placeFallsFree('2026-03-03T15:00:00Z');
    clock.set('2026-03-03T09:00:00Z');
    expect(codeOf(await offer(free))).toBe('NobodyForFreedPlace');
  });

  it('is said of booked visits that were asked for, is recorded, and is said twice as once', async () => {
    const visit = await hasVisit(LATER);
    mustBeVisit(await want(visit, true, 24));
    expect([...(await room.sooner.wishes([visit.id])).values()]).toMatchObject([{ noticeHoursMin: 24 }]);
    expect(mustBeVisit(await want(visit, false))).toEqual(visit);
    mustBeVisit(await want(visit, false));
    expect(await wishes()).toEqual([]);
    const audited = await database.client.auditEntry.findMany({
      where: { action: { startsWith: 'visit.sooner' }, subjectId: visit.id },
      orderBy: { id: 'asc' },
    });
    expect(audited.map(({ action }) => action).toSorted()).toEqual([
      'visit.sooner-not-wanted',
      'visit.sooner-not-wanted',
      'visit.sooner-wanted',
      'visit.sooner-wanted',
    ]);
    const walkIn = mustBeVisit(
      await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), '2026-03-12T09:00:00Z')),
    );
    expect(codeOf(await want(walkIn, true))).toBe('NotOfferedSooner');
    const { id: visitId, version } = visit;
    mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }));
    expect(codeOf(await want(visit, true))).toBe('NotInThisState');
    await expect(want({ id: randomUUID() }, true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('whoever says yes', () => {
  it('comes to the place as one change, and leaves their own to others', async () => {
    const visit = await hasVisit(LATER);
    const waiting = await requests();
    const place = mustBePlace(await offer(await placeFallsFree(), 2));
    const taken = mustBeOffer(await answer(place, 1, 'ACCEPT'));
    expect(taken).toMatchObject({ status: 'ACCEPTED', visitId: visit.id, movesVisitId: visit.id });
    const moved = await now(visit);
    expect(moved).toMatchObject({ status: 'BOOKED', requestId: visit.requestId, movesCount: 1, version: 1 });
    expect(moved.startsAt.toString()).toBe(NINE);
    const claims = await database.client.spanClaim.findMany({
      where: { holderId: visit.id, releasedAt: null },
    });
    expect(claims.every(({ startsAt }) => startsAt.toISOString().startsWith('2026-03-04'))).toBe(true);
    expect(await wishes()).toEqual([]);
    const after = await room.freedRecords.freedPlace(desk.actor, place.id);
    expect([after.status, ...after.offers.map(({ status }) => status)]).toEqual([
      'TAKEN',
      'GONE',
      'ACCEPTED',
    ]);
    const left = await placeOf(visit.id);
    expect(left).toMatchObject({ status: 'OPEN', visitVersion: 1, restOfId: null });
    expect(left.startsAt.toString()).toBe(LATER);
    const next = mustBePlace(await offer(left));
    expect(next.offers.map(({ requestId }) => requestId)).toEqual([waiting.requestId]);
    const topics = await database.client.outboxMessage.findMany({ where: { subjectId: visit.id } });
    expect(topics.map(({ topic }) => topic)).toContain('visit.moved');
  });

  it('may come sooner again, when that is said again', async () => {
    const visit = await hasVisit(LATER);
    for (const startsAt of ['2026-03-06T09:00:00Z', NINE]) {
      mustBeVisit(await want(visit, true));
      const place = mustBePlace(await offer(await placeFallsFree(startsAt)));
      expect(mustBeOffer(await answer(place, 0, 'ACCEPT')).visitId).toBe(visit.id);
    }
    expect((await now(visit)).startsAt.toString()).toBe(NINE);
  });

  it('changes nothing when the move is refused, and is told why', async () => {
    const visit = await hasVisit(LATER);
    const place = mustBePlace(await offer(await placeFallsFree()));
    await database.client.visit.update({ where: { id: visit.id }, data: { movesCount: 99 } });
    const before = await traces();
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('TooManyMoves');
    expect(await traces()).toEqual(before);
    await database.client.visit.update({ where: { id: visit.id }, data: { movesCount: 0 } });
    const { id: visitId, version } = visit;
    const steps = physioAt(clinic, '2026-03-03T09:00:00Z', 1);
    mustBeVisit(await room.visits.moveVisit(desk, { visitId, version, steps }));
    const moved = await traces();
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('NotSooner');
    expect(await traces()).toEqual(moved);
  });

  it('is told when the visit is no longer booked', async () => {
    const { id: visitId, version } = await hasVisit(LATER);
    const place = mustBePlace(await offer(await placeFallsFree()));
    mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }));
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('NotInThisState');
    const letter = await room.offerLetters.letterFacts(place.offers[0]?.id ?? '');
    expect(letter).toMatchObject({ status: 'SENT', presentStartsAt: null });
  });
});

describe('whoever says no', () => {
  it('keeps the visit and the wish, and is asked about another place', async () => {
    const visit = await hasVisit(LATER);
    const place = mustBePlace(await offer(await placeFallsFree()));
    expect(mustBeOffer(await answer(place, 0, 'DECLINE')).status).toBe('DECLINED');
    expect(await now(visit)).toEqual(visit);
    expect(await wishes()).toEqual([{ visitId: visit.id }]);
    expect(codeOf(await offer(await placeFallsFree('2026-03-05T09:00:00Z')))).toBe('visit');
  });
});

describe('at the same moment', () => {
  it('two come sooner, one waits and one is cancelled: one has the place', async () => {
    for (let round = 0; round < 4; round += 1) {
      await emptyVisits(database);
      clinic = await makeVisitClinic(database);
      await database.client.cancelReason.create({
        data: { code: 'PATIENT', name: 'Cannot come', allowedRoles: ['RECEPTION'], needsComment: false },
      });
      const [first, second] = [await hasVisit(LATER), await hasVisit('2026-03-12T09:00:00Z')];
      await requests();
      const place = mustBePlace(await offer(await placeFallsFree(), 3));
      const { id: visitId, version } = first;
      const answers = await Promise.all([
        answer(place, 0, 'ACCEPT'),
        answer(place, 1, 'ACCEPT', secondRoom),
        answer(place, 2, 'ACCEPT'),
        secondRoom.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }),
      ]);
      const said = answers.slice(0, 3).map(codeOf);
      expect(said.filter((code) => code === 'visit')).toHaveLength(1);
      const here = await database.client.visit.count({
        where: { status: 'BOOKED', startsAt: new Date(NINE) },
      });
      expect(here).toBe(1);
      expect(['BOOKED', 'CANCELLED']).toContain((await now(first)).status);
      expect((await now(second)).status).toBe('BOOKED');
    }
  });
});
