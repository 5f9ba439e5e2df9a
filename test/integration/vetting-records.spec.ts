import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ReferralStatus } from '../../src/platform/database/generated/enums.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { aClinician } from '../support/triage.factory.js';
import {
  aPractitioner,
  aReferral,
  aRequest,
  BONE,
  FULL,
  makeProcedure,
  done as must,
  openVetting,
  type VettingRoom,
  words,
} from '../support/vetting.factory.js';

// What becomes of requests by themselves, in the queue, and as part of a record.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const desk = aStaffActor();
let home: TestDatabase;
let room: VettingRoom;
let practitioner: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openVetting(home.url, clock);
  await makeProcedure(room.database, BONE);
  practitioner = await aPractitioner(room);
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(room.database, 'referrals, visits, visit_requests, outbox_messages');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const rowOf = (id: string) => room.database.client.imagingRequest.findUniqueOrThrow({ where: { id } });
const authorised = async (
  ...wish: Parameters<typeof aRequest> extends [unknown, ...infer Rest] ? Rest : never
) => {
  const made = await aRequest(room, ...wish);
  const request = must(await room.decisions.justifyImagingRequest(practitioner, words(made.request)));
  return { ...made, request };
};

describe('an authorisation', () => {
  it('lapses at midnight of its day when it was not used, across the change of the clocks', async () => {
    const { request, referral } = await authorised();
    expect(request.lapsesOn).toBe('2026-09-01');
    const [due] = await room.database.client.outboxMessage.findMany({
      where: { topic: 'imaging-request.lapses' },
    });
    expect(due?.dueAt.toISOString()).toBe('2026-08-31T23:00:00.000Z');
    clock.set('2026-08-31T22:59:59Z');
    expect((await room.lapses.passDay(request.id))?.toString()).toBe('2026-08-31T23:00:00Z');
    clock.set('2026-08-31T23:00:00Z');
    const standing = await room.database.transaction((tx) =>
      room.vetting.standing(tx, { visitId: randomUUID(), referralId: referral.id }),
    );
    expect(standing).toMatchObject({
      state: 'LAPSED',
      justified: null,
      authorised: null,
      practitionerId: null,
    });
    expect(await room.lapses.passDay(request.id)).toBeNull();
    expect(await rowOf(request.id)).toMatchObject({
      ...{ status: 'LAPSED', justificationId: null, endedById: null },
      endReason: 'The authorisation was not used in time.',
    });
    expect(await room.lapses.passDay(request.id)).toBeNull();
    expect(await room.database.client.imagingRequestEvent.count({ where: { action: 'LAPSE' } })).toBe(1);
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: FULL,
      asReferrer: false,
      asDraft: false,
    };
    const again = await room.entries.requestImaging(desk, {
      ...input,
      content: { ...FULL, weightOn: '2026-08-31' },
    });
    expect(again).toMatchObject({ status: 'SUBMITTED' });
  });

  it('holds for good once the examination has begun, and cannot be taken back any more', async () => {
    const { request, referral, patient } = await authorised();
    await beginVisit(patient.id, referral.id, 'COMPLETED');
    const back = { requestId: request.id, reason: 'Too late.' };
    for (const answer of [
      await room.decisions.withdrawJustification(practitioner, back),
      await room.decisions.withdrawAuthorisation(practitioner, back),
      await room.entries.withdrawImagingRequest(desk, back),
      await room.entries.amendImagingRequest(desk, {
        ...{ ...back, version: request.version, content: { pregnancy: 'PREGNANT' } },
      }),
    ]) {
      expect(answer).toMatchObject({ code: 'ExposureHasBegun' });
    }
    clock.set('2026-09-01T09:00:00Z');
    expect(await room.lapses.passDay(request.id)).toBeNull();
    expect(await rowOf(request.id)).toMatchObject({ status: 'AUTHORISED', lapsesOn: null });
    const standing = await room.database.transaction((tx) =>
      room.vetting.standing(tx, { visitId: randomUUID(), referralId: referral.id }),
    );
    expect(standing).toMatchObject({ state: 'AUTHORISED', practitionerId: practitioner.id });
  });
});

