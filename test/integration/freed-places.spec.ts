import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FreedPlace } from '../../src/clinic/visits/freed-place.type.js';
import type { RequestVisitInput } from '../../src/clinic/visits/request.type.js';
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
import { makeException, makeResource } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  makeVisitType,
  mustBeVisit,
  PHYSIO,
  tracesOf,
  type VisitClinic,
} from '../support/visits.factory.js';

// Monday, 2 March 2026. The place that falls free is on Wednesday at nine.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
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
    data: {
      code: 'PATIENT',
      name: 'The patient cannot come',
      allowedRoles: ['RECEPTION'],
      needsComment: false,
    },
  });
});

const dayOf = (date: string) => dateFromPlainDate(Temporal.PlainDate.from(date));

/** Somebody who waits; the clock and the breach as wished. */
async function waits(
  wish: Partial<RequestVisitInput> & { readonly since?: string; readonly breachOn?: string } = {},
): Promise<{ readonly requestId: string; readonly patientId: string }> {
  const { since = '2026-02-20', breachOn = '2026-04-01', ...parts } = wish;
  const patientId = parts.patientId ?? (await makePatientId(room));
  const asked = aWish(patientId, parts.visitTypeCode ?? PHYSIO, parts);
  const { id } = mustBeRequest(await room.requests.requestVisit(desk.actor, asked));
  await database.client.visitRequest.update({
    where: { id },
    data: { clockStartedOn: dayOf(since), targetOn: dayOf(since), breachOn: dayOf(breachOn) },
  });
  return { requestId: id, patientId };
}

/** A physiotherapy on Wednesday at nine is cancelled; the place that it leaves. */
async function placeFallsFree(startsAt = NINE): Promise<FreedPlace> {
  const patientId = await makePatientId(room);
  const visit = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, startsAt)));
  const cancel = { visitId: visit.id, version: visit.version, reasonCode: 'PATIENT' };
  mustBeVisit(await room.visits.cancelVisit(desk, cancel));
  return placeOf(visit.id);
}

async function placeOf(visitId: string): Promise<FreedPlace> {
  const row = await database.client.freedPlace.findFirstOrThrow({
    where: { visitId },
    orderBy: { visitVersion: 'desc' },
  });
  return room.freedRecords.freedPlace(desk.actor, row.id);
}

const again = (place: FreedPlace) => room.freedRecords.freedPlace(desk.actor, place.id);
const statusesOf = ({ offers }: FreedPlace) => offers.map(({ status }) => status);
const requestsOf = ({ offers }: FreedPlace) => offers.map(({ requestId }) => requestId);

async function offer(place: FreedPlace, terms: { atOnce?: number; answerMinutes?: number } = {}) {
  const input = { freedPlaceId: place.id, version: place.version, ...terms };
  return room.freedPlaces.offerFreedPlace(desk.actor, input);
}

async function answer(
  place: FreedPlace,
  index: number,
  says: 'ACCEPT' | 'DECLINE',
  by = room,
  booker = desk,
) {
  const { id = '', version = 0 } = place.offers[index] ?? {};
  return by.answers.answer(booker, { offerId: id, version, answer: says });
}

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  const count = spy.mock.calls.length;
  spy.mockRestore();
  return count;
}

async function topics(): Promise<Record<string, number>> {
  const rows = await database.client.outboxMessage.findMany({
    where: { topic: { startsWith: 'visit.freed-place' } },
  });
  const counts: Record<string, number> = {};
  for (const { topic } of rows) counts[topic] = (counts[topic] ?? 0) + 1;
  return counts;
}

async function traces() {
  const { client } = database;
  return {
    ...(await tracesOf(database)),
    places: await client.freedPlace.findMany({ orderBy: { id: 'asc' } }),
    offers: await client.freedPlaceOffer.findMany({ orderBy: { id: 'asc' } }),
    messages: await client.outboxMessage.findMany({ orderBy: { id: 'asc' } }),
  };
}

