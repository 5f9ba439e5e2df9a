import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
import { makeBankHoliday, makeException, schedulingOn } from '../support/scheduling.factory.js';
import { until } from '../support/until.js';
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
  type VisitClinic,
} from '../support/visits.factory.js';

// How a round goes on when something is in its way: a clash, a clock that is wrong, a visit that fills only a part.

// Monday, 2 March 2026. The place that falls free is on Wednesday at nine.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const SHORT = 'SHORT_TEST';
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

/** Somebody who waits; the start of the clock as wished. */
async function waits(wish: Partial<RequestVisitInput> & { readonly since?: string } = {}): Promise<string> {
  const { since = '2026-02-20', ...parts } = wish;
  const patientId = await makePatientId(room);
  const asked = aWish(patientId, parts.visitTypeCode ?? PHYSIO, parts);
  const { id } = mustBeRequest(await room.requests.requestVisit(desk.actor, asked));
  await database.client.visitRequest.update({
    where: { id },
    data: { clockStartedOn: dayOf(since), targetOn: dayOf(since), breachOn: dayOf('2026-04-01') },
  });
  return id;
}

async function placeFallsFree(startsAt = NINE): Promise<FreedPlace> {
  const booked = aPhysio(clinic, await makePatientId(room), startsAt);
  const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(desk, booked));
  mustBeVisit(await room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT' }));
  const { id } = await database.client.freedPlace.findFirstOrThrow({ where: { visitId } });
  return again(id);
}

const again = (id: string) => room.freedRecords.freedPlace(desk.actor, id);
const statusesOf = ({ offers }: FreedPlace) => offers.map(({ status }) => status);
const requestsOf = ({ offers }: FreedPlace) => offers.map(({ requestId }) => requestId);

async function offer(place: FreedPlace, terms: { atOnce?: number; answerMinutes?: number } = {}) {
  const input = { freedPlaceId: place.id, version: place.version, ...terms };
  return mustBePlace(await room.freedPlaces.offerFreedPlace(desk.actor, input));
}

async function answer(place: FreedPlace, index: number, says: 'ACCEPT' | 'DECLINE') {
  const { id = '', version = 0 } = place.offers[index] ?? {};
  return room.answers.answer(desk, { offerId: id, version, answer: says });
}

async function restOf(place: FreedPlace): Promise<FreedPlace | null> {
  const row = await database.client.freedPlace.findUnique({ where: { restOfId: place.id } });
  return row === null ? null : again(row.id);
}