/** A visit of this referral that is under way or over, as its own room writes it. */
async function beginVisit(
  patientId: string,
  referralId: string,
  status: 'IN_PROGRESS' | 'COMPLETED',
): Promise<void> {
  const { client } = room.database;
  const protocol = await client.visitProtocol.create({
    data: {
      visitTypeCode: BONE,
      effectiveFrom: new Date('2020-01-01'),
      startStepMinutes: 15,
      source: 'for a test',
    },
  });
  const wish = await client.visitRequest.create({
    data: {
      ...{ patientId, referralId, visitTypeCode: BONE, status: 'BOOKED', priority: 'ROUTINE' },
      ...{ clockStartedOn: new Date('2026-03-02'), clockStartedBy: 'REFERRAL_RECEIVED' },
      ...{ targetOn: new Date('2026-03-16'), breachOn: new Date('2026-03-23') },
      ...{ requestedAt: new Date(NOW), requestedById: desk.id },
    },
  });
  await client.visit.create({
    data: {
      ...{ requestId: wish.id, patientId, visitTypeCode: BONE, protocolId: protocol.id, status },
      ...{ startsAt: new Date('2026-03-02T08:00:00Z'), endsAt: new Date('2026-03-02T09:00:00Z') },
      ...{ bookedAt: new Date(NOW), bookedById: desk.id, changedAt: new Date(NOW) },
      ...{ startedAt: new Date(NOW), ...(status === 'COMPLETED' ? { finishedAt: new Date(NOW) } : {}) },
    },
  });
}

describe('the end of a referral', () => {
  const END = [
    'REDIRECTED',
    'DECLINED',
    'RETURNED_WITH_ADVICE',
    'WITHDRAWN',
    'MERGED',
  ] as const satisfies readonly ReferralStatus[];

  it.each(END)('takes a live request with it: %s', async (status) => {
    const { request, referral } = await authorised();
    await endBySql(referral.id, status);
    expect(await rowOf(request.id)).toMatchObject({
      ...{ status: 'LAPSED', justificationId: null, authorisationId: null, lapsesOn: null },
      ...{ version: request.version + 1, endReason: 'The referral is over.' },
    });
    const event = await room.database.client.imagingRequestEvent.findFirstOrThrow({
      where: { action: 'LAPSE' },
    });
    expect(event).toMatchObject({ fromStatus: 'AUTHORISED', detail: status, actorId: null });
  });

  it('leaves what was authorised when it is completed, and nothing that was not', async () => {
    const { request, referral } = await authorised();
    await endBySql(referral.id, 'COMPLETED');
    expect((await rowOf(request.id)).status).toBe('AUTHORISED');
    const open = await aRequest(room);
    await endBySql(open.referral.id, 'COMPLETED');
    expect((await rowOf(open.request.id)).status).toBe('LAPSED');
  });

  it('through its own room: withdrawn, and nothing is requested for it any more', async () => {
    const { request, referral } = await aRequest(room);
    const withdrawal = {
      action: 'WITHDRAW',
      referralId: referral.id,
      reasonCode: 'PATIENT_DECLINED',
    } as const;
    const moved = await room.database.transaction((tx) =>
      room.referralMoves.moveIn(tx, aClinician(), withdrawal),
    );
    expect(moved).toMatchObject({ status: 'WITHDRAWN' });
    expect((await rowOf(request.id)).status).toBe('LAPSED');
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: FULL,
      asReferrer: false,
      asDraft: false,
    };
    expect(await room.entries.requestImaging(desk, input)).toMatchObject({ code: 'ReferralIsOver' });
  });

  async function endBySql(id: string, status: ReferralStatus): Promise<void> {
    const { client } = room.database;
    const mergedIntoId = status === 'MERGED' ? (await aReferral(room)).referral.id : null;
    const decided = { decidedAt: new Date(NOW), decidedById: desk.id };
    const ended = { endedAt: new Date(NOW), endedById: desk.id };
    await client.referral.update({
      where: { id },
      data: {
        status,
        mergedIntoId,
        takenUpAt: new Date(NOW),
        takenUpById: desk.id,
        ...(status === 'REDIRECTED' ? { redirectedTo: 'Another service' } : {}),
        ...(status === 'RETURNED_WITH_ADVICE' ? { advice: 'Advice.' } : {}),
        ...(status === 'COMPLETED' ? { outcome: 'Seen.' } : {}),
        ...(status === 'DECLINED' || status === 'WITHDRAWN' ? { reasonCode: 'PATIENT_DECLINED' } : {}),
        ...(status === 'WITHDRAWN' || status === 'MERGED' ? {} : decided),
        ...ended,
      },
    });
  }
});