describe('a place that falls free', () => {
  it('is what the visit had, buffers included, and nobody is asked unless its kind says so', async () => {
    const place = await placeFallsFree();
    expect(place).toMatchObject({ status: 'OPEN', version: 0, visitTypeCode: PHYSIO, siteCode: 'MAIN' });
    const spans = place.spans.map(({ resource, startsAt, endsAt }) => [
      resource.name,
      startsAt.toString(),
      endsAt.toString(),
    ]);
    expect(spans.toSorted()).toEqual([
      ['Ada', '2026-03-04T09:00:00Z', '2026-03-04T09:45:00Z'],
      ['Gym', '2026-03-04T09:00:00Z', '2026-03-04T10:00:00Z'],
    ]);
    expect(place.allowedActions).toEqual(['offerFreedPlace', 'withdrawFreedPlace']);
    const [message] = await database.client.outboxMessage.findMany({ where: { subjectId: place.id } });
    expect(message).toMatchObject({ topic: 'visit.freed-place-due' });
    expect(message?.dueAt.toISOString()).toBe('2026-03-04T08:00:00.000Z');
  });

  it('is only what is left of it when the visit moves into a part of it', async () => {
    const patientId = await makePatientId(room);
    const visit = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)));
    const { steps } = aPhysio(clinic, patientId, '2026-03-04T09:30:00Z');
    const moved = await room.visits.moveVisit(desk, { visitId: visit.id, version: visit.version, steps });
    expect(codeOf(moved)).toBe('visit');
    const place = await placeOf(visit.id);
    expect(place.visitVersion).toBe(1);
    expect(new Set(place.spans.map(({ endsAt }) => endsAt.toString()))).toEqual(
      new Set(['2026-03-04T09:30:00Z']),
    );
  });

  it('is none when it is too near, was only held, or was closed in the same breath', async () => {
    const patientId = await makePatientId(room);
    const held = mustBeVisit(await room.holds.holdVisit(desk, aPhysio(clinic, patientId, NINE)));
    mustBeVisit(await room.holds.releaseHold(desk, { visitId: held.id, version: held.version }));
    const near = mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)));
    clock.set('2026-03-04T08:00:00Z');
    const cancel = { visitId: near.id, version: near.version, reasonCode: 'PATIENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    expect(await database.client.freedPlace.count()).toBe(0);
  });

  it('is none where the diary is closed by then, and what is closed later is not offered', async () => {
    await waits();
    const place = await placeFallsFree();
    const [gym] = place.spans.filter(({ resource }) => resource.name === 'Gym');
    await makeException(database, 'CLOSED', '2026-03-04', { resourceId: gym?.resource.id ?? '' });
    const asked = mustBePlace(await offer(place));
    const rooms = asked.offers[0]?.steps[0]?.resources.find(({ role }) => role === 'room');
    expect(rooms?.resourceId).toBe(clinic.roomIds[1]);
    const holds = await database.client.spanClaim.findMany({ where: { holderId: place.id } });
    expect(holds.map(({ resourceId }) => resourceId)).toEqual([clinic.physioIds[0]]);
    await makeException(database, 'CLOSED', '2026-03-05');
    await database.client.openingException.deleteMany({ where: { heldOn: dayOf('2026-03-05') } });
    const visit = mustBeVisit(
      await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), '2026-03-05T09:00:00Z')),
    );
    await makeException(database, 'CLOSED', '2026-03-05');
    const cancel = { visitId: visit.id, version: visit.version, reasonCode: 'PATIENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    expect(await database.client.freedPlace.count({ where: { visitId: visit.id } })).toBe(0);
  });

  it('is each of two when visits change places, and over at once', async () => {
    const book = async (startsAt: string) =>
      mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), startsAt)));
    const [first, second] = [await book(NINE), await book('2026-03-05T09:00:00Z')];
    const swapped = await room.visits.swapVisits(desk, {
      ...{ firstVisitId: first.id, firstVersion: first.version },
      ...{ secondVisitId: second.id, secondVersion: second.version },
    });
    expect(codeOf(swapped)).toBe('visit');
    const { items } = await room.freedRecords.freedPlaces(desk.actor, {}, { size: 10 });
    expect(items.filter(({ status }) => status === 'OPEN')).toEqual([]);
  });

  it('is over when somebody books it in the ordinary way, or when its time has come', async () => {
    const place = await placeFallsFree();
    const patientId = await makePatientId(room);
    const booked = aPhysio(clinic, patientId, NINE);
    expect(codeOf(await room.visits.bookVisit(desk, booked))).toBe('visit');
    expect((await again(place)).status).toBe('EXPIRED');
    expect(codeOf(await offer(place))).toBe('FreedPlaceNotOpen');
    const second = await placeFallsFree('2026-03-05T09:00:00Z');
    clock.set('2026-03-05T07:59:00Z');
    expect((await again(second)).status).toBe('OPEN');
    expect(await room.freedPlaces.passDeadline(second.id)).toEqual(
      Temporal.Instant.from('2026-03-05T08:01:00Z'),
    );
    clock.set('2026-03-05T08:00:00Z');
    expect((await again(second)).status).toBe('EXPIRED');
    expect(await room.freedPlaces.passDeadline(second.id)).toBeNull();
    const row = await database.client.freedPlace.findUniqueOrThrow({ where: { id: second.id } });
    expect(row.status).toBe('EXPIRED');
  });
});

