import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BookVisitInput } from '../../src/clinic/visits/visit-booking.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { makeConsent } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeAcceptedReferral, makeReferral } from '../support/referrals.factory.js';
import { aWish, mustBeRequest } from '../support/requests.factory.js';
import { makeException } from '../support/scheduling.factory.js';
import {
  aBooker,
  aPhysio,
  codeOf,
  emptyVisits,
  makePatientId,
  makeProtocol,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  PROCEDURE,
  physioAt,
  tracesOf,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Monday, 9 o'clock. Notice is one day, the diary is open for 84, moves twice, late from 24 hours.
const NOW = '2026-03-02T09:00:00Z';
const NINE = '2026-03-04T09:00:00Z';
const ELEVEN = '2026-03-04T11:00:00Z';

let db: TestDatabase;
let database: Database;
let clock: FixedClock;
let room: VisitsRoom;
let clinic: VisitClinic;
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
  await emptyVisits(database);
  clock = new FixedClock(NOW);
  room = visitsOn(database, clock);
  clinic = await makeVisitClinic(database);
});

const at = (text: string) => Temporal.Instant.from(text);

async function book(patientId: string, startsAt = NINE, parts: Partial<BookVisitInput> = {}) {
  return mustBeVisit(await room.visits.bookVisit(desk, aPhysio(clinic, patientId, startsAt, parts)));
}

/** The answer, and a check that it changed nothing when it is a "no". */
async function refusedBy(act: () => Promise<object>): Promise<string> {
  const before = await tracesOf(database);
  const code = codeOf(await act());
  if (code !== 'visit') expect(await tracesOf(database)).toEqual(before);
  return code;
}

function aProcedure(patientId: string, parts: Partial<BookVisitInput> = {}): BookVisitInput {
  const [placeId] = clinic.placeIds;
  return {
    patientId,
    visitTypeCode: PROCEDURE,
    steps: [
      { startsAt: at('2026-03-04T09:00:00Z'), resources: [{ role: 'place', resourceId: placeId }] },
      {
        startsAt: at('2026-03-04T09:15:00Z'),
        resources: [
          { role: 'operator', resourceId: clinic.operatorId },
          { role: 'room', resourceId: clinic.theatreId },
        ],
      },
      { startsAt: at('2026-03-04T10:30:00Z'), resources: [{ role: 'place', resourceId: placeId }] },
    ],
    ...parts,
  };
}

