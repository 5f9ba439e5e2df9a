import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  VisitOffer,
  VisitOfferFilterInput,
  WhyNoOffer,
} from '../../src/clinic/visits/visit-offer.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeException } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// When somebody else has the time that is wanted, and could as well come at another.

const DAY = '2026-03-04';
const desk = aBooker();

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;

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
  clock = new FixedClock('2026-03-02T09:00:00Z');
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
  // On the day one pair is there: Ada and the gym.
  await makeException(database, 'CLOSED', DAY, { resourceId: clinic.physioIds[1] });
  await makeException(database, 'CLOSED', DAY, { resourceId: clinic.roomIds[1] });
});

/** Somebody who can come at nine, and at no other time. */
async function seek(parts: Partial<VisitOfferFilterInput> = {}): Promise<WhyNoOffer | null> {
  const filter = {
    visitTypeCode: PHYSIO,
    onOrAfter: DAY,
    onOrBefore: DAY,
    localTimeFrom: '09:00',
    localTimeUntil: '09:45',
    limit: 5,
    ...parts,
  };
  const result = await room.offers.visitOffers(desk.actor, filter);
  if (isRefusal(result)) throw new Error(result.code);
  return 'whyNoOffer' in result ? result.whyNoOffer : null;
}

const swapsIn = (why: WhyNoOffer | null) => (why?.help ?? []).filter(({ remedy }) => remedy === 'SWAP');
const stepsOf = (offer: VisitOffer) =>
  offer.steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));

async function bookAtNine(parts: Parameters<typeof aPhysio>[3] = {}, patientId?: string) {
  const whose = patientId ?? (await makePatientId(room));
  return mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, whose, `${DAY}T09:00:00Z`, parts)));
}

describe('a visit that has the time', () => {
  it('is named with the place where it could go, and both are booked as they are said', async () => {
    const visit = await bookAtNine();
    const [swap, ...others] = swapsIn(await seek());
    expect(others).toEqual([]);
    expect(swap).toMatchObject({
      movable: { visitId: visit.id, version: visit.version, startsAt: visit.startsAt },
      offer: { startsAt: visit.startsAt },
    });
    expect(JSON.stringify(swap)).not.toContain(visit.patientId);
    const movesTo = swap?.movable?.movesTo;
    if (swap === undefined || movesTo === undefined) throw new Error('no swap');
    const moved = await room.visits.moveVisit(desk, {
      visitId: visit.id,
      version: visit.version,
      steps: stepsOf(movesTo),
    });
    mustBeVisit(moved);
    const mine = { patientId: await makePatientId(room), visitTypeCode: PHYSIO, steps: stepsOf(swap.offer) };
    mustBeVisit(await room.visits.bookVisit(desk, mine));
  });

  it('is looked for with as many statements for one as for twenty', async () => {
    const count = async (): Promise<number> => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await seek();
      const { length } = spy.mock.calls;
      spy.mockRestore();
      return length;
    };
    await bookAtNine();
    const one = await count();
    for (const time of ['10:00', '11:00', '12:00', '13:00', '14:00', '15:00'])
      await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), `${DAY}T${time}:00Z`));
    expect(await count()).toBe(one);
  });

  it.each([
    ['has been moved as often as it may', { movesCount: 2 }],
    ['is held only', { status: 'HELD' as const, heldUntil: new Date('2026-03-02T09:10:00Z') }],
  ])('is not named when it %s', async (_, data) => {
    const visit = await bookAtNine();
    await database.client.visit.update({ where: { id: visit.id }, data });
    expect(swapsIn(await seek())).toEqual([]);
  });

  it('is not named when it is too near to change', async () => {
    const visit = await bookAtNine();
    expect(swapsIn(await seek())[0]?.movable?.visitId).toBe(visit.id);
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { lateChangeHours: 48 + 1 } });
    expect(swapsIn(await seek())).toEqual([]);
  });

  it('is not named when it is the patient’s own', async () => {
    const patientId = await makePatientId(room);
    await bookAtNine({}, patientId);
    expect(swapsIn(await seek({ patientId }))).toEqual([]);
  });
});

describe('its own promise', () => {
  /** The rest of the day is closed, so it would have to go to another. */
  async function onlyNineIsOpen(): Promise<void> {
    for (const resourceId of [clinic.physioIds[0], clinic.roomIds[0]])
      await makeException(database, 'CLOSED', DAY, { resourceId, hours: '10:00-18:00' });
    for (const resourceId of [clinic.physioIds[0], clinic.roomIds[0]])
      await makeException(database, 'CLOSED', DAY, { resourceId, hours: '08:00-09:00' });
    // Before it there is no notice any more, and nothing on the day before.
    await makeException(database, 'CLOSED', '2026-03-03');
  }

  it('lets it go to a later day that keeps it', async () => {
    const patientId = await makePatientId(room);
    const { id: requestId } = mustBeRequest(
      await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)),
    );
    await bookAtNine({ requestId }, patientId);
    await onlyNineIsOpen();
    const [swap] = swapsIn(await seek());
    expect(swap?.movable?.movesTo.startsAt.toString().slice(0, 10)).toBe('2026-03-05');
    await database.client.visitRequest.update({
      where: { id: requestId },
      data: { targetOn: new Date(DAY), breachOn: new Date(DAY) },
    });
    expect(swapsIn(await seek())).toEqual([]);
  });

  it('is its present day when nobody asked for it', async () => {
    await bookAtNine();
    await onlyNineIsOpen();
    expect(swapsIn(await seek())).toEqual([]);
  });

  it('goes with the times at which its patient can come', async () => {
    const patientId = await makePatientId(room);
    const time = {
      isoWeekday: null,
      fromTime: '09:00',
      untilTime: '10:00',
      firstOn: null,
      lastOn: null,
      isExcluded: false,
    };
    const wish = aWish(patientId, PHYSIO, { times: [time] });
    const { id: requestId } = mustBeRequest(await room.requests.requestVisit(desk.actor, wish));
    await bookAtNine({ requestId }, patientId);
    const [swap] = swapsIn(await seek());
    const to = swap?.movable?.movesTo;
    expect(to?.startsAt.toString()).toBe('2026-03-03T09:00:00Z');
  });
});