describe('those who wait', () => {
  it('are asked by breach, then by wait, then by fit', async () => {
    await makeVisitType(database, 'SHORT_TEST', [
      { durationMinutes: 15, needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] },
    ]);
    const long = await waits({ since: '2026-01-05' });
    const shorter = await waits({ since: '2026-02-20', visitTypeCode: 'SHORT_TEST' });
    const fits = await waits({ since: '2026-02-20' });
    const late = await waits({ since: '2026-02-25', breachOn: '2026-03-03' });
    const nearlyLate = await waits({ since: '2026-02-26', breachOn: '2026-03-04' });
    const free = await placeFallsFree();
    const inOrder = [late, nearlyLate, long, fits, shorter].map(({ requestId }) => requestId);
    const preview = await room.previews.freedPlaceCandidates(desk.actor, free.id);
    expect(preview.map(({ requestId }) => requestId)).toEqual(inOrder);
    expect(preview.map(({ startsAt }) => startsAt.toString())).toEqual(Array.from({ length: 5 }, () => NINE));
    const place = mustBePlace(await offer(free, { atOnce: 2 }));
    expect(requestsOf(place)).toEqual(inOrder);
    expect(statusesOf(place)).toEqual(['SENT', 'SENT', 'QUEUED', 'QUEUED', 'QUEUED']);
    expect(place).toMatchObject({ status: 'OFFERING', version: 1, candidatesCount: 5 });
    expect(await topics()).toEqual({
      'visit.freed-place-offered': 2,
      'visit.freed-place-due': 2,
    });
  });

  it('are not asked about what they excluded, cannot reach, do not want, or may not have', async () => {
    const place = await placeFallsFree();
    const always = { isoWeekday: null, fromTime: null, untilTime: null, firstOn: null, lastOn: null };
    const excluded = { ...always, isoWeekday: 3, isExcluded: true };
    const afternoons = { ...always, fromTime: '13:00', isExcluded: false };
    await waits({ times: [excluded] });
    await waits({ times: [afternoons] });
    await waits({ wantsFreed: false });
    await waits({ noticeHoursMin: 72 });
    const elsewhere = await waits({ travelMinutes: 60 });
    const near = aPhysio(clinic, elsewhere.patientId, '2026-03-04T10:15:00Z', { pair: 1 });
    expect(codeOf(await room.visits.bookVisit(desk, near))).toBe('visit');
    await makeVisitType(
      database,
      'CONSENT_TEST',
      [{ durationMinutes: 45, needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] }],
      { type: { consentPurpose: 'IMAGING_TRACER_AND_XRAYS' } },
    );
    await waits({ visitTypeCode: 'CONSENT_TEST' });
    expect(codeOf(await offer(place))).toBe('NobodyForFreedPlace');
    const { requestId } = await waits({ noticeHoursMin: 48 });
    expect(requestsOf(mustBePlace(await offer(place)))).toEqual([requestId]);
  });

  it('does not include the patient who left the place', async () => {
    const { requestId, patientId } = await waits();
    const booked = aPhysio(clinic, patientId, NINE, { requestId });
    const visit = mustBeVisit(await room.visits.bookVisit(desk, booked));
    const cancel = { visitId: visit.id, version: visit.version, reasonCode: 'PATIENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    expect(codeOf(await offer(await placeOf(visit.id)))).toBe('NobodyForFreedPlace');
  });

  it('are asked with as many statements when forty wait as when two do', async () => {
    const ask = async (startsAt: string) => {
      const place = await placeFallsFree(startsAt);
      let asked = place;
      const count = await statementsOf(async () => {
        asked = mustBePlace(await offer(place, { atOnce: 1 }));
      });
      const { id: freedPlaceId, version } = asked;
      mustBePlace(await room.freedPlaces.withdrawFreedPlace(desk.actor, { freedPlaceId, version }));
      return { count, candidates: asked.candidatesCount };
    };
    await waits();
    await waits();
    await ask(NINE);
    const few = await ask('2026-03-05T09:00:00Z');
    for (let index = 0; index < 38; index += 1) await waits({ travelMinutes: index });
    const many = await ask('2026-03-06T09:00:00Z');
    expect([few.candidates, many.candidates]).toEqual([2, 20]);
    expect(many.count).toBe(few.count);
  });
});