describe('booking a visit', () => {
  it('writes visit, steps, claims with their buffers, the patient’s time, a revision and an audit entry', async () => {
    const patientId = await makePatientId(room);
    const visit = await book(patientId);
    expect(visit).toMatchObject({ status: 'BOOKED', version: 0, movesCount: 0, heldUntil: null });
    expect(visit.endsAt).toEqual(at('2026-03-04T09:45:00Z'));
    expect(visit.steps).toMatchObject([
      {
        name: 'Treatment',
        resources: [
          { role: 'physiotherapist', resource: { kind: 'PHYSIOTHERAPIST', name: 'Ada' } },
          { role: 'room', resource: { kind: 'THERAPY_ROOM', name: 'Gym' } },
        ],
      },
    ]);
    const left = await tracesOf(database);
    expect(left.claims.map(({ endsAt }) => endsAt.toISOString()).sort()).toEqual([
      '2026-03-04T09:45:00.000Z',
      '2026-03-04T10:00:00.000Z',
    ]);
    expect(left.presences).toMatchObject([{ patientId, holderId: visit.id, releasedAt: null }]);
    expect(left.revisions).toMatchObject([{ visitId: visit.id, version: 0, action: 'booked' }]);
    const entry = await database.client.auditEntry.findFirst({ where: { subjectId: visit.id } });
    expect(entry).toMatchObject({ action: 'visit.booked', actorId: desk.actor.id, patientIds: [patientId] });
  });

  it('books several steps with a wait, and takes one resource once where steps touch', async () => {
    const visit = mustBeVisit(await room.visits.bookVisit(desk, aProcedure(await makePatientId(room))));
    expect(visit.steps.map((step) => step.endsAt.toString())).toEqual([
      '2026-03-04T09:15:00Z',
      '2026-03-04T09:45:00Z',
      '2026-03-04T10:45:00Z',
    ]);
    const { claims, presences } = await tracesOf(database);
    const theatre = claims.find((claim) => claim.resourceId === clinic.theatreId);
    expect(theatre?.startsAt.toISOString()).toBe('2026-03-04T09:10:00.000Z');
    expect(theatre?.endsAt.toISOString()).toBe('2026-03-04T09:55:00.000Z');
    expect(claims).toHaveLength(4);
    expect(presences.map(({ startsAt }) => startsAt.toISOString()).sort()).toEqual([
      '2026-03-04T09:00:00.000Z',
      '2026-03-04T10:30:00.000Z',
    ]);
  });

  const faults: readonly [string, (input: BookVisitInput) => void][] = [
    ['a step left out', (input) => input.steps.pop()],
    ['a start off the grid', ({ steps }) => shift(steps, [5, 5, 5])],
    ['a step that follows late', ({ steps }) => shift(steps, [0, 15, 15])],
    ['too short a wait', ({ steps }) => shift(steps, [0, 0, -30])],
    ['too long a wait', ({ steps }) => shift(steps, [0, 0, 60])],
    ['a role left out', ({ steps }) => steps[1]?.resources.pop()],
    [
      'a role twice',
      ({ steps }) => steps[0]?.resources.push({ role: 'place', resourceId: clinic.placeIds[1] }),
    ],
    [
      'a role of no step',
      ({ steps }) => steps[0]?.resources.push({ role: 'x', resourceId: clinic.theatreId }),
    ],
    [
      'another kind',
      ({ steps }) => Object.assign(steps[0]?.resources[0] ?? {}, { resourceId: clinic.theatreId }),
    ],
    [
      'other hands where they must stay',
      ({ steps }) => Object.assign(steps[2]?.resources[0] ?? {}, { resourceId: clinic.placeIds[1] }),
    ],
  ];
  it.each(faults)('refuses %s, and nothing is changed', async (_, spoil) => {
    const input = aProcedure(await makePatientId(room));
    spoil(input);
    expect(await refusedBy(() => room.visits.bookVisit(desk, input))).toBe('VisitOutsideProtocol');
  });

  it('asks for the skill that the step needs', async () => {
    await database.client.resource.update({ where: { id: clinic.operatorId }, data: { skills: [] } });
    const input = aProcedure(await makePatientId(room));
    expect(await refusedBy(() => room.visits.bookVisit(desk, input))).toBe('VisitOutsideProtocol');
  });

  it('goes by the protocol in force today, and a visit keeps the one it was booked under', async () => {
    const patientId = await makePatientId(room);
    const visit = await book(patientId);
    const needs = [{ role: 'physiotherapist', kind: 'PHYSIOTHERAPIST' }] as const;
    await makeProtocol(database, PHYSIO, [{ durationMinutes: 30, needs }], '2026-03-02');
    expect(await refusedBy(() => room.visits.bookVisit(desk, aPhysio(clinic, patientId, ELEVEN)))).toBe(
      'VisitOutsideProtocol',
    );
    const moved = await room.visits.moveVisit(desk, {
      visitId: visit.id,
      version: 0,
      steps: physioAt(clinic, ELEVEN),
    });
    expect(mustBeVisit(moved).endsAt).toEqual(at('2026-03-04T11:45:00Z'));
  });

  it.each([
    ['a time in the past', '2026-03-02T08:00:00Z', 'InThePast'],
    ['today, before the notice', '2026-03-02T15:00:00Z', 'TooSoonForLeadTime'],
    ['a day beyond the diary', '2026-06-01T09:00:00Z', 'BeyondDiary'],
    ['a Sunday', '2026-03-08T09:00:00Z', 'OutsideOpeningHours'],
    ['a time after hours', '2026-03-04T17:45:00Z', 'OutsideOpeningHours'],
  ])('refuses %s', async (_, startsAt, code) => {
    const patientId = await makePatientId(room);
    expect(await refusedBy(() => room.visits.bookVisit(desk, aPhysio(clinic, patientId, startsAt)))).toBe(
      code,
    );
  });

  it('answers with the visit as it is read from then on, and keeps it so in its revision', async () => {
    const request = mustBeRequest(
      await room.requests.requestVisit(desk.actor, aWish(await makePatientId(room), PHYSIO)),
    );
    const wish = aPhysio(clinic, request.patientId, '2026-03-04T09:00:00Z');
    const procedure = mustBeVisit(await room.visits.bookVisit(desk, aProcedure(await makePatientId(room))));
    const held = mustBeVisit(await room.holds.holdVisit(desk, { ...wish, requestId: request.id }));
    const missed = mustBeVisit(
      await room.visits.bookVisit(desk, aPhysio(clinic, await makePatientId(room), '2026-03-05T09:00:00Z')),
    );
    const reason = {
      code: 'PATIENT_ASKED',
      name: 'Asked',
      allowedRoles: ['RECEPTION' as const],
      needsComment: false,
    };
    await database.client.cancelReason.create({ data: reason });
    const cancelled = { visitId: missed.id, version: 0, reasonCode: 'PATIENT_ASKED' };
    mustBeVisit(await room.visits.cancelVisit(desk, cancelled));
    const instead = aPhysio(clinic, missed.patientId, '2026-03-05T10:00:00Z', {
      replacesVisitId: missed.id,
    });
    const answers = [procedure, held, mustBeVisit(await room.visits.bookVisit(desk, instead))];
    for (const answer of answers) {
      const read = await database.transaction((tx) => room.records.read(tx, answer.id));
      expect(read).toEqual(answer);
      const { snapshot } = await database.client.visitRevision.findFirstOrThrow({
        where: { visitId: answer.id },
      });
      expect(snapshot).toEqual(JSON.parse(JSON.stringify(read)));
    }
  });

  it('lets those whom the policy names go below the notice, with a reason that stays with the visit', async () => {
    await database.client.leadTimePolicy.updateMany({
      where: { visitType: PHYSIO },
      data: { earliestOverriddenBy: ['MANAGER'] },
    });
    const wish = aPhysio(clinic, await makePatientId(room), '2026-03-02T15:00:00Z');
    const reasoned = { ...wish, overrideReason: 'Acute.' };
    const manager = aBooker({ roles: ['RECEPTION', 'MANAGER'] });
    expect(await refusedBy(() => room.visits.bookVisit(manager, wish))).toBe('TooSoonForLeadTime');
    expect(await refusedBy(() => room.visits.bookVisit(desk, reasoned))).toBe('OverrideNotAllowed');
    const visit = mustBeVisit(await room.visits.bookVisit(manager, reasoned));
    expect(visit.overrideReason).toBe('Acute.');
  });

  it('refuses what closes, what is taken and where the patient is elsewhere', async () => {
    const [first, second] = [await makePatientId(room), await makePatientId(room)];
    await makeException(database, 'CLOSED', '2026-03-05', { resourceId: clinic.physioIds[0] });
    const closed = aPhysio(clinic, first, '2026-03-05T09:00:00Z');
    expect(await refusedBy(() => room.visits.bookVisit(desk, closed))).toBe('OutsideOpeningHours');
    await book(first);
    // The room still has to be cleared.
    const clearing = aPhysio(clinic, second, '2026-03-04T09:45:00Z');
    expect(await refusedBy(() => room.visits.bookVisit(desk, clearing))).toBe('SlotAlreadyTaken');
    const elsewhere = aPhysio(clinic, first, '2026-03-04T09:30:00Z', { pair: 1 });
    expect(await refusedBy(() => room.visits.bookVisit(desk, elsewhere))).toBe('PatientElsewhere');
  });

  it('refuses a kind that another room books, one that is retired, and one that is not known', async () => {
    const wish = aPhysio(clinic, await makePatientId(room), NINE);
    const { client } = database;
    await client.visitType.update({ where: { code: PHYSIO }, data: { companion: 'SCAN' } });
    expect(await refusedBy(() => room.visits.bookVisit(desk, wish))).toBe('BookedElsewhere');
    await client.visitType.update({
      where: { code: PHYSIO },
      data: { companion: null, retiredOn: new Date('2026-03-02T00:00:00Z') },
    });
    expect(await refusedBy(() => room.visits.bookVisit(desk, wish))).toBe('VisitTypeRetired');
    await expect(room.visits.bookVisit(desk, { ...wish, visitTypeCode: 'NONE' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('asks for an accepted referral and for consent where the kind does', async () => {
    await database.client.visitType.update({
      where: { code: PHYSIO },
      data: { needsReferral: true, consentPurpose: 'IMAGING_TRACER_AND_XRAYS' },
    });
    const patientId = await makePatientId(room);
    const wish = aPhysio(clinic, patientId, NINE);
    expect(await refusedBy(() => room.visits.bookVisit(desk, wish))).toBe('VisitNeedsReferral');
    const referral = await makeAcceptedReferral(room.referrals, patientId);
    const request = mustBeRequest(
      await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO, { referralId: referral.id })),
    );
    const asked = { ...wish, requestId: request.id };
    expect(await refusedBy(() => room.visits.bookVisit(desk, asked))).toBe('VisitNeedsConsent');
    const undecided = await makeReferral(room.referrals, patientId);
    await database.client.visitRequest.update({
      where: { id: request.id },
      data: { referralId: undecided.id },
    });
    expect(await refusedBy(() => room.visits.bookVisit(desk, asked))).toBe('VisitNeedsReferral');
    await database.client.visitRequest.update({
      where: { id: request.id },
      data: { referralId: referral.id },
    });
    await makeConsent(database, clock, patientId);
    expect(mustBeVisit(await room.visits.bookVisit(desk, asked)).requestId).toBe(request.id);
    expect((await tracesOf(database)).requests).toMatchObject([{ status: 'BOOKED', version: 1 }]);
    const again = { ...asked, steps: physioAt(clinic, ELEVEN) };
    expect(await refusedBy(() => room.visits.bookVisit(desk, again))).toBe('RequestAlreadyBooked');
  });

  it('takes a request of another patient or for another kind as a mistake', async () => {
    const [first, second] = [await makePatientId(room), await makePatientId(room)];
    const request = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(first, PHYSIO)));
    const wish = aPhysio(clinic, second, NINE, { requestId: request.id });
    await expect(room.visits.bookVisit(desk, wish)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const other = aProcedure(first, { requestId: request.id });
    await expect(room.visits.bookVisit(desk, other)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

function shift(steps: BookVisitInput['steps'], minutes: readonly number[]): void {
  for (const [index, step] of steps.entries()) {
    step.startsAt = step.startsAt.add({ minutes: minutes[index] ?? 0 });
  }
}

describe('cancelling a visit', () => {
  const wishOf = (id: string) => database.client.visitRequest.findUniqueOrThrow({ where: { id } });

  async function bookForRequest(startsAt = NINE) {
    const patientId = await makePatientId(room);
    const { id } = mustBeRequest(await room.requests.requestVisit(desk.actor, aWish(patientId, PHYSIO)));
    return { requestId: id, visit: await book(patientId, startsAt, { requestId: id }) };
  }

  async function cancel({ id, version }: { id: string; version: number }, reasonCode: string) {
    return mustBeVisit(await room.visits.cancelVisit(desk, { visitId: id, version, reasonCode }));
  }

  beforeEach(async () => {
    const codes = ['PATIENT_DIED', 'PATIENT_DECLINED', 'CLINICALLY_NOT_NEEDED', 'BOOKED_IN_ERROR', 'OTHER'];
    await database.client.cancelReason.createMany({
      data: codes.map((code) => ({
        code,
        name: `Because of ${code}`,
        allowedRoles: ['RECEPTION' as const],
        needsComment: false,
      })),
    });
  });

  it.each([
    ['PATIENT_DIED', 'CLOSED'],
    ['PATIENT_DECLINED', 'CLOSED'],
    ['CLINICALLY_NOT_NEEDED', 'CLOSED'],
    ['BOOKED_IN_ERROR', 'CLOSED'],
    ['OTHER', 'WAITING'],
  ] as const)('for %s leaves its request %s', async (reasonCode, status) => {
    const { requestId, visit } = await bookForRequest();
    await cancel(visit, reasonCode);
    const isClosed = status === 'CLOSED';
    expect(await wishOf(requestId)).toMatchObject({
      status,
      version: 2,
      closedAt: isClosed ? new Date(NOW) : null,
      closedById: isClosed ? desk.actor.id : null,
      closeReason: isClosed ? `Because of ${reasonCode}` : null,
    });
    const where = { subjectId: requestId, action: 'visit-request.closed' };
    expect(await database.client.auditEntry.count({ where })).toBe(isClosed ? 1 : 0);
  });

  it('closes the request of a series only with the last of it that stands', async () => {
    const { requestId, visit } = await bookForRequest();
    const { id: seriesId } = await database.client.visitSeries.create({
      data: {
        patientId: visit.patientId,
        visitTypeCode: PHYSIO,
        visitsCount: 2,
        everyDays: 1,
        bookedAt: new Date(NOW),
        bookedById: desk.actor.id,
      },
    });
    const other = await book(visit.patientId, '2026-03-05T09:00:00Z');
    for (const [seriesPosition, { id }] of [visit, other].entries()) {
      await database.client.visit.update({ where: { id }, data: { requestId, seriesId, seriesPosition } });
    }
    await cancel(visit, 'PATIENT_DIED');
    expect((await wishOf(requestId)).status).toBe('BOOKED');
    await cancel(other, 'PATIENT_DIED');
    expect((await wishOf(requestId)).status).toBe('CLOSED');
  });
});

describe('looking at visits', () => {
  it('shows one, and pages of many, and records each look', async () => {
    const patientId = await makePatientId(room);
    const days = ['04', '05', '06'].map((day) => `2026-03-${day}T09:00:00Z`);
    for (const day of days) await book(patientId, day);
    const first = await room.records.visits(desk.actor, { patientId }, { size: 2 });
    expect(first.items.map((visit) => visit.startsAt.toString())).toEqual(days.slice(0, 2));
    const second = await room.records.visits(desk.actor, { patientId }, { size: 2, after: first.nextCursor });
    expect(second).toMatchObject({ nextCursor: null, items: [{ startsAt: at(days[2] ?? '') }] });
    const [visit] = first.items;
    expect((await room.records.visit(desk.actor, visit?.id ?? '')).id).toBe(visit?.id);
    const looks = await database.client.auditEntry.findMany({
      where: { actorId: desk.actor.id, action: { in: ['visits.listed', 'visit.viewed'] } },
    });
    expect(looks.map((look) => look.patientIds)).toEqual([[patientId], [patientId], [patientId]]);
    const others = { visitTypeCode: PROCEDURE, from: '2026-03-01', until: '2026-03-31' };
    expect((await room.records.visits(desk.actor, others, { size: 5 })).items).toEqual([]);
    const servedBy = { resourceId: clinic.physioIds[0], status: 'BOOKED' } as const;
    expect((await room.records.visits(desk.actor, servedBy, { size: 5 })).items).toHaveLength(3);
  });

  it('gives each patient a page of their own, in one round for the same page', async () => {
    const [first, second] = [await makePatientId(room), await makePatientId(room)];
    for (const day of ['04', '05', '06']) await book(first, `2026-03-${day}T09:00:00Z`);
    await book(second, '2026-03-09T09:00:00Z');
    const keys = [first, second].map((patientId) => JSON.stringify({ patientId, size: 2, after: null }));
    const pages = await room.records.pagesOfPatients(desk.actor, keys);
    const [own, other] = keys.map((key) => pages.get(key));
    expect(own?.items.map((visit) => visit.startsAt.toString())).toEqual([
      '2026-03-06T09:00:00Z',
      '2026-03-05T09:00:00Z',
    ]);
    expect(other).toMatchObject({ nextCursor: null, items: [{ patientId: second }] });
    const next = JSON.stringify({ patientId: first, size: 2, after: own?.nextCursor });
    const rest = (await room.records.pagesOfPatients(desk.actor, [next])).get(next);
    expect(rest?.items.map((visit) => visit.startsAt.toString())).toEqual(['2026-03-04T09:00:00Z']);
  });
});
