import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { InThePast } from '../../src/clinic/scheduling/schedule.refusals.js';
import type { ClosureInput } from '../../src/clinic/visits/closure.type.js';
import type { VisitChange } from '../../src/clinic/visits/visit-companion.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import {
  aClosure,
  asProposed,
  type ClosuresRoom,
  closuresOn,
  closureTracesOf,
  mustBeClosure,
  mustBePreview,
} from '../support/closures.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeClaim, makeException } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  PROCEDURE,
  physioAt,
  type VisitClinic,
} from '../support/visits.factory.js';

// A Monday; the days that are closed follow in the same week and the next.
const NOW = '2026-03-02T09:00:00Z';
const WEDNESDAY = '2026-03-04';

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
  await at(NOW);
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.createMany({
    data: [
      { code: 'STAFF_ABSENT', name: 'Absent', allowedRoles: ['RECEPTION', 'MANAGER'], needsComment: false },
      { code: 'NOT_NEEDED', name: 'Not needed', allowedRoles: ['CLINICIAN'], needsComment: true },
    ],
  });
});

async function at(now: string): Promise<void> {
  clock = new FixedClock(now);
  room = closuresOn(database, clock);
  await Promise.resolve();
}

/** Somebody who waits for physiotherapy has it at that time, with the first or the second pair of person and room. */
async function bookFor(startsAt: string, pair: 0 | 1 = 0, keepsStaff = false) {
  const patientId = await makePatientId(room);
  const wish = aWish(patientId, PHYSIO, { keepsStaff });
  const request = mustBeRequest(await room.requests.requestVisit(desk.actor, wish));
  const visit = aPhysio(clinic, patientId, startsAt, { pair, requestId: request.id });
  return mustBeVisit(await room.visits.bookVisit(desk, visit));
}

async function bookProcedure(date: string) {
  const patientId = await makePatientId(room);
  const at = (time: string) => Temporal.Instant.from(`${date}T${time}:00Z`);
  const place = { role: 'place', resourceId: clinic.placeIds[0] };
  return mustBeVisit(
    await room.visits.bookVisit(desk, {
      patientId,
      visitTypeCode: PROCEDURE,
      steps: [
        { startsAt: at('09:00'), resources: [place] },
        {
          startsAt: at('09:15'),
          resources: [
            { role: 'operator', resourceId: clinic.operatorId },
            { role: 'room', resourceId: clinic.theatreId },
          ],
        },
        { startsAt: at('10:30'), resources: [place] },
      ],
    }),
  );
}

const dayOff = (resourceId: string, date = WEDNESDAY) =>
  aClosure([resourceId], `${date}T00:00:00Z`, `${date}T23:59:00Z`);

async function preview(input: ClosureInput) {
  return mustBePreview(await room.previews.closurePreview(manager.actor, input));
}

/** Previewed and applied as it was proposed, a minute later. */
async function close(input: ClosureInput, lettersAfterMinutes = 10) {
  const plan = asProposed(input, await preview(input), { lettersAfterMinutes });
  clock.advance({ minutes: 1 });
  return mustBeClosure(await room.closures.applyClosure(manager, plan));
}

/** The code of a refusal, and a check that it changed nothing. */
async function refusedBy(act: () => Promise<object>): Promise<string> {
  const before = await closureTracesOf(database);
  const code = codeOf(await act());
  expect(await closureTracesOf(database)).toEqual(before);
  return code;
}

const undo = (closureId: string, version = 0) => room.closures.undoClosure(manager, { closureId, version });

/** Where a visit is: what an undoing must bring back. */
async function placeOf(visitId: string) {
  const { status, startsAt, endsAt, steps, movesCount } = await database.transaction((tx) =>
    room.records.read(tx, visitId),
  );
  const held = await database.client.spanClaim.findMany({
    where: { holderId: visitId, releasedAt: null },
    select: { resourceId: true, startsAt: true, endsAt: true },
    orderBy: [{ resourceId: 'asc' }, { startsAt: 'asc' }],
  });
  const there = await database.client.patientPresence.findMany({
    where: { holderId: visitId, releasedAt: null },
    select: { startsAt: true, endsAt: true },
    orderBy: { startsAt: 'asc' },
  });
  return { status, startsAt, endsAt, steps, movesCount, held, there };
}