describe('a place of many hands', () => {
  beforeEach(async () => {
    await makeVisitType(database, 'TWO_TEST', [
      {
        durationMinutes: 45,
        needs: [
          { role: 'first', kind: 'PHYSIOTHERAPIST' },
          { role: 'second', kind: 'PHYSIOTHERAPIST' },
        ],
      },
    ]);
  });

  it('is completed by what else is free', async () => {
    const { requestId } = await waits({ visitTypeCode: 'TWO_TEST' });
    const place = mustBePlace(await offer(await placeFallsFree()));
    expect(requestsOf(place)).toEqual([requestId]);
    const used = place.offers[0]?.steps[0]?.resources.map(({ resourceId }) => resourceId);
    expect(used?.toSorted()).toEqual(clinic.physioIds.toSorted());
    expect(mustBeOffer(await answer(place, 0, 'ACCEPT')).status).toBe('ACCEPTED');
    const visit = await database.client.visit.findFirstOrThrow({ where: { status: 'BOOKED' } });
    expect(visit.visitTypeCode).toBe('TWO_TEST');
  });

  it('is found among many who could be asked to help instead', async () => {
    for (const name of ['Cy', 'Di', 'Ed']) {
      await makeResource(database, 'PHYSIOTHERAPIST', { name, weekdays: ['08:00-18:00'] });
    }
    await waits({ visitTypeCode: 'TWO_TEST' });
    const place = mustBePlace(await offer(await placeFallsFree()));
    const used = place.offers[0]?.steps[0]?.resources.map(({ resourceId }) => resourceId);
    expect(used).toContain(clinic.physioIds[0]);
    expect(place.offers[0]?.startsAt.toString()).toBe(NINE);
  });

  it('is for nobody when what else is needed is taken', async () => {
    await waits({ visitTypeCode: 'TWO_TEST' });
    const busy = aPhysio(clinic, await makePatientId(room), '2026-03-04T08:30:00Z', { pair: 1 });
    expect(codeOf(await room.visits.bookVisit(desk, busy))).toBe('visit');
    expect(codeOf(await offer(await placeFallsFree()))).toBe('NobodyForFreedPlace');
  });

  it('answers as booking does when what else is needed is taken meanwhile, and goes on', async () => {
    await waits({ visitTypeCode: 'TWO_TEST', since: '2026-01-05' });
    const second = await waits();
    const place = mustBePlace(await offer(await placeFallsFree()));
    const busy = aPhysio(clinic, await makePatientId(room), NINE, { pair: 1 });
    expect(codeOf(await room.visits.bookVisit(desk, busy))).toBe('visit');
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('SlotAlreadyTaken');
    mustBeOffer(await answer(place, 0, 'DECLINE'));
    const next = await again(place);
    expect(next.offers[1]).toMatchObject({ status: 'SENT', requestId: second.requestId });
  });
});