describe('a "no"', () => {
  /** The gym was closed when the first was asked, and is open again: it is free, and nobody keeps it. */
  async function offeredWithoutTheGym(): Promise<FreedPlace> {
    const place = await placeFallsFree();
    await makeException(database, 'CLOSED', '2026-03-04', { resourceId: clinic.roomIds[0] });
    const asked = await offer(place);
    await database.client.openingException.deleteMany({ where: { heldOn: dayOf('2026-03-04') } });
    return asked;
  }

  /** Somebody takes the gym, and is done only when one waits for them. */
  async function gymTakenDuring(work: () => Promise<unknown>): Promise<void> {
    let sayTaken = (): void => undefined;
    const taken = new Promise<void>((resolve) => {
      sayTaken = resolve;
    });
    const taking = other.transaction(async (tx) => {
      const spans = [
        {
          resourceId: clinic.roomIds[0],
          startsAt: Temporal.Instant.from(NINE),
          endsAt: Temporal.Instant.from('2026-03-04T10:00:00Z'),
        },
      ];
      const holderId = crypto.randomUUID();
      const refused = await secondRoom.claims.claimSpans(tx, { holderId, spans, at: clock.now() });
      expect(refused).toBeNull();
      sayTaken();
      await until(async () => {
        const [row] = await database.client.$queryRawUnsafe<readonly { waiting: number }[]>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return (row?.waiting ?? 0) > 0;
      });
    });
    await taken;
    await Promise.all([work(), taking]);
  }

  it('is kept when the place cannot be kept for the next in this moment, and the next is asked after it', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const place = await offeredWithoutTheGym();
    const keyed = { ...desk, idempotencyKey: 'no-1' };
    const { id = '', version = 0 } = place.offers[0] ?? {};
    const input = { offerId: id, version, answer: 'DECLINE' as const };
    let said: object = {};
    await gymTakenDuring(async () => {
      said = await room.answers.answer(keyed, input);
    });
    expect(mustBeOffer(said)).toMatchObject({ status: 'DECLINED', version: 1 });
    expect(statusesOf(await again(place.id))).toEqual(['DECLINED', 'QUEUED']);
    expect(await room.answers.answer(keyed, input)).toEqual(said);
    const [nudge] = await database.client.outboxMessage.findMany({
      where: { topic: 'visit.freed-place-declined' },
    });
    expect(nudge).toMatchObject({ subjectId: place.id });
    expect(nudge?.dueAt.toISOString()).toBe('2026-03-02T09:00:02.000Z');
    await room.freedPlaces.goOn(desk.actor, place.id);
    await room.freedPlaces.goOn(desk.actor, place.id);
    const next = await again(place.id);
    expect(next.status).toBe('OFFERING');
    expect(statusesOf(next)).toEqual(['DECLINED', 'SENT']);
    expect(next.offers[1]?.requestId).toBe(second);
    expect(await database.client.auditEntry.count({ where: { action: 'freed-place-offer.declined' } })).toBe(
      1,
    );
  });

  it('ends the place when nobody else is left, whoever carries it on', async () => {
    await waits();
    const place = await offer(await placeFallsFree());
    expect(mustBeOffer(await answer(place, 0, 'DECLINE')).status).toBe('DECLINED');
    expect((await again(place.id)).status).toBe('EXPIRED');
    expect(await room.freedPlaces.goOn(desk.actor, place.id)).toBeNull();
  });
});

describe('a clock that is wrong', () => {
  it('by minutes, ahead of ours, loses no deadline', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const place = await offer(await placeFallsFree(), { answerMinutes: 60 });
    clock.set('2026-03-02T09:57:00Z');
    const next = await room.freedPlaces.passDeadline(place.id);
    expect(next?.toString()).toBe('2026-03-02T10:03:00Z');
    expect(statusesOf(await again(place.id))).toEqual(['SENT', 'QUEUED']);
    // Whoever is three minutes ahead hands it over again when it is ten o'clock here.
    clock.set('2026-03-02T10:00:00Z');
    expect(await room.freedPlaces.passDeadline(place.id)).toBeNull();
    const after = await again(place.id);
    expect(statusesOf(after)).toEqual(['LAPSED', 'SENT']);
    expect(after.offers[1]?.requestId).toBe(second);
  });

  it('by hours is met again, ten minutes late at the most', async () => {
    await waits();
    const place = await offer(await placeFallsFree(), { answerMinutes: 240 });
    const next = await room.freedPlaces.passDeadline(place.id);
    expect(next?.toString()).toBe('2026-03-02T13:10:00Z');
  });

  it('and behind ours, or a job that is late, lets the round go on with what is left of the place', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const place = await offer(await placeFallsFree(), { answerMinutes: 60 });
    clock.set('2026-03-02T10:05:00Z');
    expect(codeOf(await answer(place, 0, 'ACCEPT'))).toBe('OfferExpired');
    expect(await room.freedPlaces.passDeadline(place.id)).toBeNull();
    const after = await again(place.id);
    expect(statusesOf(after)).toEqual(['LAPSED', 'SENT']);
    expect(after.offers[1]).toMatchObject({ requestId: second });
    expect(after.answerBy?.toString()).toBe('2026-03-02T11:05:00Z');
  });
});

