import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Visit } from '../../src/clinic/visits/visit.type.js';
import { followersOf } from '../../src/clinic/visits/visit-day.rules.js';
import type { VisitDayService } from '../../src/clinic/visits/visit-day.service.js';
import type { VisitLegService } from '../../src/clinic/visits/visit-leg.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { VisitStatus } from '../../src/platform/database/generated/enums.js';
import type { Refusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeException } from '../support/scheduling.factory.js';
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
  tracesOf,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Booked on a Monday for the Tuesday of the week after; London is on UTC.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-10T09:00:00Z';
const at = (time: string) => Temporal.Instant.from(`2026-03-10T${time}Z`);

const DESK = aBooker();
const { actor } = DESK;

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;
let day: VisitDayService;
let legs: VisitLegService;

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
  ({ day, legs } = room);
});

async function bookPhysio(startsAt = NINE, patientId?: string, requestId?: string): Promise<Visit> {
  const whose = patientId ?? (await makePatientId(room));
  return mustBeVisit(await room.visits.bookVisit(DESK, aPhysio(clinic, whose, startsAt, { requestId })));
}

/** Admission 9:00 to 9:15, procedure to 9:45, review from 10:30 to 10:45, unless the review is at another time. */
async function bookProcedure(reviewAt = '10:30:00', patientId?: string): Promise<Visit> {
  const [place] = clinic.placeIds;
  const chair = [{ role: 'place', resourceId: place }];
  const crew = [
    { role: 'operator', resourceId: clinic.operatorId },
    { role: 'room', resourceId: clinic.theatreId },
  ];
  const steps = [
    { startsAt: at('09:00:00'), resources: chair },
    { startsAt: at('09:15:00'), resources: crew },
    { startsAt: at(reviewAt), resources: chair },
  ];
  const whose = patientId ?? (await makePatientId(room));
  return mustBeVisit(
    await room.visits.bookVisit(DESK, { patientId: whose, visitTypeCode: PROCEDURE, steps }),
  );
}

type Press = (visit: Pick<Visit, 'id' | 'version'>) => Promise<Visit | Refusal>;

const of = ({ id: visitId, version }: Pick<Visit, 'id' | 'version'>) => ({ visitId, version });

const PRESSES = {
  markArrived: (visit) => day.markArrived(actor, of(visit)),
  startVisit: (visit) => day.startVisit(actor, of(visit)),
  startVisitStep: (visit) => day.startVisitStep(actor, { ...of(visit), position: 1 }),
  finishVisitStep: (visit) => day.finishVisitStep(actor, { ...of(visit), position: 0 }),
  slipStep: (visit) => legs.slipStep(actor, { ...of(visit), position: 2, startsAt: at('10:45:00') }),
  finishVisit: (visit) => day.finishVisit(actor, of(visit)),
  markNoShow: (visit) => day.markNoShow(actor, of(visit)),
  undoVisitStep: (visit) => day.undoVisitStep(actor, of(visit)),
} as const satisfies Record<string, Press>;
type PressName = keyof typeof PRESSES;

async function pressed(visit: Visit, ...names: readonly PressName[]): Promise<Visit> {
  let now = visit;
  for (const name of names) now = mustBeVisit(await PRESSES[name](now));
  return now;
}

/** A procedure in each state, by the verbs that lead there; the clock then shows 9:20. */
async function makeIn(status: VisitStatus): Promise<Visit> {
  if (status === 'HELD' || status === 'LAPSED') {
    clock.set(at('09:10:00').subtract({ hours: 48 }));
    const patientId = await makePatientId(room);
    const held = mustBeVisit(await room.holds.holdVisit(DESK, aPhysio(clinic, patientId, NINE)));
    if (status === 'LAPSED') clock.advance({ minutes: 15 });
    return room.records.visit(actor, held.id);
  }
  const booked = await bookProcedure();
  clock.set(at('09:20:00'));
  switch (status) {
    case 'BOOKED':
      return booked;
    case 'ARRIVED':
      return pressed(booked, 'markArrived');
    case 'IN_PROGRESS':
      return pressed(booked, 'markArrived', 'startVisit');
    case 'COMPLETED':
      return pressed(booked, 'markArrived', 'startVisit', 'finishVisit');
    case 'DISCONTINUED': {
      const begun = await pressed(booked, 'markArrived', 'startVisit');
      const discontinuedBecause = 'Fainted.';
      return mustBeVisit(await day.finishVisit(actor, { ...of(begun), discontinuedBecause }));
    }
    case 'NO_SHOW':
      return pressed(booked, 'markNoShow');
    case 'CANCELLED': {
      await database.client.visit.update({
        where: { id: booked.id },
        data: { status, cancelledAt: '2026-03-09T09:00:00Z', cancelReasonCode: await aReason() },
      });
      return room.records.visit(actor, booked.id);
    }
  }
}