describe('whoever is asked', () => {
  it('has the place while they may answer: others are refused, and after the deadline they are not', async () => {
    await waits();
    const place = mustBePlace(await offer(await placeFallsFree(), { answerMinutes: 60 }));
    expect(place.answerBy?.toString()).toBe('2026-03-02T10:00:00Z');
    const patientId = await makePatientId(room);
    expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)))).toBe(
      'SlotAlreadyTaken',
    );
    clock.set('2026-03-02T10:00:00Z');
    expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)))).toBe('visit');
  });

  it('says yes, and has the visit; the others are told, once', async () => {
    const { requestId, patientId } = await waits({ since: '2026-01-05' });
    await waits();
    await waits();
    const place = mustBePlace(await offer(await placeFallsFree(), { atOnce: 2 }));
    const keyed = { ...desk, idempotencyKey: 'key-1' };
    const taken = mustBeOffer(await answer(place, 0, 'ACCEPT', room, keyed));
    expect(taken).toMatchObject({ status: 'ACCEPTED', requestId, patientId, version: 1 });
    const repeated = mustBeOffer(await answer(place, 0, 'ACCEPT', secondRoom, keyed));
    expect(repeated).toEqual(taken);
    const after = await again(place);
    expect(after).toMatchObject({ status: 'TAKEN', answerBy: null });
    expect(statusesOf(after)).toEqual(['ACCEPTED', 'GONE', 'GONE']);
    const visit = await room.records.visit(desk.actor, taken.visitId ?? '');
    expect(visit).toMatchObject({ status: 'BOOKED', requestId, patientId });
    expect(visit.startsAt.toString()).toBe(NINE);
    const request = await room.requestRecords.visitRequest(desk.actor, requestId);
    expect(request.status).toBe('BOOKED');
    expect(codeOf(await answer(place, 1, 'ACCEPT'))).toBe('OfferGone');
    expect(codeOf(await answer(after, 0, 'DECLINE'))).toBe('OfferNotOpen');
    expect((await topics())['visit.freed-place-gone']).toBe(1);
    const holds = await database.client.spanClaim.count({ where: { holderId: place.id, releasedAt: null } });
    expect(holds).toBe(0);
  });

  it('says no, and the next is asked', async () => {
    const first = await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const place = mustBePlace(await offer(await placeFallsFree(), { answerMinutes: 60 }));
    clock.advance({ minutes: 10 });
    expect(mustBeOffer(await answer(place, 0, 'DECLINE')).status).toBe('DECLINED');
    const next = await again(place);
    expect(requestsOf(next)).toEqual([first.requestId, second.requestId]);
    expect(statusesOf(next)).toEqual(['DECLINED', 'SENT']);
    expect(next.answerBy?.toString()).toBe('2026-03-02T10:10:00Z');
    expect(mustBeOffer(await answer(next, 1, 'DECLINE')).status).toBe('DECLINED');
    expect((await again(place)).status).toBe('EXPIRED');
    const waiting = await database.client.visitRequest.count({ where: { status: 'WAITING' } });
    expect(waiting).toBe(2);
  });

  it('is too late at the last moment, and the next is asked then', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const place = mustBePlace(await offer(await placeFallsFree(), { answerMinutes: 60 }));
    clock.set('2026-03-02T09:59:59.999Z');
    expect(await room.freedPlaces.passDeadline(place.id)).toEqual(
      Temporal.Instant.from('2026-03-02T10:00:00.001Z'),
    );
    expect(statusesOf(await again(place))).toEqual(['SENT', 'QUEUED']);
    clock.set('2026-03-02T10:00:00Z');
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('OfferExpired');
    expect(statusesOf(await again(place))).toEqual(['LAPSED', 'QUEUED']);
    await Promise.all([room, secondRoom].map((one) => one.freedPlaces.passDeadline(place.id)));
    const next = await again(place);
    expect(statusesOf(next)).toEqual(['LAPSED', 'SENT']);
    expect(next.offers[1]?.requestId).toBe(second.requestId);
    expect((await topics())['visit.freed-place-offered']).toBe(2);
    clock.set('2026-03-02T11:00:00Z');
    await room.freedPlaces.passDeadline(place.id);
    expect(await again(place)).toMatchObject({ status: 'EXPIRED', answerBy: null });
  });

  it('changes nothing when booking says no, and may say yes again', async () => {
    const { patientId } = await waits();
    const place = mustBePlace(await offer(await placeFallsFree()));
    const elsewhere = aPhysio(clinic, patientId, NINE, { pair: 1 });
    const visit = mustBeVisit(await room.visits.bookVisit(desk, elsewhere));
    const before = await traces();
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('PatientElsewhere');
    expect(await traces()).toEqual(before);
    const cancel = { visitId: visit.id, version: visit.version, reasonCode: 'PATIENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    expect(mustBeOffer(await answer(place, 0, 'ACCEPT')).status).toBe('ACCEPTED');
  });

  it('is not asked about a second place while a first is open to them', async () => {
    await waits();
    mustBePlace(await offer(await placeFallsFree()));
    const second = await placeFallsFree('2026-03-05T09:00:00Z');
    expect(codeOf(await offer(second))).toBe('NobodyForFreedPlace');
  });

  it('is not somebody who has died, whatever else they waited for; and no letter goes to them', async () => {
    await database.client.cancelReason.create({
      data: { code: 'PATIENT_DIED', name: 'Has died', allowedRoles: ['RECEPTION'], needsComment: false },
    });
    const { patientId } = await waits();
    const asked = mustBePlace(await offer(await placeFallsFree()));
    const [{ id = '' } = {}] = asked.offers;
    expect(await room.offerLetters.letterFacts(id)).toMatchObject({ hasDied: false });
    const booked = aPhysio(clinic, patientId, '2026-03-06T09:00:00Z');
    const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(desk, booked));
    mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT_DIED' }));
    expect(await room.offerLetters.letterFacts(id)).toMatchObject({ hasDied: true });
    mustBeOffer(await answer(asked, 0, 'DECLINE'));
    const next = await placeFallsFree('2026-03-05T09:00:00Z');
    expect(codeOf(await offer(next))).toBe('NobodyForFreedPlace');
    const { requestId } = await waits();
    expect(requestsOf(mustBePlace(await offer(next)))).toEqual([requestId]);
  });

  it('is not somebody whose visit a closure took that may still be taken back', async () => {
    const { requestId, patientId } = await waits();
    const wish = aPhysio(clinic, patientId, '2026-03-06T09:00:00Z', { requestId });
    const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(desk, wish));
    const cancelled = mustBeVisit(
      await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }),
    );
    const now = new Date(clock.now().epochMilliseconds);
    await database.client.closure.create({
      data: {
        siteCode: 'MAIN',
        startsAt: new Date('2026-03-06T08:00:00Z'),
        endsAt: new Date('2026-03-06T18:00:00Z'),
        reason: 'The gym is flooded',
        appliedAt: now,
        appliedById: desk.actor.id,
        tellsAt: new Date(now.getTime() + 600_000),
        changes: {
          create: { visitId, decision: 'CANCEL', fromVersion: version, toVersion: cancelled.version },
        },
      },
    });
    const place = await placeFallsFree();
    clock.advance({ minutes: 9 });
    expect(codeOf(await offer(place))).toBe('NobodyForFreedPlace');
    clock.advance({ minutes: 1 });
    expect(requestsOf(mustBePlace(await offer(place)))).toEqual([requestId]);
  });

  it('keeps the whole place while others are asked nearer to it', async () => {
    await makeVisitType(database, 'SHORT_TEST', [
      { durationMinutes: 15, needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] },
    ]);
    await waits({ since: '2026-01-05' });
    await waits({ since: '2026-01-06' });
    await waits({ since: '2026-01-07', visitTypeCode: 'SHORT_TEST' });
    const free = await placeFallsFree();
    await database.client.leadTimePolicy.updateMany({ data: { earliestDays: 0 } });
    clock.set('2026-03-04T06:00:00Z');
    const place = mustBePlace(await offer(free, { atOnce: 2, answerMinutes: 120 }));
    expect(place.offers.map(({ startsAt }) => startsAt.toString())).toContain(NINE);
    clock.set('2026-03-04T07:30:00Z');
    expect(mustBeOffer(await answer(place, 1, 'DECLINE')).status).toBe('DECLINED');
    const [, , third] = (await again(place)).offers;
    expect([third?.status, third?.startsAt.toString()]).toEqual(['SENT', '2026-03-04T09:30:00Z']);
    const patientId = await makePatientId(room);
    const taken = await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE));
    expect(codeOf(taken)).toBe('SlotAlreadyTaken');
    expect(mustBeOffer(await answer(place, 0, 'ACCEPT')).status).toBe('ACCEPTED');
  });

  it('is told when the asking is ended', async () => {
    await waits();
    const place = mustBePlace(await offer(await placeFallsFree()));
    const input = { freedPlaceId: place.id, version: place.version };
    const stale = await room.freedPlaces.withdrawFreedPlace(desk.actor, { ...input, version: 0 });
    expect(codeOf(stale)).toBe('FreedPlaceChangedMeanwhile');
    expect(mustBePlace(await room.freedPlaces.withdrawFreedPlace(desk.actor, input)).status).toBe(
      'WITHDRAWN',
    );
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('OfferGone');
    expect((await topics())['visit.freed-place-gone']).toBe(1);
    const patientId = await makePatientId(room);
    expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)))).toBe('visit');
    const letter = await room.offerLetters.letterFacts(place.offers[0]?.id ?? '');
    expect(letter).toMatchObject({ status: 'GONE', visitTypeName: `Kind ${PHYSIO}`, version: 1 });
  });
});