describe('what a shorter visit leaves of a place', () => {
  beforeEach(async () => {
    await makeVisitType(database, SHORT, [
      { durationMinutes: 15, needs: [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] },
    ]);
  });

  it('is a place of its own, offered by itself, until nothing is left that is long enough', async () => {
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { offersFreed: true } });
    for (let index = 0; index < 5; index += 1) await waits({ visitTypeCode: SHORT });
    let place = await placeFallsFree();
    const starts: string[] = [];
    const asked: string[] = [];
    for (;;) {
      await room.freedPlaces.offerUnasked(place.id);
      const offering = await again(place.id);
      if (offering.status !== 'OFFERING') break;
      asked.push(...offering.offers.flatMap(({ sentAt, requestId }) => (sentAt ? [requestId] : [])));
      starts.push(
        mustBeOffer(await answer(offering, 0, 'ACCEPT'))
          .startsAt.toString()
          .slice(11, 16),
      );
      const rest = await restOf(place);
      if (rest === null) break;
      expect(rest).toMatchObject({ restOfId: place.id, visitId: place.visitId, visitTypeCode: PHYSIO });
      place = rest;
    }
    expect(starts).toEqual(['09:00', '09:15', '09:30']);
    expect(new Set(asked).size).toBe(asked.length);
    // The gym is all that is left, and an hour of it is of use to somebody, but not to those who wait.
    expect(place.spans.map(({ resource }) => resource.name)).toEqual(['Gym']);
    expect((await again(place.id)).status).toBe('OPEN');
    expect(await database.client.freedPlace.count()).toBe(4);
  });

  it('is not what is too short for anything, or too near', async () => {
    await waits();
    const place = await offer(await placeFallsFree());
    mustBeOffer(await answer(place, 0, 'ACCEPT'));
    expect(await restOf(place)).toBeNull();
    await database.client.leadTimePolicy.updateMany({ data: { earliestDays: 0 } });
    const short = await waits({ visitTypeCode: SHORT });
    const free = await placeFallsFree('2026-03-05T09:00:00Z');
    clock.set('2026-03-05T06:00:00Z');
    const asked = await offer(free, { answerMinutes: 120 });
    expect(requestsOf(asked)).toEqual([short]);
    clock.set('2026-03-05T07:55:00Z');
    expect(mustBeOffer(await answer(asked, 0, 'ACCEPT')).status).toBe('ACCEPTED');
    // Nobody can come before five to ten, and then the gym is free for less than any visit there takes.
    expect(await restOf(asked)).toBeNull();
  });

  it('asks nobody twice about the same time, nor whoever said no or nothing', async () => {
    const no = await waits({ since: '2026-01-05' });
    const silent = await waits({ since: '2026-01-06' });
    const takes = await waits({ since: '2026-01-07', visitTypeCode: SHORT });
    const beaten = await waits({ since: '2026-01-08', visitTypeCode: SHORT });
    const queued = await waits({ since: '2026-01-09', visitTypeCode: SHORT });
    const first = await offer(await placeFallsFree(), { atOnce: 2, answerMinutes: 60 });
    expect(requestsOf(first).slice(0, 2)).toEqual([no, silent]);
    mustBeOffer(await answer(first, 0, 'DECLINE'));
    clock.advance({ minutes: 60 });
    await room.freedPlaces.passDeadline(first.id);
    const second = await again(first.id);
    const sent = second.offers.filter(({ status }) => status === 'SENT').map(({ requestId }) => requestId);
    expect(sent).toEqual([beaten, queued]);
    expect(second.offers.find(({ requestId }) => requestId === takes)?.status).toBe('LAPSED');
    const index = second.offers.findIndex(({ requestId }) => requestId === beaten);
    mustBeOffer(await answer(second, index, 'ACCEPT'));
    const rest = await restOf(first);
    expect(rest?.status).toBe('OPEN');
    const third = await offer(rest ?? first);
    // Of those who were asked only who heard that it had gone, and about another time.
    expect(requestsOf(third)).toEqual([queued]);
    expect(third.offers[0]?.startsAt.toString()).toBe('2026-03-04T09:15:00Z');
  });

  it('is offered at another start to whoever was asked about this one and heard that it had gone', async () => {
    const nine = { fromTime: '09:00', untilTime: '09:15' };
    const later = { fromTime: '09:15', untilTime: null };
    const always = { isoWeekday: null, firstOn: null, lastOn: null, isExcluded: false };
    await waits({ since: '2026-01-05', visitTypeCode: SHORT, times: [{ ...always, ...nine }] });
    const beaten = await waits({
      since: '2026-01-06',
      visitTypeCode: SHORT,
      times: [{ ...always, ...later }],
    });
    const place = await offer(await placeFallsFree(), { atOnce: 2 });
    expect(place.offers.map(({ startsAt }) => startsAt.toString().slice(11, 16))).toEqual(['09:00', '09:15']);
    mustBeOffer(await answer(place, 0, 'ACCEPT'));
    const rest = mustBePlace((await restOf(place)) ?? {});
    const asked = await offer(rest);
    expect(requestsOf(asked)).toEqual([beaten]);
    expect(asked.offers[0]?.startsAt.toString().slice(11, 16)).toBe('09:30');
  });
});