describe('the queue', () => {
  it('stands by due day and urgency, in pages, and costs the same whatever is in it', async () => {
    const urgent = await aRequest(room, { content: { urgency: 'URGENT' } });
    const routine = await aRequest(room);
    const incomplete = await aRequest(room, { content: { history: null } });
    await authorised();
    const ask = (order: 'DUE' | 'URGENCY' | 'REQUESTED', filter = {}, page = {}) =>
      room.queue.vettingQueue(practitioner, filter, order, { size: 25, ...page });
    const all = await ask('DUE');
    expect(all.items.map(({ requestId }) => requestId)).toEqual([
      ...[urgent, routine, incomplete].map(({ request }) => request.id),
    ]);
    expect(all.items[0]).toMatchObject({ dueOn: '2026-03-03', isOverdue: false, workingDaysLeft: 1 });
    const first = await ask('URGENCY', {}, { size: 1 });
    const rest = await ask('URGENCY', {}, { after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ requestId }) => requestId)).toEqual(
      all.items.map(({ requestId }) => requestId),
    );
    const ids = async (filter: object) => (await ask('DUE', filter)).items.map(({ requestId }) => requestId);
    expect(await ids({ statuses: ['INCOMPLETE'] })).toEqual([incomplete.request.id]);
    expect(await ids({ urgencies: ['URGENT'] })).toEqual([urgent.request.id]);
    expect(await ids({ patientId: routine.patient.id })).toEqual([routine.request.id]);
    expect(await ids({ dueUntil: '2026-03-03' })).toEqual([urgent.request.id]);
    await room.claims.claimImagingRequest(practitioner, { requestId: urgent.request.id });
    expect(await ids({ claimed: 'ME' })).toEqual([urgent.request.id]);
    expect(await ids({ claimed: 'NOBODY' })).toHaveLength(2);
    clock.set('2026-03-04T09:00:00Z');
    expect(await ids({ isOverdue: true })).toEqual([urgent.request.id]);
    expect(await room.queue.vettingSummary(practitioner)).toEqual({
      ...{
        waitingCount: 3,
        submittedCount: 2,
        incompleteCount: 1,
        informationAskedCount: 0,
        notAuthorisedCount: 0,
      },
      ...{
        decideAgainCount: 0,
        overdueCount: 1,
        dueTodayCount: 0,
        claimedByMeCount: 0,
        firstDueOn: '2026-03-03',
      },
    });
    const look = await room.database.client.auditEntry.findFirstOrThrow({
      where: { action: 'vetting-queue.viewed' },
      orderBy: { link: { position: 'asc' } },
    });
    expect(look.patientIds).toHaveLength(3);
  });
});

describe('as part of a record', () => {
  it('is copied for the patient, in plain values', async () => {
    const { patient, request } = await authorised();
    const mine = room.access.rooms().find(({ room: name }) => name === 'vetting');
    const sections = await room.database.transaction(
      async (tx) => (await mine?.collect(tx, patient.id)) ?? [],
    );
    expect(sections.map(({ name, records }) => [name, records.length])).toEqual([
      ['imaging-requests', 1],
      ['imaging-request-history', 4],
      ['imaging-justifications', 1],
      ['imaging-authorisations', 1],
    ]);
    expect(sections[0]?.records[0]).toMatchObject({ requestId: request.id, weightKg: 72.5 });
  });

  it('keeps a record while a decision is open, and counts as a contact', async () => {
    const { patient } = await aRequest(room);
    const part = room.retention.parts().find(({ room: name }) => name === 'vetting');
    const facts = await room.database.transaction(async (tx) => part?.facts(tx, [patient.id]));
    expect(facts?.get(patient.id)).toMatchObject({ keptBecause: 'IMAGING_REQUEST_OPEN' });
    expect(facts?.get(patient.id)?.lastContactOn?.toString()).toBe('2026-03-02');
    const done = await authorised();
    const later = await room.database.transaction(async (tx) => part?.facts(tx, [done.patient.id]));
    expect(later?.get(done.patient.id)?.keptBecause).toBeNull();
  });

  it('is only ever added to', async () => {
    const { request } = await authorised();
    const { client } = room.database;
    for (const table of [
      ...[
        'imaging_request_contents',
        'imaging_request_events',
        'vetting_justifications',
        'vetting_authorisations',
      ],
    ]) {
      await expect(client.$executeRawUnsafe(`DELETE FROM ${table}`)).rejects.toThrow(/only ever added to/);
      await expect(client.$executeRawUnsafe(`UPDATE ${table} SET referral_id = referral_id`)).rejects.toThrow(
        /only ever added to/,
      );
      await expect(client.$executeRawUnsafe(`TRUNCATE ${table} CASCADE`)).rejects.toThrow(
        /only ever added to/,
      );
    }
    // Nothing counts as justified without the decision that says so, nor with another request's.
    const other = await authorised();
    const lie = { status: 'AUTHORISED' as const, justificationId: other.request.justification?.id ?? null };
    await expect(client.imagingRequest.update({ where: { id: request.id }, data: lie })).rejects.toThrow();
    const open = await aRequest(room);
    await expect(
      client.imagingRequest.update({ where: { id: open.request.id }, data: { status: 'AUTHORISED' } }),
    ).rejects.toThrow(/imaging_requests_fit_status/);
  });
});
