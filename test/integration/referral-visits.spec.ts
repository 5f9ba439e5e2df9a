import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReferralVisitsService } from '../../src/clinic/visits/referral-visits.service.js';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
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
import { aStaffActor } from '../support/patients.factory.js';
import {
  aDecider,
  makeAcceptedReferral,
  mustBeReferral,
  type ReferralsRoom,
  referralsOn,
  referralTraces,
} from '../support/referrals.factory.js';
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
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const TIMES = ['2026-03-04T09:00:00Z', '2026-03-04T11:00:00Z', '2026-03-04T13:00:00Z'] as const;

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let referrals: ReferralsRoom;
let clinic: VisitClinic;
let patientId: string;
let referralId: string;
const actor = aStaffActor();
const clinician = aDecider();
const desk = aBooker();

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
});
afterAll(async () => {
  await database.close();
  await db.drop();
});
beforeEach(async () => {
  await emptyImaging(database);
  await emptyVisits(database);
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  referrals = referralsOn(database, clock);
  new ReferralVisitsService(referrals.dependents, clock);
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.createMany({
    data: [
      {
        ...{ code: 'PATIENT_UNWELL', name: 'Unwell', fhirCode: 'pat' },
        ...{ allowedRoles: ['RECEPTION'], needsComment: false },
      },
    ],
    skipDuplicates: true,
  });
  patientId = await makePatientId(room);
  ({ id: referralId } = await makeAcceptedReferral(referrals.referrals, patientId));
});

async function request(): Promise<string> {
  const wish = aWish(patientId, PHYSIO, { referralId });
  return mustBeRequest(await room.requests.requestVisit(desk.actor, wish)).id;
}
async function book(at: string = TIMES[0], requestId?: string): Promise<Visit> {
  const wish = aPhysio(clinic, patientId, at, { requestId: requestId ?? (await request()) });
  return mustBeVisit(await room.visits.bookVisit(desk, wish));
}
const cancel = ({ id: visitId, version }: Visit) =>
  room.visits.cancelVisit(desk, { visitId, version, reasonCode: 'PATIENT_UNWELL' });
const standing = async () => (await referrals.referrals.referral(actor, referralId)).status;
const moves = async () =>
  ((await referrals.log.eventsOf(actor, [referralId])).get(referralId) ?? []).map(
    ({ action, from, to, actorId, subjectId, version }) => ({
      action,
      from,
      to,
      actorId,
      subjectId,
      version,
    }),
  );

describe('a referral whose visit', () => {
  it('is booked is booked, by whoever books; cancelled, it is accepted again', async () => {
    const visit = await book();
    expect(await standing()).toBe('BOOKED');
    mustBeVisit(await cancel(visit));
    expect(await standing()).toBe('ACCEPTED');
    const visitOf = { actorId: desk.actor.id, subjectId: visit.id };
    expect((await moves()).slice(2)).toEqual([
      { action: 'BOOK', from: 'ACCEPTED', to: 'BOOKED', version: 2, ...visitOf },
      { action: 'UNBOOK', from: 'BOOKED', to: 'ACCEPTED', version: 3, ...visitOf },
    ]);
  });

  it('is only held stays accepted until the hold is confirmed', async () => {
    const wish = aPhysio(clinic, patientId, TIMES[0], { requestId: await request() });
    const held = mustBeVisit(await room.holds.holdVisit(desk, wish));
    expect(await standing()).toBe('ACCEPTED');
    mustBeVisit(await room.holds.confirmVisit(desk, { visitId: held.id, version: held.version }));
    expect(await standing()).toBe('BOOKED');
  });

  it('is one of two stays booked while the other stands', async () => {
    const first = await book(TIMES[0]);
    const second = await book(TIMES[1]);
    expect((await moves()).map(({ action }) => action)).toEqual(['RECEIVE', 'ACCEPT', 'BOOK']);
    mustBeVisit(await cancel(first));
    expect(await standing()).toBe('BOOKED');
    mustBeVisit(await cancel(second));
    expect(await standing()).toBe('ACCEPTED');
  });

  it('and another go away at once is accepted again', async () => {
    let visits: readonly Visit[] = [await book(TIMES[0]), await book(TIMES[1]), await book(TIMES[2])];
    for (let round = 0; round < 5; round += 1) {
      expect((await Promise.all(visits.map(cancel))).filter(isRefusal)).toEqual([]);
      expect(await standing()).toBe('ACCEPTED');
      const again = visits.map(({ requestId }, i) => book(TIMES[i], requestId ?? ''));
      visits = await Promise.all(again);
      expect(await standing()).toBe('BOOKED');
    }
  });

  it('is booked ten times at once is booked once, with one move', async () => {
    const requestId = await request();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        room.visits.bookVisit(desk, aPhysio(clinic, patientId, TIMES[i % 3] ?? NOW, { requestId })),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect((await moves()).map(({ action }) => action)).toEqual(['RECEIVE', 'ACCEPT', 'BOOK']);
  });

  it('was missed is accepted again, and booked again when that was a mistake', async () => {
    const visit = await book();
    clock.set(TIMES[1]);
    const missed = mustBeVisit(
      await room.day.markNoShow(actor, { visitId: visit.id, version: visit.version }),
    );
    expect(await standing()).toBe('ACCEPTED');
    mustBeVisit(await room.day.undoVisitStep(actor, { visitId: visit.id, version: missed.version }));
    expect(await standing()).toBe('BOOKED');
  });

  it('is moved stays as it is', async () => {
    const visit = await book();
    const before = await moves();
    const { steps } = aPhysio(clinic, patientId, TIMES[2]);
    const wish = { visitId: visit.id, version: visit.version, steps };
    expect(codeOf(await room.visits.moveVisit(desk, wish))).toBe('visit');
    expect(await moves()).toEqual(before);
  });

  it('is without a referral says nothing of it', async () => {
    const wish = aPhysio(clinic, patientId, TIMES[0]);
    expect(codeOf(await room.visits.bookVisit(desk, wish))).toBe('visit');
    expect(await standing()).toBe('ACCEPTED');
  });
});

