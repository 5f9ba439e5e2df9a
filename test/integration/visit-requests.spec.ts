import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { RequestService } from '../../src/clinic/visits/request.service.js';
import type { RequestRecordService } from '../../src/clinic/visits/request-record.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { dateFromInstant, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import {
  declineReferral,
  makeAcceptedReferral,
  makeReferral,
  referralServiceOn,
} from '../support/referrals.factory.js';
import { aWish, makeRequestableType, mustBeRequest, requestsOn } from '../support/requests.factory.js';
import { makeBankHoliday } from '../support/scheduling.factory.js';

const NOW = '2026-07-01T23:30:00Z'; // 2 July in London, a Thursday
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let patients: PatientService;
let referrals: ReferralService;
let requests: RequestService;
let records: RequestRecordService;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  patients = patientServiceOn(database, clock);
  referrals = referralServiceOn(database, clock);
  ({ requests, records } = requestsOn(database, clock));
  await makeRequestableType(database, 'PHYSIO');
  await makeRequestableType(database, 'INJECTION', {
    type: { needsReferral: true },
    policy: { targetDays: 10, breachDays: 20, dayKind: 'WORKING', clockStart: 'REFERRAL_ACCEPTED' },
  });
  await makeRequestableType(database, 'TALK', { policy: { clockStart: 'REQUESTED' } });
  await makeRequestableType(database, 'SCANNED', { type: { companion: 'SCAN' } });
  await makeRequestableType(database, 'OLD', {
    type: { retiredOn: dateFromInstant(Temporal.Instant.from('2026-07-02T00:00Z')) },
  });
  await makeBankHoliday(database, '2026-08-31');
});
beforeEach(async () => {
  clock.set(NOW);
  ({ id: patientId } = await makePatient(patients));
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
const wish = (code = 'PHYSIO', parts = {}) => requests.requestVisit(actor, aWish(patientId, code, parts));

/** Everything a verb of this room may leave behind. */
async function traces() {
  const { client } = database;
  return {
    rows: await client.visitRequest.findMany({ orderBy: { id: 'asc' }, include: { times: true } }),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

async function isRefused(work: () => Promise<object>, refusal: object): Promise<void> {
  const before = await traces();
  expect(await work()).toMatchObject(refusal);
  expect(await traces()).toEqual(before);
}

async function makeVisit(requestId: string, startsAt: string, status: 'BOOKED' | 'COMPLETED' = 'BOOKED') {
  const start = Temporal.Instant.from(startsAt);
  const protocol = await database.client.visitProtocol.findFirstOrThrow({
    where: { visitTypeCode: 'PHYSIO' },
  });
  const now = dateFromInstant(clock.now());
  return database.client.visit.create({
    data: {
      requestId,
      patientId,
      visitTypeCode: 'PHYSIO',
      protocolId: protocol.id,
      status,
      startsAt: dateFromInstant(start),
      endsAt: dateFromInstant(start.add({ minutes: 45 })),
      finishedAt: status === 'COMPLETED' ? dateFromInstant(start.add({ minutes: 45 })) : null,
      bookedAt: now,
      bookedById: actor.id,
      changedAt: now,
      changedById: actor.id,
    },
  });
}

describe('requestVisit', () => {
  it('puts the patient on the list with what they said, and writes it down', async () => {
    const before = await traces();
    const request = mustBeRequest(
      await wish('PHYSIO', {
        priority: 'URGENT',
        travelMinutes: 40,
        keepsStaff: true,
        times: [
          { isoWeekday: 2, fromTime: '09:00', untilTime: '12:30', isExcluded: false },
          { firstOn: '2026-08-01', lastOn: '2026-08-14', isExcluded: true },
        ],
      }),
    );
    expect(request).toMatchObject({
      patientId,
      referralId: null,
      visitTypeCode: 'PHYSIO',
      priority: 'URGENT',
      status: 'WAITING',
      version: 0,
      travelMinutes: 40,
      keepsStaff: true,
      requestedById: actor.id,
      closedAt: null,
      clock: {
        startedOn: '2026-07-02',
        startedBy: 'REQUESTED',
        targetOn: '2026-07-16',
        breachOn: '2026-07-23',
        daysWaited: 0,
        state: 'INSIDE_PROMISE',
      },
    });
    expect(request.times).toEqual([
      {
        isoWeekday: 2,
        fromTime: '09:00',
        untilTime: '12:30',
        firstOn: null,
        lastOn: null,
        isExcluded: false,
      },
      {
        isoWeekday: null,
        fromTime: null,
        untilTime: null,
        firstOn: '2026-08-01',
        lastOn: '2026-08-14',
        isExcluded: true,
      },
    ]);
    expect(request.requestedAt.toString()).toBe(NOW);
    const after = await traces();
    expect(after.rows).toHaveLength(before.rows.length + 1);
    expect(after).toMatchObject({ outbox: before.outbox, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({
      action: 'visit-request.made',
      actorId: actor.id,
      subjectId: request.id,
      patientIds: [patientId],
      before: null,
      after: { status: 'WAITING', travelMinutes: 40 },
    });
  });

  it('counts from the day the referral came, or was accepted, or from today, as the policy says', async () => {
    clock.set('2026-06-20T10:00:00Z');
    const received = await makeReferral(referrals, patientId, {
      receivedOn: '2026-06-12',
      priority: 'URGENT',
    });
    clock.set('2026-06-25T23:10:00Z'); // 26 June in London
    await referrals.acceptReferral(actor, { referralId: received.id });
    clock.set(NOW);
    const referralId = received.id;
    const { clock: fromReceipt, priority } = mustBeRequest(await wish('PHYSIO', { referralId }));
    expect(priority).toBe('URGENT');
    expect(fromReceipt).toMatchObject({
      startedOn: '2026-06-12',
      startedBy: 'REFERRAL_RECEIVED',
      targetOn: '2026-06-26',
      breachOn: '2026-07-03',
      daysWaited: 20,
      state: 'BEYOND_PROMISE',
    });
    // Ten and twenty working days from Friday 26 June.
    expect(mustBeRequest(await wish('INJECTION', { referralId })).clock).toMatchObject({
      startedOn: '2026-06-26',
      startedBy: 'REFERRAL_ACCEPTED',
      targetOn: '2026-07-10',
      breachOn: '2026-07-24',
    });
    expect(mustBeRequest(await wish('TALK', { referralId })).clock).toMatchObject({
      startedOn: '2026-07-02',
      startedBy: 'REQUESTED',
    });
  });

  it('leaves bank holidays out of working days', async () => {
    clock.set('2026-08-20T09:00:00Z'); // Thursday; Monday 31 August is the summer bank holiday
    const { id: referralId } = await makeAcceptedReferral(referrals, patientId);
    expect(mustBeRequest(await wish('INJECTION', { referralId })).clock).toMatchObject({
      startedOn: '2026-08-20',
      targetOn: '2026-09-04',
    });
  });

  it('is refused while the patient waits for the same on the same referral, and names the first', async () => {
    const first = mustBeRequest(await wish());
    await isRefused(() => wish(), {
      code: 'AlreadyWaiting',
      requestId: first.id,
      clockStartedOn: '2026-07-02',
      message: expect.stringContaining('Thursday 2 July 2026'),
    });
    // On a referral it is another wait, and so it is once the first no longer waits.
    const { id: referralId } = await makeAcceptedReferral(referrals, patientId);
    mustBeRequest(await wish('PHYSIO', { referralId }));
    await requests.closeRequest(actor, { requestId: first.id, reason: 'better already' });
    mustBeRequest(await wish());
  });

  it('of eight at once makes one', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => wish()));
    const made = results.filter((result) => !('code' in result));
    expect(made).toHaveLength(1);
    const others = results.filter((result) => 'code' in result);
    expect(new Set(others.map((result) => ('requestId' in result ? result.requestId : null)))).toEqual(
      new Set([mustBeRequest(made[0] ?? {}).id]),
    );
  });

  it('is refused without the referral that the kind needs, and on one that is not accepted', async () => {
    await isRefused(() => wish('INJECTION'), { code: 'VisitNeedsReferral', referralStatus: null });
    const { id: waits } = await makeReferral(referrals, patientId);
    await isRefused(() => wish('INJECTION', { referralId: waits }), {
      code: 'ReferralNotYetAccepted',
      status: 'RECEIVED',
    });
    await declineReferral(database, clock, waits);
    await isRefused(() => wish('PHYSIO', { referralId: waits }), {
      code: 'ReferralNotYetAccepted',
      status: 'DECLINED',
    });
  });

  it('is refused for what another room books, and for what is no longer offered', async () => {
    await isRefused(() => wish('SCANNED'), { code: 'BookedElsewhere', companion: 'SCAN' });
    await isRefused(() => wish('OLD'), { code: 'VisitTypeRetired', retiredOn: '2026-07-02' });
  });

  it('does not find what there is not, and takes nobody else’s referral', async () => {
    const other = await makePatient(patients);
    const { id: referralId } = await makeAcceptedReferral(referrals, other.id);
    const before = await traces();
    await expect(wish('PHYSIO', { referralId })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching('^referralId: '),
    });
    await expect(wish('NO_SUCH_KIND')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(wish('PHYSIO', { referralId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(wish('PHYSIO', { patientId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      wish('PHYSIO', { times: [{ fromTime: '12:00', untilTime: '09:00', isExcluded: false }] }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching('^times.0: ') });
    expect(await traces()).toEqual(before);
  });
});

describe('closeRequest', () => {
  it('takes it off the list, keeps why, and stops its clock', async () => {
    const { id } = mustBeRequest(await wish());
    clock.set('2026-07-20T10:00:00Z');
    const closed = mustBeRequest(
      await requests.closeRequest(actor, { requestId: id, reason: ' moved away ' }),
    );
    expect(closed).toMatchObject({
      status: 'CLOSED',
      version: 1,
      closeReason: 'moved away',
      closedById: actor.id,
      clock: { daysWaited: 18, state: 'BEYOND_PROMISE' },
    });
    expect(await newestAudit()).toMatchObject({
      action: 'visit-request.closed',
      before: { status: 'WAITING' },
      after: { status: 'CLOSED', closeReason: 'moved away' },
    });
    clock.set('2026-09-20T10:00:00Z');
    expect((await records.visitRequest(actor, id)).clock).toEqual(closed.clock);
    await isRefused(() => requests.closeRequest(actor, { requestId: id, reason: 'again' }), {
      code: 'RequestNotWaiting',
      status: 'CLOSED',
    });
  });

  it('is refused while a visit is booked for it, and does not find what there is not', async () => {
    const { id } = mustBeRequest(await wish());
    await database.transaction((tx) => requests.booked(tx, id));
    await isRefused(() => requests.closeRequest(actor, { requestId: id, reason: 'x' }), {
      code: 'RequestNotWaiting',
      status: 'BOOKED',
    });
    await expect(
      requests.closeRequest(actor, { requestId: randomUUID(), reason: 'x' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a visit for a request', () => {
  it('ends the wait, once, and its loss begins it again', async () => {
    const { id } = mustBeRequest(await wish());
    expect(await database.transaction((tx) => requests.booked(tx, id))).toBeNull();
    expect(await database.transaction((tx) => requests.booked(tx, id))).toMatchObject({
      code: 'RequestNotWaiting',
      status: 'BOOKED',
    });
    await database.transaction((tx) => requests.freed(tx, id));
    await database.transaction((tx) => requests.freed(tx, id));
    expect(await records.visitRequest(actor, id)).toMatchObject({ status: 'WAITING', version: 2 });
  });

  it('does not wake a closed one', async () => {
    const { id } = mustBeRequest(await wish());
    await requests.closeRequest(actor, { requestId: id, reason: 'x' });
    await database.transaction((tx) => requests.freed(tx, id));
    expect(await records.visitRequest(actor, id)).toMatchObject({ status: 'CLOSED', version: 1 });
  });

  it.each([
    ['2026-07-16T22:59:59Z', 14, 'INSIDE_PROMISE'], // the last second of the target day in London
    ['2026-07-16T23:00:00Z', 15, 'BEYOND_PROMISE'],
    ['2026-07-23T22:59:59Z', 21, 'BEYOND_PROMISE'],
    ['2026-07-23T23:00:00Z', 22, 'BREACHED'],
  ])('that starts at %s is judged by its local day', async (startsAt, waited, state) => {
    const { id } = mustBeRequest(await wish());
    await database.transaction((tx) => requests.booked(tx, id));
    await makeVisit(id, startsAt);
    clock.set('2027-01-01T00:00:00Z');
    expect((await records.visitRequest(actor, id)).clock).toMatchObject({ daysWaited: waited, state });
  });

  it('is judged by the wall calendar across the night on which the clocks go back', async () => {
    clock.set('2026-10-11T12:00:00Z'); // fourteen days before 25 October
    const { id } = mustBeRequest(await wish());
    for (const [now, state] of [
      ['2026-10-25T23:59:59Z', 'INSIDE_PROMISE'],
      ['2026-10-26T00:00:00Z', 'BEYOND_PROMISE'],
    ] as const) {
      clock.set(now);
      expect((await records.visitRequest(actor, id)).clock.state).toBe(state);
    }
  });
});

describe('the waiting list', () => {
  it('shows the most overdue first, page by page, and records whose it is', async () => {
    await database.client.visitRequest.updateMany({
      where: { status: 'WAITING' },
      data: { status: 'BOOKED' },
    });
    const ids: string[] = [];
    for (const day of ['2026-06-20', '2026-06-05', '2026-06-12']) {
      const { id: referralId } = await makeAcceptedReferral(referrals, patientId, { receivedOn: day });
      ids.push(mustBeRequest(await wish('PHYSIO', { referralId })).id);
    }
    const [middle, oldest, old] = ids;
    const first = await records.visitRequests(actor, {}, { size: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([oldest, old]);
    expect(await newestAudit()).toMatchObject({ action: 'visit-requests.listed', patientIds: [patientId] });
    const second = await records.visitRequests(actor, {}, { size: 2, after: first.nextCursor });
    expect(second.items.map(({ id }) => id)).toEqual([middle]);
    expect(second.nextCursor).toBeNull();
    await expect(records.visitRequests(actor, {}, { size: 2, after: 'x' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('is narrowed by kind, urgency, patient and state', async () => {
    const urgent = mustBeRequest(await wish('TALK', { priority: 'URGENT' }));
    mustBeRequest(await wish('PHYSIO'));
    const idsOf = async (filter: object) =>
      (await records.visitRequests(actor, { patientId, ...filter }, PAGE)).items.map(({ id }) => id);
    expect(await idsOf({ visitTypeCode: 'TALK' })).toEqual([urgent.id]);
    expect(await idsOf({ priority: 'URGENT' })).toEqual([urgent.id]);
    expect(await idsOf({ statuses: ['CLOSED'] })).toEqual([]);
    expect(await idsOf({})).toHaveLength(2);
    expect(await idsOf({ visitTypeCode: 'NO_SUCH' })).toEqual([]);
  });

  it('is part of the record of a patient, newest first, in every state', async () => {
    const first = mustBeRequest(await wish('TALK'));
    clock.advance({ hours: 1 });
    const second = mustBeRequest(await wish('PHYSIO'));
    await requests.closeRequest(actor, { requestId: first.id, reason: 'x' });
    const other = await makePatient(patients);
    const found = await records.ofPatients(actor, [patientId, other.id]);
    expect(found.get(patientId)?.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(found.get(other.id)).toEqual([]);
    expect(await newestAudit()).toMatchObject({ action: 'visit-requests.listed', patientIds: [patientId] });
  });

  it('does not find what there is not', async () => {
    for (const id of [randomUUID(), 'x']) {
      await expect(records.visitRequest(actor, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});