async function aReason(): Promise<string> {
  const data = { code: 'OTHER', name: 'Another', allowedRoles: ['RECEPTION' as const], needsComment: false };
  return (await database.client.cancelReason.create({ data })).code;
}

async function liveClaims(holderId: string) {
  return database.client.spanClaim.findMany({
    where: { holderId, releasedAt: null },
    orderBy: [{ startsAt: 'asc' }, { endsAt: 'asc' }],
  });
}

describe('every state and every verb', () => {
  const names = Object.keys(PRESSES) as PressName[];

  it.each(Object.values(VisitStatus))(
    'in %s does what the table says and refuses the rest',
    async (status) => {
      for (const name of names) {
        await emptyVisits(database);
        clock.set(NOW);
        clinic = await makeVisitClinic(database);
        const visit = await makeIn(status);
        expect(visit.status).toBe(status);
        const [next] = followersOf(status, name);
        const before = await tracesOf(database);
        const result = await PRESSES[name](visit);
        if (next === undefined) {
          expect([name, codeOf(result)]).toEqual([name, 'NotInThisState']);
          expect(await tracesOf(database)).toEqual(before);
          continue;
        }
        // The second step of a visit cannot start while its first runs: the verb is there, the step is not.
        if (name === 'startVisitStep') {
          expect(codeOf(result)).toBe('StepNotInThisState');
          expect(await tracesOf(database)).toEqual(before);
          continue;
        }
        expect([name, mustBeVisit(result).status]).toEqual([name, next]);
        expect(mustBeVisit(result).version).toBe(visit.version + 1);
        const after = await tracesOf(database);
        expect(after.revisions).toHaveLength(before.revisions.length + 1);
        expect(after.audit).toBe(before.audit + 1);
        const stale = await PRESSES[name](visit);
        expect(['NotInThisState', 'VisitChangedMeanwhile', 'StepNotInThisState']).toContain(codeOf(stale));
        expect(await tracesOf(database)).toEqual(after);
      }
    },
  );

  it('says what can be done to a second press, and the version to one who has read an older visit', async () => {
    const booked = await bookPhysio();
    clock.set(at('08:50:00'));
    const arrived = await pressed(booked, 'markArrived');
    expect(await day.markArrived(actor, of(booked))).toMatchObject({
      code: 'NotInThisState',
      status: 'ARRIVED',
      possibleActions: ['cancelVisit', 'startVisit', 'undoVisitStep'],
    });
    expect(await day.startVisit(actor, of(booked))).toMatchObject({
      code: 'VisitChangedMeanwhile',
      version: arrived.version,
    });
    const nobody = { visitId: '00000000-0000-4000-8000-000000000000', version: 0 };
    await expect(day.markArrived(actor, nobody)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of 50 presses at once does one', async () => {
    const booked = await bookPhysio();
    clock.set(at('08:50:00'));
    const results = await Promise.all(Array.from({ length: 50 }, () => day.markArrived(actor, of(booked))));
    expect(results.map(codeOf).sort()).toEqual([...Array<string>(49).fill('NotInThisState'), 'visit']);
    expect(await database.client.visitRevision.count({ where: { action: 'arrived' } })).toBe(1);
    const arrived = await room.records.visit(actor, booked.id);
    const undone = await Promise.all(Array.from({ length: 50 }, () => day.undoVisitStep(actor, of(arrived))));
    expect(undone.map(codeOf).filter((code) => code === 'visit')).toHaveLength(1);
  });
});

describe('the times of a visit', () => {
  it('are those at which people said so, step by step, and the running step ends with the visit', async () => {
    let visit = await bookProcedure();
    const say = async (time: string, press: Press) => {
      clock.set(at(time));
      visit = mustBeVisit(await press(visit));
    };
    await say('08:50:00', PRESSES.markArrived);
    await say('09:02:00', PRESSES.startVisit);
    await say('09:16:00', PRESSES.finishVisitStep);
    await say('09:18:30', PRESSES.startVisitStep);
    await say('09:50:00', PRESSES.finishVisit);
    expect(visit).toMatchObject({
      status: 'COMPLETED',
      arrivedAt: at('08:50:00'),
      startedAt: at('09:02:00'),
      finishedAt: at('09:50:00'),
      steps: [
        { startedAt: at('09:02:00'), endedAt: at('09:16:00') },
        { startedAt: at('09:18:30'), endedAt: at('09:50:00') },
        { startedAt: null, endedAt: null },
      ],
    });
    await say('09:55:00', PRESSES.undoVisitStep);
    expect(visit).toMatchObject({ status: 'IN_PROGRESS', finishedAt: null });
    expect(visit.steps[1]).toMatchObject({ startedAt: at('09:18:30'), endedAt: null });
    await say('09:56:00', PRESSES.undoVisitStep);
    expect(visit).toMatchObject({ status: 'IN_PROGRESS', steps: [{}, { startedAt: null }, {}] });
    await say('09:57:00', PRESSES.undoVisitStep);
    await say('09:58:00', PRESSES.undoVisitStep);
    expect(visit).toMatchObject({
      status: 'ARRIVED',
      startedAt: null,
      steps: [{ startedAt: null, endedAt: null }, {}, {}],
    });
    await say('09:59:00', PRESSES.undoVisitStep);
    expect(visit).toMatchObject({ status: 'BOOKED', arrivedAt: null });
  });

  it('keep the reason of one that was broken off', async () => {
    const visit = await makeIn('DISCONTINUED');
    const revision = await database.client.visitRevision.findFirst({
      where: { visitId: visit.id, version: visit.version },
    });
    expect(revision).toMatchObject({ action: 'discontinued', snapshot: { discontinuedBecause: 'Fainted.' } });
  });
});

describe('an arrival', () => {
  it('is refused before the day of the visit, and nothing is written', async () => {
    const visit = await bookPhysio();
    clock.set(Temporal.Instant.from('2026-03-09T23:59:59Z'));
    const before = await tracesOf(database);
    expect(await day.markArrived(actor, of(visit))).toMatchObject({
      code: 'ArrivalTooEarly',
      possibleFrom: at('00:00:00'),
      message: expect.stringContaining('Tuesday 10 March 2026'),
    });
    expect(await tracesOf(database)).toEqual(before);
    clock.set(at('00:00:00'));
    expect((await pressed(visit, 'markArrived')).status).toBe('ARRIVED');
  });
});

describe('hours that change during the visit', () => {
  const isAway = (resourceId: string, hours: `${string}-${string}`) =>
    makeException(database, 'CLOSED', '2026-03-10', { resourceId, hours });

  it('do not stop the slip of a later step, and what has not changed is left alone', async () => {
    const visit = await makeIn('IN_PROGRESS');
    clock.set(at('10:05:20'));
    const done = mustBeVisit(await day.finishVisitStep(actor, { ...of(visit), position: 0 }));
    const earlier = (await liveClaims(visit.id)).slice(0, 3);
    await isAway(clinic.operatorId, '09:00-18:00');
    await isAway(clinic.placeIds[0], '09:00-10:00');
    const slipped = mustBeVisit(await PRESSES.slipStep(done));
    expect(slipped.steps[2]).toMatchObject({ startsAt: at('10:45:00') });
    const claims = await liveClaims(visit.id);
    expect(claims.slice(0, 3)).toEqual(earlier);
    expect(claims.slice(3).map(({ startsAt }) => startsAt.toISOString())).toEqual([
      '2026-03-10T10:45:00.000Z',
    ]);
  });

  it('do not stop an undo when they are over; what is still to come is taken', async () => {
    const visit = await makeIn('DISCONTINUED');
    await isAway(clinic.operatorId, '09:00-18:00');
    await isAway(clinic.theatreId, '09:00-10:00');
    const before = await tracesOf(database);
    clock.set(at('09:30:00'));
    expect(codeOf(await PRESSES.undoVisitStep(visit))).toBe('OutsideOpeningHours');
    expect(await tracesOf(database)).toEqual(before);
    clock.set(at('10:35:20'));
    expect((await pressed(visit, 'undoVisitStep')).status).toBe('IN_PROGRESS');
    const claims = (await liveClaims(visit.id)).map(({ startsAt, endsAt }) => [startsAt, endsAt]);
    const rest = [[new Date('2026-03-10T10:35:20Z'), new Date('2026-03-10T10:45:00Z')]];
    expect(claims).toEqual(rest);
    const stays = await database.client.patientPresence.findMany({
      where: { holderId: visit.id, releasedAt: null },
    });
    expect(stays.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual(rest);
  });

  it('nor when the whole visit is over', async () => {
    const visit = await makeIn('DISCONTINUED');
    await isAway(clinic.operatorId, '09:00-18:00');
    clock.set(at('11:00:00'));
    expect((await pressed(visit, 'undoVisitStep')).status).toBe('IN_PROGRESS');
    expect(await liveClaims(visit.id)).toEqual([]);
  });
});

describe('a no-show', () => {
  it('of somebody who had arrived and left goes back to the waiting room when it is undone', async () => {
    const arrived = await makeIn('ARRIVED');
    clock.advance({ minutes: 5 });
    const missed = await pressed(arrived, 'markNoShow');
    expect(await pressed(missed, 'undoVisitStep')).toMatchObject({
      status: 'ARRIVED',
      arrivedAt: arrived.arrivedAt,
    });
  });

  it('is said after the start only, frees the time at once and lets the request wait again', async () => {
    const patientId = await makePatientId(room);
    const wish = aWish(patientId, PHYSIO, { priority: 'ROUTINE' });
    const request = mustBeRequest(await room.requests.requestVisit(actor, wish));
    const visit = await bookPhysio(NINE, patientId, request.id);
    clock.set(at('08:59:59'));
    const before = await tracesOf(database);
    expect(await day.markNoShow(actor, of(visit))).toMatchObject({
      code: 'NoShowTooEarly',
      possibleFrom: at('09:00:00'),
    });
    expect(await tracesOf(database)).toEqual(before);
    clock.set(at('09:15:00'));
    const missed = await pressed(visit, 'markNoShow');
    expect(await liveClaims(visit.id)).toEqual([]);
    const { client } = database;
    expect(await client.patientPresence.count({ where: { releasedAt: null } })).toBe(0);
    expect(await client.visitRequest.findFirst()).toMatchObject({ status: 'WAITING' });
    const back = await pressed(missed, 'undoVisitStep');
    expect(back.status).toBe('BOOKED');
    expect(await liveClaims(visit.id)).toHaveLength(2);
    expect(await client.visitRequest.findFirst()).toMatchObject({ status: 'BOOKED' });
  });

  it('is not undone when somebody else has the time, the person or the request', async () => {
    const visit = await bookPhysio();
    const other = await bookPhysio('2026-03-10T11:00:00Z');
    clock.set(at('09:01:00'));
    const missed = await pressed(visit, 'markNoShow');
    const { client } = database;
    await client.spanClaim.updateMany({
      where: { holderId: other.id, releasedAt: null },
      data: { startsAt: at('09:15:00').toString(), endsAt: at('09:45:00').toString() },
    });
    const before = await tracesOf(database);
    expect(await day.undoVisitStep(actor, of(missed))).toMatchObject({
      code: 'SlotAlreadyTaken',
      nextFreeAt: at('09:45:00'),
    });
    expect(await tracesOf(database)).toEqual(before);
    await client.spanClaim.deleteMany({ where: { holderId: other.id } });
    await client.patientPresence.updateMany({
      where: { holderId: other.id },
      data: {
        patientId: visit.patientId,
        startsAt: at('09:30:00').toString(),
        endsAt: at('09:50:00').toString(),
      },
    });
    expect(codeOf(await day.undoVisitStep(actor, of(missed)))).toBe('PatientElsewhere');
    await client.patientPresence.deleteMany({ where: { holderId: other.id } });
    await client.visit.update({ where: { id: other.id }, data: { replacesId: visit.id } });
    expect(await day.undoVisitStep(actor, of(missed))).toMatchObject({
      code: 'RequestAlreadyBooked',
      visitId: other.id,
    });
  });
});

describe('a no-show that was rebooked', () => {
  it('is undone when the new hold has ended, and not while it stands', async () => {
    const patientId = await makePatientId(room);
    const wish = aWish(patientId, PHYSIO, { priority: 'ROUTINE' });
    const request = mustBeRequest(await room.requests.requestVisit(actor, wish));
    const visit = await bookPhysio(NINE, patientId, request.id);
    clock.set(at('09:15:00'));
    const missed = await pressed(visit, 'markNoShow');
    const again = { requestId: request.id, replacesVisitId: visit.id };
    const hold = mustBeVisit(
      await room.holds.holdVisit(DESK, aPhysio(clinic, patientId, '2026-03-12T09:00:00Z', again)),
    );
    expect(await day.undoVisitStep(actor, of(missed))).toMatchObject({
      code: 'RequestAlreadyBooked',
      visitId: hold.id,
    });
    clock.advance({ minutes: 15 });
    expect(codeOf(await day.undoVisitStep(actor, of(missed)))).toBe('visit');
    expect((await room.records.visit(actor, hold.id)).status).toBe('LAPSED');
  });
});

describe('a slip', () => {
  async function begun(): Promise<Visit> {
    const booked = await bookProcedure();
    clock.set(at('09:00:00'));
    const started = await pressed(booked, 'markArrived', 'startVisit', 'finishVisitStep', 'startVisitStep');
    clock.set(at('10:05:20'));
    return mustBeVisit(await day.finishVisitStep(actor, { ...of(started), position: 1 }));
  }

  it('moves the later step inside its window, counted from the actual end, and its resources with it', async () => {
    const visit = await begun();
    const wish = { ...of(visit), position: 2 };
    for (const time of ['10:35:00', '11:36:00']) {
      const before = await tracesOf(database);
      expect(await legs.slipStep(actor, { ...wish, startsAt: at(time) })).toMatchObject({
        code: 'LegOutsideWindow',
        earliestAt: at('10:36:00'),
        latestAt: at('11:35:00'),
      });
      expect(await tracesOf(database)).toEqual(before);
    }
    const slipped = mustBeVisit(await legs.slipStep(actor, { ...wish, startsAt: at('11:00:00') }));
    expect(slipped).toMatchObject({ status: 'IN_PROGRESS', endsAt: at('11:15:00'), movesCount: 0 });
    expect(slipped.steps.slice(0, 2)).toEqual(visit.steps.slice(0, 2));
    expect(slipped.steps[2]).toMatchObject({ startsAt: at('11:00:00'), endsAt: at('11:15:00') });
    const spans = (await liveClaims(visit.id)).map(({ startsAt, endsAt }) => [
      startsAt.toISOString().slice(11, 16),
      endsAt.toISOString().slice(11, 16),
    ]);
    expect(spans).toEqual([
      ['09:00', '09:15'],
      ['09:10', '09:55'],
      ['09:15', '09:45'],
      ['11:00', '11:15'],
    ]);
    const presences = await database.client.patientPresence.findMany({
      where: { holderId: visit.id, releasedAt: null },
      orderBy: { startsAt: 'asc' },
    });
    expect(presences.map(({ startsAt }) => startsAt.toISOString())).toEqual([
      '2026-03-10T09:00:00.000Z',
      '2026-03-10T11:00:00.000Z',
    ]);
  });

  it('is refused over another’s time, in closed hours, in the past and for a step that is over', async () => {
    const visit = await begun();
    const [place] = clinic.placeIds;
    await database.client.spanClaim.create({
      data: {
        resourceId: place,
        holderId: '00000000-0000-4000-8000-00000000000a',
        startsAt: at('11:05:00').toString(),
        endsAt: at('11:20:00').toString(),
        claimedAt: NOW,
      },
    });
    await makeException(database, 'CLOSED', '2026-03-10', { resourceId: place, hours: '10:45-11:00' });
    const before = await tracesOf(database);
    const wish = { ...of(visit), position: 2 };
    const codes: string[] = [];
    for (const [position, time] of [
      [2, '11:00:00'],
      [2, '10:40:00'],
      [2, '10:00:00'],
      [1, '10:45:00'],
      [3, '10:45:00'],
    ] as const) {
      codes.push(codeOf(await legs.slipStep(actor, { ...wish, position, startsAt: at(time) })));
    }
    expect(codes).toEqual([
      'SlotAlreadyTaken',
      'OutsideOpeningHours',
      'InThePast',
      'StepNotInThisState',
      'StepNotInThisState',
    ]);
    await expect(legs.slipStep(actor, { ...wish, startsAt: at('11:00:30') })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    expect(await tracesOf(database)).toEqual(before);
  });

  it('is not of what fills a wait, which follows the step that waits, also to before its planned start', async () => {
    const review = await database.client.visitProtocolStep.findFirstOrThrow({ where: { name: 'Review' } });
    await database.client.visitStepNeed.create({
      data: { stepId: review.id, role: 'couch', kind: 'WAITING_PLACE', fillsWait: true },
    });
    const [chairId, couchId] = clinic.placeIds;
    const couch = { role: 'couch', resourceId: couchId };
    const chair = [{ role: 'place', resourceId: chairId }];
    const crew = [
      { role: 'operator', resourceId: clinic.operatorId },
      { role: 'room', resourceId: clinic.theatreId },
    ];
    const steps = [
      { startsAt: at('09:00:00'), resources: chair },
      { startsAt: at('09:15:00'), resources: crew },
      { startsAt: at('09:45:00'), resources: [couch] },
      { startsAt: at('10:30:00'), resources: [...chair, couch] },
    ];
    const patientId = await makePatientId(room);
    const wish = { patientId, visitTypeCode: PROCEDURE, steps };
    const booked = mustBeVisit(await room.visits.bookVisit(DESK, wish));
    clock.set(at('09:00:00'));
    const begun = await pressed(booked, 'markArrived', 'startVisit', 'finishVisitStep', 'startVisitStep');
    clock.set(at('09:10:00'));
    const visit = mustBeVisit(await day.finishVisitStep(actor, { ...of(begun), position: 1 }));
    const before = await tracesOf(database);
    const filler = { ...of(visit), position: 2, startsAt: at('10:00:00') };
    expect(codeOf(await legs.slipStep(actor, filler))).toBe('StepNotInThisState');
    expect(await tracesOf(database)).toEqual(before);
    const early = { ...of(visit), position: 3, startsAt: at('09:40:00') };
    expect(mustBeVisit(await legs.slipStep(actor, early)).steps.slice(2)).toMatchObject([
      { startsAt: at('09:10:00'), endsAt: at('09:40:00') },
      { startsAt: at('09:40:00'), endsAt: at('09:55:00') },
    ]);
  });

  it('of 20 at once to two times happens once', async () => {
    const visit = await begun();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        legs.slipStep(actor, {
          ...of(visit),
          position: 2,
          startsAt: at(index % 2 ? '11:00:00' : '11:15:00'),
        }),
      ),
    );
    expect(results.map(codeOf).sort()).toEqual([...Array<string>(19).fill('VisitChangedMeanwhile'), 'visit']);
  });
});

describe('reasons for cancelling', () => {
  it('are those in use today, with who may give them', async () => {
    const { client } = database;
    const reason = (code: string, retiredOn: string | null) => ({
      code,
      name: `Reason ${code}`,
      fhirCode: 'pat',
      allowedRoles: ['RECEPTION' as const],
      needsComment: code === 'B',
      retiredOn: retiredOn === null ? null : `${retiredOn}T00:00:00Z`,
    });
    await client.cancelReason.createMany({
      data: [reason('B', null), reason('A', '2026-03-03'), reason('C', '2026-03-02')],
    });
    expect(await room.reasons.cancelReasons()).toMatchObject([
      { code: 'A', allowedRoles: ['RECEPTION'], needsComment: false, fhirCode: 'pat', isOfTheClinic: false },
      { code: 'B', needsComment: true },
    ]);
  });
});