describe('when nobody is at the desk', () => {
  beforeEach(async () => {
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { offersFreed: true } });
  });

  it('nobody is asked by itself, and no time for an answer runs out', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    clock.set('2026-03-02T19:00:00Z');
    const free = await placeFallsFree('2026-03-05T09:00:00Z');
    expect((await room.freedPlaces.offerUnasked(free.id))?.toString()).toBe('2026-03-03T08:00:00Z');
    expect((await again(free.id)).status).toBe('OPEN');
    clock.set('2026-03-03T16:30:00Z');
    expect(await room.freedPlaces.offerUnasked(free.id)).toBeNull();
    expect((await again(free.id)).answerBy?.toString()).toBe('2026-03-04T08:30:00Z');
    clock.set('2026-03-04T08:30:00Z');
    await room.freedPlaces.passDeadline(free.id);
    const next = await again(free.id);
    expect(next.offers[1]).toMatchObject({ status: 'SENT', requestId: second });
    expect(next.answerBy?.toString()).toBe('2026-03-04T10:30:00Z');
  });

  it('because it is a bank holiday, nobody is asked either, and by the hours that the clinic has set', async () => {
    await waits({ since: '2026-01-05' });
    clock.set('2026-03-02T19:00:00Z');
    const free = await placeFallsFree('2026-03-05T09:00:00Z');
    await makeBankHoliday(database, '2026-03-03');
    const week = [{ isoWeekday: 3, opens: '10:00', closes: '12:00' }];
    await schedulingOn(database, clock).calendarRoom.setDeskHours(desk.actor, {
      ...{ effectiveFrom: '2026-03-04', week, reason: 'for a test' },
    });
    try {
      clock.set('2026-03-03T09:00:00Z');
      expect((await room.freedPlaces.offerUnasked(free.id))?.toString()).toBe('2026-03-04T10:00:00Z');
      clock.set('2026-03-04T10:00:00Z');
      expect(await room.freedPlaces.offerUnasked(free.id)).toBeNull();
      expect((await again(free.id)).answerBy?.toString()).toBe('2026-03-04T12:00:00Z');
    } finally {
      await database.client.bankHoliday.deleteMany();
      const set = { effectiveFrom: new Date('2026-03-04') };
      await database.client.deskSpan.deleteMany({ where: set });
      await database.client.deskWeek.deleteMany({ where: set });
    }
  });

  it('a round that somebody has begun goes on in the morning', async () => {
    await waits({ since: '2026-01-05' });
    const second = await waits({ since: '2026-01-06' });
    const free = await placeFallsFree('2026-03-05T09:00:00Z');
    clock.set('2026-03-02T17:00:00Z');
    const place = await offer(free, { answerMinutes: 90 });
    expect(place.answerBy?.toString()).toBe('2026-03-02T18:30:00Z');
    clock.set('2026-03-02T18:30:00Z');
    expect((await room.freedPlaces.passDeadline(place.id))?.toString()).toBe('2026-03-03T08:00:00Z');
    expect(statusesOf(await again(place.id))).toEqual(['LAPSED', 'QUEUED']);
    clock.set('2026-03-03T08:00:00Z');
    await room.freedPlaces.passDeadline(place.id);
    const next = await again(place.id);
    expect(next.offers[1]).toMatchObject({ status: 'SENT', requestId: second });
    expect(next.answerBy?.toString()).toBe('2026-03-03T09:30:00Z');
  });
});