describe('at the same moment', () => {
  it('three places fall free, and who waits is asked about one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { requestId } = await waits();
      const places: FreedPlace[] = [];
      for (const time of ['09:00', '11:00', '13:00']) {
        places.push(await placeFallsFree(`2026-03-${String(9 + round).padStart(2, '0')}T${time}:00Z`));
      }
      const answers = await Promise.all(
        places.map((place, index) =>
          (index === 1 ? secondRoom : room).freedPlaces.offerFreedPlace(desk.actor, {
            freedPlaceId: place.id,
            version: place.version,
          }),
        ),
      );
      expect(answers.map(codeOf).toSorted()).toEqual(['NobodyForFreedPlace', 'NobodyForFreedPlace', 'visit']);
      expect(await database.client.freedPlaceOffer.count({ where: { requestId } })).toBe(1);
    }
  });

  it('one of three has it, and two hear that it has gone', async () => {
    for (let index = 0; index < 3; index += 1) await waits();
    const place = mustBePlace(await offer(await placeFallsFree(), { atOnce: 3 }));
    const answers = await Promise.all([0, 1, 2].map((index) => answer(place, index, 'ACCEPT')));
    expect(answers.map(codeOf).toSorted()).toEqual(['OfferGone', 'OfferGone', 'visit']);
    expect(await database.client.visit.count({ where: { status: 'BOOKED' } })).toBe(1);
    expect((await topics())['visit.freed-place-gone']).toBe(2);
  });

  it.each([2, 8, 50])('%i say yes through two pools: one has it', async (count) => {
    for (let index = 0; index < Math.min(count, 10); index += 1) await waits();
    const place = mustBePlace(await offer(await placeFallsFree(), { atOnce: Math.min(count, 10) }));
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        answer(place, index % place.offers.length, 'ACCEPT', index % 2 === 0 ? room : secondRoom),
      ),
    );
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === 'visit')).toHaveLength(1);
    expect(codes.every((code) => ['visit', 'OfferGone', 'OfferNotOpen'].includes(code))).toBe(true);
    expect(await database.client.visit.count({ where: { status: 'BOOKED' } })).toBe(1);
    const after = await again(place);
    expect(statusesOf(after).filter((status) => status === 'ACCEPTED')).toHaveLength(1);
    expect((await topics())['visit.freed-place-gone'] ?? 0).toBe(place.offers.length - 1);
  });

  it('a yes, a no and an ordinary booking leave one visit in the place', async () => {
    await waits({ since: '2026-01-05' });
    await waits();
    const place = mustBePlace(await offer(await placeFallsFree(), { atOnce: 2 }));
    const patientId = await makePatientId(room);
    await Promise.all([
      answer(place, 0, 'ACCEPT'),
      answer(place, 1, 'DECLINE', secondRoom),
      secondRoom.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)),
    ]);
    expect(await database.client.visit.count({ where: { status: 'BOOKED' } })).toBe(1);
    expect((await again(place)).status).toBe('TAKEN');
  });
});

