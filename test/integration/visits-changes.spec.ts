import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
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
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const ELEVEN = '2026-03-04T11:00:00Z';
const FRIDAY = '2026-03-06T09:00:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;
const desk = aBooker();
const clinician = aBooker({ roles: ['CLINICIAN'] });

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
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.createMany({
    data: [
      { code: 'UNWELL', name: 'Unwell', allowedRoles: ['RECEPTION'], needsComment: false },
      { code: 'NOT_NEEDED', name: 'Not needed', allowedRoles: ['CLINICIAN'], needsComment: true },
      {
        code: 'BROKEN',
        name: 'Broken',
        fhirCode: 'maint-equip',
        allowedRoles: ['RECEPTION'],
        needsComment: false,
      },
    ],
  });
});

async function book(startsAt = NINE, patientId?: string) {
  const wish = aPhysio(clinic, patientId ?? (await makePatientId(room)), startsAt);
  return mustBeVisit(await room.visits.bookVisit(desk, wish));
}

async function hold(startsAt = NINE) {
  const wish = aPhysio(clinic, await makePatientId(room), startsAt);
  return mustBeVisit(await room.holds.holdVisit(desk, wish));
}

/** The answer, and a check that it changed nothing when it is a "no". */
async function refusedBy(act: () => Promise<object>): Promise<string> {
  const before = await tracesOf(database);
  const code = codeOf(await act());
  if (code !== 'visit') expect(await tracesOf(database)).toEqual(before);
  return code;
}

describe('a hold', () => {
  it('keeps the time, is confirmed once, and the request waits no more', async () => {
    const patientId = await makePatientId(room);
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
    const wish = aPhysio(clinic, patientId, NINE, { requestId: request.id });
    const held = mustBeVisit(await room.holds.holdVisit(desk, wish));
    expect(held).toMatchObject({ status: 'HELD', heldUntil: Temporal.Instant.from('2026-03-02T09:15:00Z') });
    expect((await tracesOf(database)).requests).toMatchObject([{ status: 'WAITING' }]);
    const other = aPhysio(clinic, await makePatientId(room), NINE);
    expect(await refusedBy(() => room.visits.bookVisit(desk, other))).toBe('SlotAlreadyTaken');
    expect(await refusedBy(() => room.visits.bookVisit(desk, wish))).toBe('RequestAlreadyBooked');
    const asked = { visitId: held.id, version: 0 };
    expect(await refusedBy(() => room.holds.confirmVisit(desk, { ...asked, version: 3 }))).toBe(
      'VisitChangedMeanwhile',
    );
    const booked = mustBeVisit(await room.holds.confirmVisit(desk, asked));
    expect(booked).toMatchObject({ id: held.id, status: 'BOOKED', version: 1, heldUntil: null });
    expect(await refusedBy(() => room.holds.confirmVisit(desk, asked))).toBe('NotInThisState');
    const left = await tracesOf(database);
    expect(left.claims.map(({ expiresAt }) => expiresAt)).toEqual([null, null]);
    expect(left.presences).toMatchObject([{ expiresAt: null, releasedAt: null }]);
    expect(left.requests).toMatchObject([{ status: 'BOOKED' }]);
    expect(left.revisions.map(({ action }) => action)).toEqual(['held', 'booked']);
  });

  it('ends by itself: shown so, refused so, and others may have the time, also for its own request', async () => {
    const patientId = await makePatientId(room);
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
    const wish = aPhysio(clinic, patientId, NINE, { requestId: request.id });
    const held = mustBeVisit(await room.holds.holdVisit(desk, wish));
    clock.advance({ minutes: 14, seconds: 59 });
    expect((await room.records.visit(desk.actor, held.id)).status).toBe('HELD');
    clock.advance({ seconds: 1 });
    expect((await room.records.visit(desk.actor, held.id)).status).toBe('LAPSED');
    const page = { size: 5 };
    expect((await room.records.visits(desk.actor, { status: 'HELD' }, page)).items).toEqual([]);
    expect((await room.records.visits(desk.actor, { status: 'LAPSED' }, page)).items).toHaveLength(1);
    const asked = { visitId: held.id, version: 0 };
    expect(await refusedBy(() => room.holds.confirmVisit(desk, asked))).toBe('HoldExpired');
    expect(await refusedBy(() => room.holds.releaseHold(desk, asked))).toBe('HoldExpired');
    expect(mustBeVisit(await room.visits.bookVisit(desk, wish)).requestId).toBe(request.id);
    expect(await refusedBy(() => room.holds.confirmVisit(desk, asked))).toBe('HoldExpired');
    const ofHold = (await tracesOf(database)).revisions.filter(({ visitId }) => visitId === held.id);
    expect(ofHold.map(({ action, version }) => [action, version])).toEqual([
      ['held', 0],
      ['hold-lapsed', 1],
    ]);
  });

  it('is given back', async () => {
    const held = await hold();
    const released = await room.holds.releaseHold(desk, { visitId: held.id, version: 0 });
    expect(mustBeVisit(released)).toMatchObject({ status: 'LAPSED', version: 1 });
    await book();
    const actions = (await tracesOf(database)).revisions.map(({ action }) => action);
    expect(actions.sort()).toEqual(['booked', 'held', 'hold-released']);
  });

  it('is not moved or cancelled', async () => {
    const { id: visitId } = await hold();
    const move = { visitId, version: 0, steps: physioAt(clinic, ELEVEN) };
    expect(await refusedBy(() => room.visits.moveVisit(desk, move))).toBe('NotInThisState');
    const cancel = { visitId, version: 0, reasonCode: 'UNWELL' };
    expect(await refusedBy(() => room.visits.cancelVisit(desk, cancel))).toBe('NotInThisState');
  });

  it('does not ask for consent, but its confirmation does', async () => {
    await database.client.visitType.update({
      where: { code: PHYSIO },
      data: { consentPurpose: 'IMAGING_TRACER_AND_XRAYS' },
    });
    const held = await hold();
    const asked = { visitId: held.id, version: 0 };
    expect(await refusedBy(() => room.holds.confirmVisit(desk, asked))).toBe('VisitNeedsConsent');
  });
});