describe('what is booked', () => {
  const VERBS = {
    withdraw: () =>
      referrals.steering.withdrawReferral(clinician, { referralId, reasonCode: 'PATIENT_DECLINED' }),
    complete: () =>
      referrals.steering.completeReferral(clinician, {
        referralId,
        reasonCode: 'DISCHARGED',
        outcome: 'Done.',
      }),
    reopen: () =>
      referrals.steering.reopenReferral(clinician, {
        referralId,
        reasonCode: 'DECIDED_IN_ERROR',
        comment: 'Oh.',
      }),
  };

  it.each(Object.entries(VERBS))(
    'is in the way of %s, which names it and changes nothing',
    async (_verb, act) => {
      const visit = await book();
      const waiting = await request();
      const before = await referralTraces(database);
      expect(await act()).toMatchObject({
        ...{ code: 'ReferralHasVisits', visitIds: [visit.id], requestIds: [waiting] },
      });
      expect(await referralTraces(database)).toEqual(before);
    },
  );

  it('is out of the way once it is cancelled and its request closed', async () => {
    const visit = mustBeVisit(await cancel(await book()));
    expect(await VERBS.withdraw()).toMatchObject({ code: 'ReferralHasVisits', visitIds: [] });
    const { requestId } = visit;
    if (requestId === null) throw new Error('the visit had a request');
    await room.requests.closeRequest(desk.actor, { requestId, reason: 'Not wanted.' });
    expect(mustBeReferral(await VERBS.withdraw()).status).toBe('WITHDRAWN');
  });

  it('is not what is over: the referral is completed', async () => {
    const visit = await book();
    clock.set(TIMES[0]);
    const of = (now: Visit) => ({ visitId: now.id, version: now.version });
    const arrived = mustBeVisit(await room.day.markArrived(actor, of(visit)));
    const begun = mustBeVisit(await room.day.startVisit(actor, of(arrived)));
    mustBeVisit(await room.day.finishVisit(actor, of(begun)));
    expect(await standing()).toBe('BOOKED');
    expect(mustBeReferral(await VERBS.complete()).status).toBe('COMPLETED');
  });

  it('and what is withdrawn at once do not both happen', async () => {
    for (let round = 0; round < 8; round += 1) {
      ({ id: referralId } = await makeAcceptedReferral(referrals.referrals, patientId));
      const wish = aWish(patientId, PHYSIO, { referralId });
      const [asked, withdrawn] = await Promise.all([
        room.requests.requestVisit(desk.actor, wish),
        VERBS.withdraw(),
      ]);
      expect([isRefusal(asked), isRefusal(withdrawn)].sort()).toEqual([false, true]);
    }
  });

  it('may be more: a referral that is booked is booked again', async () => {
    await book(TIMES[0]);
    expect(codeOf(await book(TIMES[1]))).toBe('visit');
  });
});

describe('a scan', () => {
  it('books its referral, and a second one is not refused because of that', async () => {
    await emptyImaging(database);
    await emptyVisits(database);
    const imaging = imagingOn(database, clock, db.url);
    await makeReference(database);
    const department = await makeDepartment(database);
    const person = await makeReferredPatient(imaging);
    const booker = aStaffActor();
    const wish = aVisit(department, person.referralId, '2026-03-17T09:00:00Z', '2026-03-17T12:00:00Z');
    const booking = mustBeBooked(await imaging.bookings.bookScan(booker, wish));
    ({ referralId } = person);
    expect(await standing()).toBe('BOOKED');
    expect((await moves()).at(-1)).toMatchObject({
      action: 'BOOK',
      subjectId: booking.id,
      actorId: booker.id,
    });
    expect(await imaging.bookings.bookScan(booker, wish)).toMatchObject({ code: 'ReferralAlreadyBooked' });
    await imaging.bookings.cancelScan(booker, {
      ...{ scanBookingId: booking.id, reason: 'PATIENT_REQUEST' as const },
    });
    expect(await standing()).toBe('ACCEPTED');
  });
});