describe('the preview of a closure', () => {
  it('keeps everybody at their time whom somebody else can see, and changes nothing else', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const found = await preview(dayOff(clinic.physioIds[0]));
    const [proposal] = found.proposals;
    expect(found).toMatchObject({ keptCount: 1, letters: [], underWay: [], otherBookings: [] });
    expect(found.resources.map(({ name }) => name)).toEqual(['Ada']);
    expect(proposal).toMatchObject({ decision: 'MOVE', isSameTime: true, keepsPromise: true, letter: null });
    expect(proposal?.visit.id).toBe(visit.id);
    expect(proposal?.offer?.startsAt).toEqual(visit.startsAt);
    expect(proposal?.offer?.steps[0]?.resources.map(({ resource }) => resource.name)).toEqual(['Ben', 'Gym']);
  });

  it('gives no two visits one place, the more urgent first, and the day that was agreed on before another', async () => {
    const first = await bookFor(`${WEDNESDAY}T09:00:00Z`, 0);
    const second = await bookFor(`${WEDNESDAY}T10:00:00Z`, 0);
    await bookFor(`${WEDNESDAY}T09:00:00Z`, 1);
    const both = await preview(dayOff(clinic.physioIds[0]));
    expect(both.proposals.map(({ visit }) => visit.id)).toEqual([first.id, second.id]);
    const [ofFirst, ofSecond] = both.proposals;
    expect(ofSecond).toMatchObject({ isSameTime: true, letter: null });
    expect(ofFirst).toMatchObject({ isSameTime: false, keepsPromise: true, letter: 'VISIT_MOVED' });
    expect(ofFirst?.offer?.startsAt.toString().slice(0, 10)).toBe(WEDNESDAY);
    expect(both.letters).toEqual([{ letter: 'VISIT_MOVED', count: 1 }]);
    const times = both.proposals.map(({ offer }) => offer?.startsAt.toString());
    expect(new Set(times).size).toBe(2);
  });

  it('says which cannot be kept and why, and that they wait again', async () => {
    await bookProcedure(WEDNESDAY);
    await makeException(database, 'CLOSED', '2026-03-03', { resourceId: clinic.theatreId });
    await database.client.openingHours.updateMany({
      where: { resourceId: clinic.operatorId },
      data: { validUntil: new Date('2026-03-04T00:00:00Z') },
    });
    const found = await preview(dayOff(clinic.theatreId));
    expect(found).toMatchObject({ keptCount: 0, letters: [{ letter: 'VISIT_CANCELLED', count: 1 }] });
    expect(found.proposals).toMatchObject([
      { decision: 'CANCEL', offer: null, keepsPromise: false, letter: 'VISIT_CANCELLED' },
    ]);
    expect(found.proposals[0]?.whyNone).toBe(
      'Procedure: the pain consultant with ULTRASOUND and procedure room are never free together for 30 minutes.',
    );
    const late = await bookFor('2026-03-20T09:00:00Z');
    await database.client.leadTimePolicy.updateMany({
      where: { visitType: PHYSIO },
      data: { earliestDays: 25, targetDays: 25, breachDays: 25 },
    });
    await database.client.visitRequest.updateMany({ data: { breachOn: new Date('2026-03-23') } });
    const both = aClosure([...clinic.physioIds], '2026-03-20T00:00:00Z', '2026-03-20T23:59:00Z');
    expect((await preview(both)).proposals).toMatchObject([
      {
        visit: { id: late.id },
        decision: 'CANCEL',
        whyNone:
          'With the notice that the patient needs, no day is left before the promise is broken, on Monday 23 March 2026.',
      },
    ]);
  });

  it('moves a whole chain, and respects the days that the patient named', async () => {
    const visit = await bookProcedure(WEDNESDAY);
    const found = await preview(dayOff(clinic.operatorId));
    const [proposal] = found.proposals;
    expect(proposal).toMatchObject({ decision: 'MOVE', isSameTime: false });
    expect(proposal?.offer?.steps).toHaveLength(3);
    expect(proposal?.offer?.startsAt.toString()).toMatch(/^2026-03-05T08:00/);
    expect(proposal?.targetOn).toBeNull();
    const wish = aWish(visit.patientId, PHYSIO, {
      times: [{ isoWeekday: 5, isExcluded: false }],
    });
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, wish));
    const physio = aPhysio(clinic, visit.patientId, `${WEDNESDAY}T14:00:00Z`, { requestId: request.id });
    mustBeVisit(await room.visits.bookVisit(desk, physio));
    const whole = aClosure([...clinic.physioIds], `${WEDNESDAY}T00:00:00Z`, `${WEDNESDAY}T23:59:00Z`);
    const fridays = (await preview(whole)).proposals;
    expect(fridays.map(({ offer }) => offer?.startsAt.toString())).toEqual(['2026-03-06T08:00:00Z']);
  });

  it('finds the same people at another time for whom that matters more, and else the same time', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`, 0, true);
    const [another] = (await preview(dayOff(clinic.physioIds[0]))).proposals;
    expect(another).toMatchObject({ isSameTime: false, keepsPromise: true, letter: 'VISIT_MOVED' });
    expect(another?.offer?.startsAt.toString()).toBe('2026-03-05T08:00:00Z');
    expect(another?.offer?.steps[0]?.resources[0]?.resource.name).toBe('Ada');
    const long = aClosure([clinic.physioIds[0]], '2026-03-03T00:00:00Z', '2026-04-01T00:00:00Z');
    const [same] = (await preview(long)).proposals;
    expect(same).toMatchObject({ isSameTime: true, keepsPromise: true, letter: null });
    expect(same?.visit.id).toBe(visit.id);
    expect(same?.offer?.steps[0]?.resources[0]?.resource.name).toBe('Ben');
  });

  it('lists what has begun, and gives holds back', async () => {
    const begun = await bookFor('2026-03-03T09:00:00Z');
    const held = mustBeVisit(
      await room.holds.holdVisit(desk, aPhysio(clinic, await makePatientId(room), '2026-03-03T13:00:00Z')),
    );
    await at('2026-03-02T09:10:00Z');
    expect((await preview(dayOff(clinic.roomIds[0], '2026-03-03'))).proposals).toHaveLength(2);
    await at('2026-03-03T09:10:00Z');
    const found = await preview(dayOff(clinic.roomIds[0], '2026-03-03'));
    expect(found.underWay.map(({ id }) => id)).toEqual([begun.id]);
    expect(found.possibleFrom?.toString()).toBe('2026-03-03T10:00:00Z');
    expect(found.proposals.map(({ visit }) => visit.id)).not.toContain(held.id);
    const today = dayOff(clinic.roomIds[0], '2026-03-03');
    const plan = asProposed(today, found);
    expect(await refusedBy(() => room.closures.applyClosure(manager, plan))).toBe(
      'ClosureHitsVisitsUnderWay',
    );
  });

  it('takes as many statements for forty visits as for two', async () => {
    const days = ['2026-03-04', '2026-03-05', '2026-03-06', '2026-03-09', '2026-03-10'];
    const times = ['08:00', '09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00'];
    await bookFor(`${days[0]}T08:00:00Z`);
    await bookFor(`${days[0]}T09:00:00Z`);
    const week = aClosure([clinic.physioIds[0]], '2026-03-04T00:00:00Z', '2026-03-11T00:00:00Z');
    const ofTwo = await statementsOf(() => preview(week));
    for (const day of days) {
      for (const time of times) if (day !== days[0] || time > '09:00') await bookFor(`${day}T${time}:00Z`);
    }
    const found = await preview(week);
    expect(found.proposals).toHaveLength(40);
    expect(await statementsOf(() => preview(week))).toBe(ofTwo);
    const spans = found.proposals.flatMap(({ offer }) =>
      (offer?.steps ?? []).map(({ startsAt, resources }) => `${startsAt} ${resources[0]?.resource.id}`),
    );
    expect(new Set(spans).size).toBe(40);
  });
});

async function statementsOf(act: () => Promise<object>): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  await act();
  const count = spy.mock.calls.length;
  spy.mockRestore();
  return count;
}

describe('a closure that is applied', () => {
  it('moves, cancels and closes as one change, and is not counted against the patient', async () => {
    const moved = await bookFor(`${WEDNESDAY}T09:00:00Z`, 0);
    const cancelled = await bookFor(`${WEDNESDAY}T10:00:00Z`, 0);
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    const decisions = plan.decisions.map((decision) =>
      decision.visitId === cancelled.id
        ? { visitId: cancelled.id, version: 0, decision: 'CANCEL' as const }
        : decision,
    );
    clock.advance({ minutes: 1 });
    const closure = mustBeClosure(await room.closures.applyClosure(manager, { ...plan, decisions }));
    expect(closure).toMatchObject({ status: 'APPLIED', version: 0, reason: 'The camera is down' });
    expect(closure.tellsAt.toString()).toBe('2026-03-02T09:11:00Z');
    expect(closure.changes).toHaveLength(2);
    expect(await placeOf(moved.id)).toMatchObject({ status: 'BOOKED', movesCount: 0 });
    const traces = await closureTracesOf(database);
    const [row] = traces.visits.filter(({ id }) => id === cancelled.id);
    expect(row).toMatchObject({ status: 'CANCELLED', cancelComment: 'The camera is down' });
    expect(traces.requests.map(({ status }) => status).sort()).toEqual(['BOOKED', 'WAITING']);
    expect(traces.exceptions).toMatchObject([{ kind: 'CLOSED', closureId: closure.id }]);
    expect(traces.messages.filter(({ topic }) => topic === 'visit.cancelled')).toMatchObject([
      { subjectId: cancelled.id, dueAt: new Date('2026-03-02T09:11:00Z') },
    ]);
    expect(traces.closureAudit).toBe(1);
    const other = aPhysio(clinic, await makePatientId(room), `${WEDNESDAY}T09:00:00Z`);
    expect(codeOf(await room.visits.bookVisit(desk, other))).toBe('OutsideOpeningHours');
    expect((await room.closureRecords.closures({}, { size: 5 })).items).toMatchObject([{ id: closure.id }]);
    expect(await room.closureRecords.closure(closure.id)).toEqual(closure);
  });

  it('closes a whole site, and nothing of another', async () => {
    await database.client.site.upsert({
      where: { code: 'NORTH' },
      create: { code: 'NORTH', name: 'North' },
      update: {},
    });
    await database.client.resource.update({
      where: { id: clinic.placeIds[1] },
      data: { siteCode: 'NORTH' },
    });
    await bookFor(`${WEDNESDAY}T09:00:00Z`, 1);
    const closure = await close(aClosure([], `${WEDNESDAY}T00:00:00Z`, `${WEDNESDAY}T23:59:00Z`));
    const { exceptions } = await closureTracesOf(database);
    expect(exceptions).toHaveLength(7);
    expect(exceptions.map(({ resourceId }) => resourceId)).not.toContain(clinic.placeIds[1]);
    expect(closure).toMatchObject({ resourceIds: [], changes: [{ decision: 'MOVE' }] });
    const other = dayOff(clinic.placeIds[1]);
    await expect(room.previews.closurePreview(manager.actor, other)).rejects.toThrow(/resource/);
    mustBeClosure(await undo(closure.id));
    expect((await closureTracesOf(database)).exceptions).toEqual([]);
  });

  it('lets one visit have the place that another leaves', async () => {
    const first = await bookFor(`${WEDNESDAY}T09:00:00Z`, 0);
    const second = await bookFor(`${WEDNESDAY}T11:00:00Z`, 1);
    const input = aClosure(
      [clinic.roomIds[0], clinic.roomIds[1]],
      `${WEDNESDAY}T08:00:00Z`,
      `${WEDNESDAY}T10:00:00Z`,
    );
    const later = aClosure([clinic.roomIds[1]], `${WEDNESDAY}T08:00:00Z`, `${WEDNESDAY}T18:00:00Z`);
    expect((await preview(input)).proposals.map(({ visit }) => visit.id)).toEqual([first.id]);
    const plan = asProposed(later, await preview(later));
    expect(plan.decisions).toMatchObject([{ visitId: second.id, decision: 'MOVE' }]);
    mustBeClosure(await room.closures.applyClosure(manager, plan));
    expect((await placeOf(second.id)).startsAt).toEqual(second.startsAt);
  });

  it('is refused when a visit has come, gone or changed since, and changes nothing', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    const otherTime = { ...plan, endsAt: Temporal.Instant.from(`${WEDNESDAY}T20:00:00Z`) };
    expect(await refusedBy(() => room.closures.applyClosure(manager, otherTime))).toBe('ClosurePlanStale');
    const late = await bookFor(`${WEDNESDAY}T14:00:00Z`);
    const stale = await room.closures.applyClosure(manager, plan);
    expect(stale).toMatchObject({ code: 'ClosurePlanStale', visitIds: [late.id] });
    mustBeVisit(
      await room.visits.cancelVisit(desk, { visitId: late.id, version: 0, reasonCode: 'STAFF_ABSENT' }),
    );
    mustBeVisit(
      await room.visits.moveVisit(desk, {
        visitId: visit.id,
        version: 0,
        steps: physioAt(clinic, `${WEDNESDAY}T10:00:00Z`),
      }),
    );
    expect(await refusedBy(() => room.closures.applyClosure(manager, plan))).toBe('ClosurePlanStale');
  });

  it('is refused whole when one place has been taken, and names the visit', async () => {
    const first = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const second = await bookFor(`${WEDNESDAY}T11:00:00Z`);
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    mustBeVisit(
      await room.visits.bookVisit(
        desk,
        aPhysio(clinic, await makePatientId(room), `${WEDNESDAY}T11:00:00Z`, { pair: 1 }),
      ),
    );
    let answer: object = {};
    const act = async () => {
      answer = await room.closures.applyClosure(manager, plan);
      return answer;
    };
    expect(await refusedBy(act)).toBe('ClosureVisitRefused');
    expect(answer).toMatchObject({ visitId: second.id, reasonCode: 'SlotAlreadyTaken' });
    expect((await placeOf(first.id)).status).toBe('BOOKED');
    const again = mustBePreview(await room.previews.closurePreview(manager.actor, input));
    mustBeClosure(await room.closures.applyClosure(manager, asProposed(input, again)));
  });

  it('moves nobody into the time that is closed, and cancels for reasons that one may give', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    const into = {
      ...plan,
      decisions: [
        {
          visitId: visit.id,
          version: 0,
          decision: 'MOVE' as const,
          steps: physioAt(clinic, `${WEDNESDAY}T15:00:00Z`),
        },
      ],
    };
    const code = await refusedBy(() => room.closures.applyClosure(manager, into));
    expect(code).toBe('ClosureVisitRefused');
    const cancels = {
      ...plan,
      cancelReasonCode: 'NOT_NEEDED',
      decisions: [{ visitId: visit.id, version: 0, decision: 'CANCEL' as const }],
    };
    expect(await refusedBy(() => room.closures.applyClosure(manager, cancels))).toBe('CancelReasonNotYours');
  });

  it('is refused over bookings that are no visits', async () => {
    await makeClaim(database, {
      resourceId: clinic.theatreId,
      startsAt: `${WEDNESDAY}T09:00:00Z`,
      endsAt: `${WEDNESDAY}T10:00:00Z`,
    });
    const input = dayOff(clinic.theatreId);
    const found = await preview(input);
    expect(found.otherBookings).toHaveLength(1);
    const plan = asProposed(input, found);
    expect(await refusedBy(() => room.closures.applyClosure(manager, plan))).toBe('ClosureHitsBookings');
  });

  it('names freed places that are being offered in that time', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const cancel = { visitId: visit.id, version: 0, reasonCode: 'STAFF_ABSENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    const [place] = await database.client.freedPlace.findMany();
    await makeClaim(database, {
      resourceId: clinic.physioIds[0],
      startsAt: `${WEDNESDAY}T09:00:00Z`,
      endsAt: `${WEDNESDAY}T09:45:00Z`,
      ...(place === undefined ? {} : { holderId: place.id }),
    });
    const input = dayOff(clinic.physioIds[0]);
    const found = await preview(input);
    expect(found).toMatchObject({ offeredPlaceIds: [place?.id], otherBookings: [], proposals: [] });
    const plan = asProposed(input, found);
    expect(await refusedBy(() => room.closures.applyClosure(manager, plan))).toBe('ClosureHitsBookings');
  });

  it('asks the room that follows a visit, and tells it when people may hear', async () => {
    const changes: VisitChange[] = [];
    let refusal: InThePast | null = null;
    room.companions.register('SCAN', {
      keepsPatient: false,
      suitable: async () => ({ kind: 'PHYSIOTHERAPIST', ids: [clinic.physioIds[1]] }),
      judge: async () => refusal,
      follow: async (_tx, _actor, change) => {
        changes.push(change);
      },
    });
    await database.client.visitType.update({ where: { code: PHYSIO }, data: { companion: 'SCAN' } });
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    clock.advance({ minutes: 1 });
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    refusal = new InThePast();
    const refused = await room.closures.applyClosure(manager, plan);
    expect(refused).toMatchObject({ code: 'ClosureVisitRefused', reasonCode: 'CompanionRefused' });
    refusal = null;
    const closure = mustBeClosure(await room.closures.applyClosure(manager, plan));
    mustBeClosure(await undo(closure.id));
    expect(changes.map(({ action, tellingAt }) => [action, tellingAt])).toEqual([
      ['visit.booked', null],
      ['visit.moved', closure.tellsAt],
      ['visit.restored', null],
    ]);
    expect(changes.every(({ after }) => after.id === visit.id)).toBe(true);
  });

  it('answers the same to the same key, and closes once', async () => {
    await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    const keyed = { ...manager, idempotencyKey: 'closure-1' };
    const [first, again] = [
      mustBeClosure(await room.closures.applyClosure(keyed, plan)),
      mustBeClosure(await room.closures.applyClosure(keyed, plan)),
    ];
    expect(again).toEqual(first);
    expect((await closureTracesOf(database)).closures).toHaveLength(1);
  });

  it('lets no booking through: fifty at once against one closure', async () => {
    const patients = await Promise.all(Array.from({ length: 50 }, () => makePatientId(room)));
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input));
    const times = ['08', '09', '10', '11', '12', '13', '14', '15'];
    const answers = await Promise.all([
      ...patients.map((patientId, at) =>
        room.visits.bookVisit(
          desk,
          aPhysio(clinic, patientId, `${WEDNESDAY}T${times[at % times.length]}:00:00Z`),
        ),
      ),
      room.closures.applyClosure(manager, plan),
    ]);
    const closed = answers.at(-1);
    const booked = answers.slice(0, -1).filter((answer) => !isRefusal(answer));
    if (isRefusal(closed)) {
      expect(['ClosurePlanStale', 'ClosureHitsBookings']).toContain(closed.code);
      expect(booked.length).toBeGreaterThan(0);
    } else {
      expect(booked).toHaveLength(0);
    }
    const codes = answers
      .slice(0, -1)
      .filter(isRefusal)
      .map(({ code }) => code);
    expect(codes.filter((code) => !['SlotAlreadyTaken', 'OutsideOpeningHours'].includes(code))).toEqual([]);
  });

  it('stands in line with whoever moves the same visits, and with another closure of the same time', async () => {
    const times = ['08', '09', '10', '11', '12', '13'];
    const visits = [];
    for (const hour of times) visits.push(await bookFor(`${WEDNESDAY}T${hour}:00:00Z`));
    const input = aClosure([...clinic.physioIds], `${WEDNESDAY}T00:00:00Z`, `${WEDNESDAY}T23:59:00Z`);
    const plan = asProposed(input, await preview(input));
    const [first, second, ...moves] = await Promise.all([
      room.closures.applyClosure(manager, plan),
      room.closures.applyClosure(aBooker({ roles: ['MANAGER'] }), plan),
      ...visits.map(({ id: visitId }, at) =>
        room.visits.moveVisit(desk, {
          visitId,
          version: 0,
          steps: physioAt(clinic, `2026-03-10T${times[at]}:00:00Z`),
        }),
      ),
    ]);
    const codes = [first, second].map((answer) => (isRefusal(answer) ? answer.code : 'closed')).sort();
    expect([
      ['ClosurePlanStale', 'ClosurePlanStale'],
      ['ClosurePlanStale', 'closed'],
    ]).toContainEqual(codes);
    const moved = moves.filter((answer) => !isRefusal(answer));
    expect(moved.length === 0).toBe(codes.includes('closed'));
    const left = await database.client.spanClaim.count({
      where: { releasedAt: null, resourceId: clinic.physioIds[0], startsAt: { lt: new Date('2026-03-05') } },
    });
    expect(left === 0).toBe(codes.includes('closed') || moved.length === visits.length);
  });

  it('is of whole days on the wall also when the clocks change', async () => {
    await at('2026-10-20T08:00:00Z');
    const before = await bookFor('2026-10-23T09:00:00Z');
    const after = await bookFor('2026-10-26T10:00:00Z');
    const input = aClosure([clinic.physioIds[0]], '2026-10-22T23:00:00Z', '2026-10-26T12:30:00Z');
    expect((await preview(input)).proposals.map(({ visit }) => visit.id)).toEqual([before.id, after.id]);
    const closure = await close(input);
    const days = (await closureTracesOf(database)).exceptions.map(({ heldOn, startsAt, endsAt }) => [
      heldOn.toISOString().slice(0, 10),
      startsAt?.toISOString().slice(11, 16) ?? null,
      endsAt?.toISOString().slice(11, 16) ?? null,
    ]);
    expect(days.sort()).toEqual([
      ['2026-10-23', null, null],
      ['2026-10-24', null, null],
      ['2026-10-25', null, null],
      ['2026-10-26', '00:00', '12:30'],
    ]);
    expect(closure.changes).toHaveLength(2);
    const afternoon = aPhysio(clinic, await makePatientId(room), '2026-10-26T12:30:00Z');
    mustBeVisit(await room.visits.bookVisit(desk, afternoon));
    await at('2026-10-20T08:00:00Z');
    const twice = aClosure([clinic.physioIds[0]], '2026-10-25T00:30:00Z', '2026-10-25T18:00:00Z');
    await expect(room.previews.closurePreview(manager.actor, twice)).rejects.toThrow(/comes twice/);
  });
});

describe('a closure that is undone', () => {
  it('puts every visit back, opens the time and withdraws what would have been told', async () => {
    const moved = await bookFor(`${WEDNESDAY}T09:00:00Z`, 0);
    await bookFor(`${WEDNESDAY}T09:00:00Z`, 1);
    const procedure = await bookProcedure(WEDNESDAY);
    const before = [await placeOf(moved.id), await placeOf(procedure.id)];
    clock.advance({ minutes: 5 });
    const input = aClosure(
      [clinic.physioIds[0], clinic.operatorId],
      `${WEDNESDAY}T00:00:00Z`,
      `${WEDNESDAY}T23:59:00Z`,
    );
    const closure = await close(input);
    expect((await placeOf(procedure.id)).startsAt).not.toEqual(procedure.startsAt);
    const told = (await closureTracesOf(database)).messages.filter(({ topic }) => topic === 'visit.moved');
    expect(told).toHaveLength(2);
    clock.advance({ minutes: 9 });
    const undone = mustBeClosure(await undo(closure.id));
    expect(undone).toMatchObject({ status: 'UNDONE', version: 1, undoneById: manager.actor.id });
    expect([await placeOf(moved.id), await placeOf(procedure.id)]).toEqual(before);
    const traces = await closureTracesOf(database);
    expect(traces.exceptions).toEqual([]);
    expect(traces.messages.filter(({ topic }) => topic === 'visit.moved')).toEqual([]);
    expect(await database.client.freedPlace.count({ where: { status: 'OPEN' } })).toBe(0);
    const ofMoved = traces.revisions.filter(({ visitId }) => visitId === moved.id);
    expect(ofMoved.map(({ action }) => action)).toEqual(['booked', 'moved', 'restored']);
    expect(await refusedBy(() => undo(closure.id, 1))).toBe('ClosureAlreadyUndone');
  });

  it('books a cancelled visit again, and its request waits no more', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const before = await placeOf(visit.id);
    const input = dayOff(clinic.physioIds[0]);
    clock.advance({ minutes: 1 });
    const plan = asProposed(input, await preview(input), {
      decisions: [{ visitId: visit.id, version: 0, decision: 'CANCEL' }],
    });
    const closure = mustBeClosure(await room.closures.applyClosure(manager, plan));
    expect((await closureTracesOf(database)).requests).toMatchObject([{ status: 'WAITING' }]);
    mustBeClosure(await undo(closure.id));
    expect(await placeOf(visit.id)).toEqual(before);
    const { requests, visits } = await closureTracesOf(database);
    expect(requests).toMatchObject([{ status: 'BOOKED' }]);
    expect(visits).toMatchObject([{ cancelReasonCode: null, cancelledAt: null, version: 2 }]);
  });

  it('is refused once people are told, by the clock or by the message', async () => {
    await bookFor(`${WEDNESDAY}T09:00:00Z`, 0);
    await bookFor(`${WEDNESDAY}T09:00:00Z`, 1);
    clock.advance({ minutes: 1 });
    const closure = await close(dayOff(clinic.physioIds[0]));
    const taken = { relayedAt: new Date(clock.now().epochMilliseconds) };
    await database.client.outboxMessage.updateMany({ where: { topic: 'visit.moved' }, data: taken });
    expect(await refusedBy(() => undo(closure.id))).toBe('ClosureAlreadyTold');
    await database.client.outboxMessage.updateMany({
      where: { topic: 'visit.moved' },
      data: { relayedAt: null },
    });
    clock.advance({ minutes: 10 });
    expect(await refusedBy(() => undo(closure.id))).toBe('ClosureAlreadyTold');
  });

  it('is refused when a visit was changed since, or its request was answered by another', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    clock.advance({ minutes: 1 });
    const closure = await close(dayOff(clinic.physioIds[0]));
    const steps = physioAt(clinic, '2026-03-05T09:00:00Z');
    mustBeVisit(await room.visits.moveVisit(desk, { visitId: visit.id, version: 1, steps }));
    let answer: object = {};
    const act = async () => {
      answer = await undo(closure.id);
      return answer;
    };
    expect(await refusedBy(act)).toBe('ClosureOvertaken');
    expect(answer).toMatchObject({ visitIds: [visit.id], reasonCode: null });
  });

  it('is refused when somebody has the old place, and names the visit', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const other = await bookFor(`${WEDNESDAY}T09:00:00Z`, 1);
    clock.advance({ minutes: 1 });
    const closure = await close(dayOff(clinic.physioIds[0]));
    const cancel = { visitId: other.id, version: 0, reasonCode: 'STAFF_ABSENT' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancel));
    const steps = [
      {
        startsAt: visit.startsAt,
        resources: [
          { role: 'physiotherapist', resourceId: clinic.physioIds[1] },
          { role: 'room', resourceId: clinic.roomIds[0] },
        ],
      },
    ];
    const patientId = await makePatientId(room);
    const taker = { patientId, visitTypeCode: PHYSIO, steps };
    mustBeVisit(await room.visits.bookVisit(desk, taker));
    let answer: object = {};
    const act = async () => {
      answer = await undo(closure.id);
      return answer;
    };
    expect(await refusedBy(act)).toBe('ClosureOvertaken');
    expect(answer).toMatchObject({ visitIds: [visit.id], reasonCode: 'SlotAlreadyTaken' });
  });

  it('is refused when the patient has another visit then, or the request another answer', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    clock.advance({ minutes: 1 });
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input), {
      decisions: [{ visitId: visit.id, version: 0, decision: 'CANCEL' }],
    });
    const closure = mustBeClosure(await room.closures.applyClosure(manager, plan));
    const again = aPhysio(clinic, visit.patientId, `${WEDNESDAY}T14:00:00Z`, {
      pair: 1,
      requestId: visit.requestId,
    });
    mustBeVisit(await room.visits.bookVisit(desk, again));
    const answer = await undo(closure.id);
    expect(answer).toMatchObject({ code: 'ClosureOvertaken', reasonCode: 'RequestNotWaiting' });
  });

  it('is refused when the request of a series was answered by a visit that is none of it', async () => {
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    const { patientId, requestId } = visit;
    const { id: seriesId } = await database.client.visitSeries.create({
      data: {
        ...{ patientId, requestId, visitTypeCode: PHYSIO, visitsCount: 2, everyDays: 7 },
        bookedAt: new Date(NOW),
        bookedById: desk.actor.id,
      },
    });
    const inSeries = { seriesId, seriesPosition: 0 };
    await database.client.visit.update({ where: { id: visit.id }, data: inSeries });
    clock.advance({ minutes: 1 });
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input), {
      decisions: [{ visitId: visit.id, version: 0, decision: 'CANCEL' }],
    });
    const closure = mustBeClosure(await room.closures.applyClosure(manager, plan));
    const again = aPhysio(clinic, patientId, `${WEDNESDAY}T14:00:00Z`, { pair: 1, requestId });
    mustBeVisit(await room.visits.bookVisit(desk, again));
    const answer = await undo(closure.id);
    expect(answer).toMatchObject({ code: 'ClosureOvertaken', reasonCode: 'RequestNotWaiting' });
    expect(await database.client.visit.count({ where: { requestId, status: 'BOOKED' } })).toBe(1);
  });

  it('leaves nobody off the waiting list, whatever reason was given for it', async () => {
    await database.client.cancelReason.create({
      data: { code: 'BOOKED_IN_ERROR', name: 'In error', allowedRoles: ['MANAGER'], needsComment: false },
    });
    const visit = await bookFor(`${WEDNESDAY}T09:00:00Z`);
    clock.advance({ minutes: 1 });
    const input = dayOff(clinic.physioIds[0]);
    const plan = asProposed(input, await preview(input), {
      cancelReasonCode: 'BOOKED_IN_ERROR',
      decisions: [{ visitId: visit.id, version: 0, decision: 'CANCEL' }],
    });
    const closure = mustBeClosure(await room.closures.applyClosure(manager, plan));
    expect((await closureTracesOf(database)).requests).toMatchObject([{ status: 'WAITING' }]);
    mustBeClosure(await undo(closure.id));
    expect((await closureTracesOf(database)).requests).toMatchObject([{ status: 'BOOKED' }]);
  });

  it('is refused when the time of a visit has come meanwhile', async () => {
    const visit = await bookFor('2026-03-03T09:00:00Z');
    await at('2026-03-03T08:55:00Z');
    const closure = await close(dayOff(clinic.physioIds[0], '2026-03-03'));
    clock.advance({ minutes: 5 });
    const answer = await undo(closure.id);
    expect(answer).toMatchObject({ visitIds: [visit.id], reasonCode: 'InThePast' });
  });

  it('leaves a hold that was given back as it is', async () => {
    const patientId = await makePatientId(room);
    const wish = aPhysio(clinic, patientId, `${WEDNESDAY}T09:00:00Z`);
    const held = mustBeVisit(await room.holds.holdVisit(desk, wish));
    const closure = await close(dayOff(clinic.physioIds[0]));
    expect(closure.changes).toMatchObject([{ visitId: held.id, decision: 'CANCEL' }]);
    expect((await placeOf(held.id)).status).toBe('LAPSED');
    mustBeClosure(await undo(closure.id));
    expect((await placeOf(held.id)).status).toBe('LAPSED');
    mustBeVisit(await room.visits.bookVisit(desk, wish));
  });

  it('opens a time in which nothing was booked', async () => {
    const closure = await close(dayOff(clinic.physioIds[0]));
    expect(closure.changes).toEqual([]);
    const wish = aPhysio(clinic, await makePatientId(room), `${WEDNESDAY}T09:00:00Z`);
    expect(codeOf(await room.visits.bookVisit(desk, wish))).toBe('OutsideOpeningHours');
    mustBeClosure(await undo(closure.id));
    mustBeVisit(await room.visits.bookVisit(desk, wish));
  });

  it('is done once when many ask at once', async () => {
    await bookFor(`${WEDNESDAY}T09:00:00Z`);
    clock.advance({ minutes: 1 });
    const closure = await close(dayOff(clinic.physioIds[0]));
    const answers = await Promise.all(Array.from({ length: 8 }, () => undo(closure.id)));
    expect(answers.map((answer) => (isRefusal(answer) ? answer.code : 'done')).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'ClosureAlreadyUndone'),
      'done',
    ]);
  });
});