describe('moving a visit', () => {
  it('takes the new time, frees the old, and keeps the id and every version', async () => {
    const visit = await book();
    const move = { visitId: visit.id, version: 0, steps: physioAt(clinic, ELEVEN) };
    const moved = mustBeVisit(await room.visits.moveVisit(desk, move));
    expect(moved).toMatchObject({ id: visit.id, version: 1, movesCount: 1, status: 'BOOKED' });
    await book(NINE);
    const { revisions } = await tracesOf(database);
    const own = revisions.filter(({ visitId }) => visitId === visit.id);
    expect(own.map(({ version, action }) => [version, action])).toEqual([
      [0, 'booked'],
      [1, 'moved'],
    ]);
    expect(own.map(({ snapshot }) => snapshot)).toMatchObject([{ startsAt: NINE }, { startsAt: ELEVEN }]);
    const entry = await database.client.auditEntry.findFirst({ where: { action: 'visit.moved' } });
    expect(entry).toMatchObject({ before: { startsAt: NINE }, after: { startsAt: ELEVEN } });
    await expect(
      database.client.$executeRawUnsafe(`UPDATE visit_revisions SET action = 'x'`),
    ).rejects.toThrow();
  });

  it('is never in its own way', async () => {
    const visit = await book();
    const half = { visitId: visit.id, version: 0, steps: physioAt(clinic, '2026-03-04T09:30:00Z') };
    expect(mustBeVisit(await room.visits.moveVisit(desk, half)).startsAt.toString()).toBe(
      '2026-03-04T09:30:00Z',
    );
  });

  it('stays where it was when the new time is taken, or was changed meanwhile', async () => {
    const visit = await book();
    await book(ELEVEN);
    const move = { visitId: visit.id, version: 0, steps: physioAt(clinic, ELEVEN) };
    expect(await refusedBy(() => room.visits.moveVisit(desk, move))).toBe('SlotAlreadyTaken');
    expect(await refusedBy(() => room.visits.moveVisit(desk, { ...move, version: 1 }))).toBe(
      'VisitChangedMeanwhile',
    );
  });

  it('has a limit that a clinician may go beyond, with a reason', async () => {
    const { id: visitId } = await book(FRIDAY);
    for (const [version, hour] of [11, 13].entries()) {
      const steps = physioAt(clinic, `2026-03-06T${hour}:00:00Z`);
      mustBeVisit(await room.visits.moveVisit(desk, { visitId, version, steps }));
    }
    const third = { visitId, version: 2, steps: physioAt(clinic, FRIDAY) };
    const reasoned = { ...third, overrideReason: 'The patient’s carer is ill.' };
    expect(await refusedBy(() => room.visits.moveVisit(desk, third))).toBe('TooManyMoves');
    expect(await refusedBy(() => room.visits.moveVisit(desk, reasoned))).toBe('TooManyMoves');
    expect(await refusedBy(() => room.visits.moveVisit(clinician, third))).toBe('TooManyMoves');
    const moved = mustBeVisit(await room.visits.moveVisit(clinician, reasoned));
    expect(moved).toMatchObject({ movesCount: 3, overrideReason: 'The patient’s carer is ill.' });
  });

  it('comes too late within a day of the visit, and never after its start', async () => {
    const { id: visitId } = await book(NINE);
    const move = { visitId, version: 0, steps: physioAt(clinic, FRIDAY) };
    clock.set('2026-03-03T09:00:01Z');
    expect(await refusedBy(() => room.visits.moveVisit(desk, move))).toBe('TooLateToChange');
    clock.set('2026-03-04T09:00:00Z');
    const reasoned = { ...move, overrideReason: 'Late.' };
    expect(await refusedBy(() => room.visits.moveVisit(clinician, reasoned))).toBe('VisitHasBegun');
    clock.set('2026-03-03T09:00:01Z');
    expect(mustBeVisit(await room.visits.moveVisit(clinician, reasoned)).movesCount).toBe(1);
  });

  it('may come just in time', async () => {
    const { id: visitId } = await book(NINE);
    clock.set('2026-03-03T09:00:00Z');
    const move = { visitId, version: 0, steps: physioAt(clinic, FRIDAY) };
    expect(codeOf(await room.visits.moveVisit(desk, move))).toBe('visit');
  });
});