describe('by itself', () => {
  beforeEach(async () => {
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { offersFreed: true } });
  });

  it('a place is offered once, however often the message comes', async () => {
    await waits();
    const place = await placeFallsFree();
    const messages = await database.client.outboxMessage.findMany({ where: { subjectId: place.id } });
    expect(messages.map(({ topic }) => topic)).toEqual(['visit.place-freed']);
    await Promise.all([room, secondRoom, room].map((one) => one.freedPlaces.offerUnasked(place.id)));
    const after = await again(place);
    expect(after).toMatchObject({ status: 'OFFERING', version: 1 });
    expect(after.answerBy?.toString()).toBe('2026-03-02T11:00:00Z');
    expect((await topics())['visit.freed-place-offered']).toBe(1);
  });

  it('a place that nobody fits stays open, and its end is looked at', async () => {
    const place = await placeFallsFree();
    expect(await room.freedPlaces.offerUnasked(place.id)).toBeNull();
    expect((await again(place)).status).toBe('OPEN');
    expect(await topics()).toEqual({ 'visit.freed-place-due': 1 });
  });

  it('the hold of a round ends when nobody carries it on', async () => {
    await waits();
    const place = await placeFallsFree();
    await room.freedPlaces.offerUnasked(place.id);
    clock.set('2026-03-02T11:00:00Z');
    const patientId = await makePatientId(room);
    expect(codeOf(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, NINE)))).toBe('visit');
    clock.advance({ hours: 5 });
    await room.freedPlaces.passDeadline(place.id);
    expect(await again(place)).toMatchObject({ status: 'EXPIRED' });
    expect(await database.client.visit.count({ where: { status: 'BOOKED' } })).toBe(1);
  });
});