describe('two visits that change places', () => {
  it('do so as one change', async () => {
    const [first, second] = [await book(NINE), await book(ELEVEN)];
    const swap = { firstVisitId: first.id, firstVersion: 0, secondVisitId: second.id, secondVersion: 0 };
    const result = await room.visits.swapVisits(desk, swap);
    expect(result).toMatchObject({
      first: { id: first.id, startsAt: second.startsAt, movesCount: 1, version: 1 },
      second: { id: second.id, startsAt: first.startsAt, movesCount: 1, version: 1 },
    });
    const live = (await tracesOf(database)).claims.filter(({ releasedAt }) => releasedAt === null);
    expect(live).toHaveLength(4);
    expect(await refusedBy(() => room.visits.swapVisits(desk, swap))).toBe('VisitChangedMeanwhile');
  });

  it('stay both where they are when one cannot go', async () => {
    const [first, second] = [await book(NINE), await book(FRIDAY)];
    // The first patient is elsewhere when the second visit is.
    const wish = aPhysio(clinic, first.patientId, FRIDAY, { pair: 1 });
    mustBeVisit(await room.visits.bookVisit(desk, wish));
    const swap = { firstVisitId: first.id, firstVersion: 0, secondVisitId: second.id, secondVersion: 0 };
    expect(await refusedBy(() => room.visits.swapVisits(desk, swap))).toBe('PatientElsewhere');
    await expect(room.visits.swapVisits(desk, { ...swap, secondVisitId: first.id })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

describe('cancelling a visit', () => {
  it('frees the time, lets the request wait again, and what is booked instead is shown', async () => {
    const patientId = await makePatientId(room);
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
    const wish = aPhysio(clinic, patientId, NINE, { requestId: request.id });
    const visit = mustBeVisit(await room.visits.bookVisit(desk, wish));
    const cancel = { visitId: visit.id, version: 0, reasonCode: 'UNWELL', comment: ' Flu. ' };
    expect(mustBeVisit(await room.visits.cancelVisit(desk, cancel))).toMatchObject({
      status: 'CANCELLED',
      cancelReasonCode: 'UNWELL',
      cancelComment: 'Flu.',
      version: 1,
    });
    expect((await tracesOf(database)).requests).toMatchObject([{ status: 'WAITING' }]);
    expect(await refusedBy(() => room.visits.cancelVisit(desk, cancel))).toBe('NotInThisState');
    const instead = { ...wish, replacesVisitId: visit.id };
    const second = mustBeVisit(await room.visits.bookVisit(desk, instead));
    expect(second.replacesId).toBe(visit.id);
    expect((await room.records.visit(desk.actor, visit.id)).replacedById).toBe(second.id);
    await room.visits.cancelVisit(desk, { ...cancel, visitId: second.id });
    expect(await refusedBy(() => room.visits.bookVisit(desk, instead))).toBe('VisitNotReplaceable');
    const third = mustBeVisit(await room.visits.bookVisit(desk, { ...wish, replacesVisitId: second.id }));
    const standing = await room.records.standingInstead([visit.id, second.id, third.id]);
    expect([visit, second, third].map(({ id }) => standing.get(id)?.id)).toEqual([
      third.id,
      third.id,
      undefined,
    ]);
  });

  it('needs a reason that is one’s own to give, with a comment where it asks for one', async () => {
    const { id: visitId } = await book();
    const cancel = { visitId, version: 0, reasonCode: 'NOT_NEEDED' };
    expect(await refusedBy(() => room.visits.cancelVisit(desk, cancel))).toBe('CancelReasonNotYours');
    expect(await refusedBy(() => room.visits.cancelVisit(clinician, cancel))).toBe('VisitCommentMissing');
    await expect(room.visits.cancelVisit(desk, { ...cancel, reasonCode: 'BORED' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    clock.set(NINE);
    const late = { ...cancel, reasonCode: 'UNWELL' };
    expect(await refusedBy(() => room.visits.cancelVisit(desk, late))).toBe('VisitHasBegun');
    clock.set('2026-03-04T08:59:59Z');
    expect(codeOf(await room.visits.cancelVisit(desk, late))).toBe('visit');
  });

  it('is the clinic’s own to say once its time has come, until it is begun', async () => {
    const { id: visitId } = await book();
    clock.set(NINE);
    const cancel = { visitId, version: 0, reasonCode: 'UNWELL' };
    const late = await room.visits.cancelVisit(desk, cancel);
    expect(late).toMatchObject({ code: 'VisitHasBegun', message: expect.stringContaining('missed') });
    await database.client.visit.update({
      where: { id: visitId },
      data: { status: 'ARRIVED', arrivedAt: new Date(NINE) },
    });
    const broken = { ...cancel, reasonCode: 'BROKEN' };
    expect(mustBeVisit(await room.visits.cancelVisit(desk, broken))).toMatchObject({ status: 'CANCELLED' });
  });

  it('leaves a live visit, and another patient’s, not to be replaced', async () => {
    const visit = await book();
    const own = aPhysio(clinic, visit.patientId, ELEVEN, { replacesVisitId: visit.id });
    expect(await refusedBy(() => room.visits.bookVisit(desk, own))).toBe('VisitNotReplaceable');
    await room.visits.cancelVisit(desk, { visitId: visit.id, version: 0, reasonCode: 'UNWELL' });
    const others = { ...own, patientId: await makePatientId(room) };
    expect(await refusedBy(() => room.visits.bookVisit(desk, others))).toBe('VisitNotReplaceable');
    expect(codeOf(await room.visits.bookVisit(desk, own))).toBe('visit');
  });

  it('lets a hold that has ended be followed by another instead of the same visit', async () => {
    const visit = await book();
    await room.visits.cancelVisit(desk, { visitId: visit.id, version: 0, reasonCode: 'UNWELL' });
    const instead = aPhysio(clinic, visit.patientId, ELEVEN, { replacesVisitId: visit.id });
    mustBeVisit(await room.holds.holdVisit(desk, instead));
    expect(await refusedBy(() => room.visits.bookVisit(desk, instead))).toBe('VisitNotReplaceable');
    clock.advance({ minutes: 15 });
    expect(codeOf(await room.visits.bookVisit(desk, instead))).toBe('visit');
  });
});
