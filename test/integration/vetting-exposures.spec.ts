import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import {
  aPractitioner,
  aRequest,
  BONE,
  FULL,
  makeProcedure,
  done as must,
  openVetting,
  type ReferralWish,
  type VettingRoom,
  words,
} from '../support/vetting.factory.js';

// A request is for one exposure, and none waits unseen.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const operator = aStaffActor();
let home: TestDatabase;
let room: VettingRoom;
let practitioner: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openVetting(home.url, clock);
  await makeProcedure(room.database, BONE);
  await makeProcedure(room.database, 'BONE_SPECT_CT_EARLY');
  practitioner = await aPractitioner(room);
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(room.database, 'referrals, visits, visit_requests, visit_protocols, outbox_messages');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const at = (text: string) => Temporal.Instant.from(text);
const rowOf = (id: string) => room.database.client.imagingRequest.findUniqueOrThrow({ where: { id } });
const ask = (referralId: string, content = {}) =>
  room.entries.requestImaging(desk, {
    ...{ referralId, procedureCode: BONE, content: { ...FULL, ...content } },
    ...{ asReferrer: false, asDraft: false },
  });
const standing = (visit: { readonly visitId: string; readonly referralId: string }) =>
  room.database.transaction((tx) => room.vetting.standing(tx, visit));
const follow = (
  visit: { readonly visitId: string; readonly referralId: string },
  when: string | null,
  procedureCode = BONE,
) =>
  room.database.transaction((tx) =>
    room.exposures.follow(tx, operator, { ...visit, procedureCode }, when === null ? null : at(when)),
  );

async function authorised(wish: ReferralWish = {}) {
  const made = await aRequest(room, wish);
  const request = must(await room.decisions.justifyImagingRequest(practitioner, words(made.request)));
  const visitId = await makeVisit(made.patient.id, made.referral.id);
  return { ...made, request, visit: { visitId, referralId: made.referral.id } };
}

/** A request that waits for a practitioner, and a visit for it. */
async function undecided() {
  const made = await aRequest(room);
  const visitId = await makeVisit(made.patient.id, made.referral.id);
  return { ...made, visit: { visitId, referralId: made.referral.id } };
}

const asking = (requestId: string) => ({
  ...{ requestId, wanted: 'Which joint was injected before?' },
  tell: { method: 'TELEPHONE' as const },
});

/** A visit of this referral, as its own room writes it. */
async function makeVisit(
  patientId: string,
  referralId: string,
  state: { readonly status?: 'ARRIVED' | 'IN_PROGRESS'; readonly startedAt?: string } = {},
): Promise<string> {
  const { client } = room.database;
  const known = await client.visitProtocol.findFirst({ where: { visitTypeCode: BONE } });
  const protocol =
    known ??
    (await client.visitProtocol.create({
      data: {
        visitTypeCode: BONE,
        effectiveFrom: new Date('2020-01-01'),
        startStepMinutes: 15,
        source: 'for a test',
      },
    }));
  const wish = await client.visitRequest.create({
    data: {
      ...{ patientId, referralId, visitTypeCode: BONE, status: 'BOOKED', priority: 'ROUTINE' },
      ...{ clockStartedOn: new Date('2026-03-02'), clockStartedBy: 'REFERRAL_RECEIVED' },
      ...{ targetOn: new Date('2026-03-16'), breachOn: new Date('2026-03-23') },
      ...{ requestedAt: new Date(NOW), requestedById: desk.id },
    },
  });
  const { startedAt, status = 'ARRIVED' } = state;
  const { id } = await client.visit.create({
    data: {
      ...{ requestId: wish.id, patientId, visitTypeCode: BONE, protocolId: protocol.id, status },
      ...{ startsAt: new Date('2026-03-02T08:00:00Z'), endsAt: new Date('2026-03-02T09:00:00Z') },
      ...{ bookedAt: new Date(NOW), bookedById: desk.id, changedAt: new Date(NOW), arrivedAt: new Date(NOW) },
      ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt) }),
    },
  });
  return id;
}

describe('an exposure', () => {
  it('uses its request up: it stands for that visit, and for no other', async () => {
    const { request, visit, patient, referral } = await authorised();
    const other = { visitId: await makeVisit(patient.id, referral.id), referralId: referral.id };
    expect(await standing(other)).toMatchObject({ state: 'AUTHORISED', usedElsewhereAt: null });
    await follow(visit, '2026-03-02T09:00:00Z');
    expect(await standing(visit)).toMatchObject({
      ...{ state: 'AUTHORISED', usedElsewhereAt: null, exposedAt: at('2026-03-02T09:00:00Z') },
    });
    expect(await standing(other)).toMatchObject({ usedElsewhereAt: at('2026-03-02T09:00:00Z') });
    const back = { requestId: request.id, reason: 'Too late.' };
    for (const answer of [
      await room.decisions.withdrawJustification(practitioner, back),
      await room.decisions.withdrawAuthorisation(practitioner, back),
      await room.entries.withdrawImagingRequest(desk, back),
    ]) {
      expect(answer).toMatchObject({ code: 'ExposureHasBegun' });
    }
    // It is not lost when the months go by, and nothing more is said of a request of the same visit.
    clock.set('2026-10-01T09:00:00Z');
    expect(await room.lapses.passDay(request.id)).toBeNull();
    await follow(visit, '2026-03-02T09:00:00Z');
    expect(await rowOf(request.id)).toMatchObject({ status: 'AUTHORISED', version: request.version + 1 });
  });

  it('makes room for another request, which is judged by itself', async () => {
    const { visit, referral, patient } = await authorised();
    await follow(visit, '2026-03-02T09:00:00Z');
    const other = { visitId: await makeVisit(patient.id, referral.id), referralId: referral.id };
    const again = must(await ask(referral.id));
    expect(await standing(other)).toMatchObject({ requestId: again.id, state: 'SUBMITTED' });
    // What is said of the first visit is what it was done under, whatever is asked for since.
    expect((await standing(visit))?.state).toBe('AUTHORISED');
    expect(await ask(referral.id)).toMatchObject({ code: 'ImagingRequestExists', requestId: again.id });
    expect(
      await room.entries.withdrawImagingRequest(desk, { requestId: again.id, reason: 'No.' }),
    ).toMatchObject({
      status: 'WITHDRAWN',
    });
  });

  it('of fifty who record one at once uses it up once', async () => {
    const { request, visit } = await authorised();
    await Promise.allSettled(Array.from({ length: 50 }, () => follow(visit, '2026-03-02T09:00:00Z')));
    const events = await room.database.client.imagingRequestEvent.count({
      where: { requestId: request.id, action: 'EXPOSE' },
    });
    expect(events).toBe(1);
  });

  it('for another procedure, or after the authorisation had lapsed, uses nothing up', async () => {
    const { request, visit } = await authorised();
    await follow(visit, '2026-03-02T09:00:00Z', 'BONE_SPECT_CT_EARLY');
    expect(await rowOf(request.id)).toMatchObject({ exposedVisitId: null });
    clock.set('2026-09-02T09:00:00Z');
    await follow(visit, '2026-09-02T09:00:00Z');
    expect(await rowOf(request.id)).toMatchObject({ exposedVisitId: null });
    expect(await standing(visit)).toMatchObject({ state: 'LAPSED', authorised: null });
  });

  it('that is taken back after another request was made leaves the other as the one that counts', async () => {
    const { request, visit, referral } = await authorised();
    await follow(visit, '2026-03-02T09:00:00Z');
    const other = must(await ask(referral.id));
    await follow(visit, null);
    expect(await rowOf(request.id)).toMatchObject({ status: 'LAPSED', exposedVisitId: null });
    expect(await standing(visit)).toMatchObject({ requestId: other.id });
  });

  it('that nobody wrote down counts once its images have begun', async () => {
    const { request, referral, patient } = await authorised();
    const begun = await makeVisit(patient.id, referral.id, {
      ...{ status: 'IN_PROGRESS', startedAt: '2026-03-02T10:00:00Z' },
    });
    const other = { visitId: randomUUID(), referralId: referral.id };
    expect(await standing({ visitId: begun, referralId: referral.id })).toMatchObject({
      usedElsewhereAt: null,
    });
    expect(await standing(other)).toMatchObject({ usedElsewhereAt: at('2026-03-02T10:00:00Z') });
    const again = must(await ask(referral.id));
    expect(again).toMatchObject({ status: 'SUBMITTED' });
    expect(await rowOf(request.id)).toMatchObject({ status: 'AUTHORISED', exposedVisitId: begun });
    expect(await standing(other)).toMatchObject({ requestId: again.id, usedElsewhereAt: null });
  });

  it('that was reported although nobody had decided uses it up: nothing is decided afterwards, and nobody is told to', async () => {
    const { request, visit, patient } = await undecided();
    await follow(visit, '2026-03-02T09:00:00Z');
    const shown = must(
      await room.entries.amendImagingRequest(desk, {
        ...{ requestId: request.id, version: request.version + 1, reason: 'They rang.' },
        content: { specialNeeds: 'An interpreter for Polish.' },
      }),
    );
    expect(shown).toMatchObject({ status: 'SUBMITTED', allowedActions: ['AMEND'] });
    const { version, revision } = shown;
    for (const answer of [
      await room.decisions.justifyImagingRequest(practitioner, words({ id: request.id, revision })),
      await room.underGuideline.authoriseUnderGuideline(practitioner, {
        ...{ requestId: request.id, revision, guidelineId: randomUUID(), note: 'Under it.' },
      }),
      await room.steering.askAboutImagingRequest(practitioner, asking(request.id)),
      await room.steering.rejectImagingRequest(practitioner, {
        ...{ requestId: request.id, revision, reason: 'Not justified.', tell: { method: 'TELEPHONE' } },
      }),
      await room.claims.claimImagingRequest(practitioner, { requestId: request.id }),
      await room.entries.withdrawImagingRequest(desk, { requestId: request.id, reason: 'No.' }),
      await room.entries.amendImagingRequest(desk, {
        ...{ requestId: request.id, version, reason: 'Read again.', content: { history: 'Another.' } },
      }),
    ]) {
      expect(answer).toMatchObject({ code: 'ExposureHasBegun' });
    }
    expect(await rowOf(request.id)).toMatchObject({ status: 'SUBMITTED', version, revision });
    clock.set('2026-03-10T09:00:00Z');
    expect(await room.escalation.passDeadline(request.id)).toBeNull();
    expect((await room.queue.vettingSummary(practitioner)).waitingCount).toBe(0);
    const page = await room.queue.vettingQueue(practitioner, {}, 'DUE', { size: 25 });
    expect(page.items).toEqual([]);
    const part = room.retention.parts().find(({ room: name }) => name === 'vetting');
    const facts = await room.database.transaction(async (tx) => part?.facts(tx, [patient.id]));
    expect(facts?.get(patient.id)?.keptBecause).toBeNull();
  });

  it('that nobody had decided on and was not given after all leaves it to be decided, and watched', async () => {
    const { request, visit } = await undecided();
    await follow(visit, '2026-03-02T09:00:00Z');
    await room.database.client.outboxMessage.deleteMany({ where: { topic: 'imaging-request.due' } });
    await follow(visit, null);
    const [watched, ...more] = await room.database.client.outboxMessage.findMany({
      where: { topic: 'imaging-request.due', subjectId: request.id },
    });
    expect(more).toEqual([]);
    expect(watched?.dueAt.toISOString()).toBe('2026-03-06T00:00:00.000Z');
    expect((await room.queue.vettingSummary(practitioner)).waitingCount).toBe(1);
    expect(must(await room.decisions.justifyImagingRequest(practitioner, words(request))).status).toBe(
      'AUTHORISED',
    );
  });

  it.each([false, true])(
    'whose images began before anything was authorised is not authorised any more, and makes room (justified: %s)',
    async (isJustified) => {
      const { request, patient, referral } = await aRequest(room);
      if (isJustified) {
        must(await room.decisions.justifyImagingRequest(practitioner, words(request, { authorise: false })));
      }
      const begun = await makeVisit(patient.id, referral.id, {
        ...{ status: 'IN_PROGRESS', startedAt: '2026-03-02T10:00:00Z' },
      });
      const { id, revision } = request;
      expect(
        isJustified
          ? await room.decisions.authoriseImagingRequest(practitioner, { requestId: id, revision })
          : await room.decisions.justifyImagingRequest(practitioner, words(request)),
      ).toMatchObject({ code: 'ExposureHasBegun' });
      expect(must(await ask(referral.id))).toMatchObject({ status: 'SUBMITTED' });
      expect(await rowOf(id)).toMatchObject({ exposedVisitId: begun });
    },
  );

  it('does not use up what has not left its writer', async () => {
    const { patient, referral } = await aRequest(room);
    await room.database.client.imagingRequest.updateMany({
      where: { referralId: referral.id },
      data: { status: 'DRAFT', dueOn: null },
    });
    await makeVisit(patient.id, referral.id, {
      ...{ status: 'IN_PROGRESS', startedAt: '2026-03-02T10:00:00Z' },
    });
    expect(await ask(referral.id)).toMatchObject({ code: 'ImagingRequestExists' });
    expect(await standing({ visitId: randomUUID(), referralId: referral.id })).toMatchObject({
      usedElsewhereAt: null,
    });
  });

  it('stays on record as it was authorised when its referral is over', async () => {
    const { request, visit, referral } = await authorised();
    await follow(visit, '2026-03-02T09:00:00Z');
    await room.database.client.$executeRaw`
      UPDATE referrals SET status = 'WITHDRAWN', reason_code = 'PATIENT_DECLINED', ended_at = now(),
             ended_by_id = ${desk.id}::uuid WHERE id = ${referral.id}::uuid`;
    expect(await rowOf(request.id)).toMatchObject({ status: 'AUTHORISED', exposedVisitId: visit.visitId });
  });
});

describe('an authorisation that was not used in time', () => {
  it('is in nobody’s way, also before anybody came to write that down', async () => {
    const { request, referral } = await authorised();
    clock.set('2026-08-31T22:59:59Z');
    expect(await ask(referral.id)).toMatchObject({ code: 'ImagingRequestExists', requestId: request.id });
    clock.set('2026-08-31T23:00:00Z');
    const again = must(await ask(referral.id, { weightOn: '2026-08-31' }));
    expect(again).toMatchObject({ status: 'SUBMITTED' });
    expect(await rowOf(request.id)).toMatchObject({ status: 'LAPSED', endedById: null });
    expect(await room.lapses.passDay(request.id)).toBeNull();
    expect(await room.database.client.imagingRequestEvent.count({ where: { action: 'LAPSE' } })).toBe(1);
  });

  it('of fifty who ask at that moment one gets another', async () => {
    const { referral } = await authorised();
    clock.set('2026-09-01T09:00:00Z');
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(referral.id)));
    expect(answers.filter((answer) => 'status' in answer)).toHaveLength(1);
  });
});

describe('a request that is overdue', () => {
  const told = () =>
    room.database.client.outboxMessage.findMany({
      where: { topic: 'imaging-request.overdue' },
      orderBy: { version: 'asc' },
    });
  const watched = async () =>
    (await room.database.client.outboxMessage.findMany({ where: { topic: 'imaging-request.due' } })).map(
      ({ dueAt }) => dueAt.toISOString(),
    );

  it('is told to the clinic when its day has passed, again as often as the policy says, until somebody decides', async () => {
    const { request } = await aRequest(room);
    expect(request.dueOn).toBe('2026-03-05');
    expect(await watched()).toEqual(['2026-03-06T00:00:00.000Z']);
    clock.set('2026-03-05T23:59:59Z');
    expect((await room.escalation.passDeadline(request.id))?.toString()).toBe('2026-03-06T00:00:00Z');
    expect(await told()).toEqual([]);
    clock.set('2026-03-06T00:00:00Z'); // a Friday
    expect((await room.escalation.passDeadline(request.id))?.toString()).toBe('2026-03-10T00:00:00Z');
    // Doing it twice is doing it once.
    expect((await room.escalation.passDeadline(request.id))?.toString()).toBe('2026-03-10T00:00:00Z');
    expect(await told()).toMatchObject([{ subjectId: request.id, version: 1 }]);
    expect(await rowOf(request.id)).toMatchObject({ escalationsCount: 1, status: 'SUBMITTED' });
    const matter = (version: number) =>
      room.database.transaction((tx) => room.letters.overdueMatter(tx, request.id, version));
    expect(await matter(1)).toMatchObject({
      requestId: request.id,
      dueOn: Temporal.PlainDate.from('2026-03-05'),
    });
    clock.set('2026-03-10T00:00:00Z');
    await room.escalation.passDeadline(request.id);
    expect((await told()).map(({ version }) => version)).toEqual([1, 2]);
    expect(await matter(1)).toBeNull();
    must(await room.decisions.justifyImagingRequest(practitioner, words(request)));
    expect(await matter(2)).toBeNull();
    clock.set('2026-03-20T09:00:00Z');
    expect(await room.escalation.passDeadline(request.id)).toBeNull();
    expect(await told()).toHaveLength(2);
  });

  it('waits for the referrer’s answer as long as that was promised, across the change of the clocks', async () => {
    clock.set('2026-03-25T09:00:00Z'); // a Wednesday
    const { request } = await aRequest(room);
    must(await room.steering.askAboutImagingRequest(practitioner, asking(request.id)));
    // Five working days: Wednesday 1 April, whose end is in British Summer Time.
    expect(await watched()).toEqual(['2026-04-01T23:00:00.000Z']);
    clock.set('2026-03-31T09:00:00Z');
    expect((await room.escalation.passDeadline(request.id))?.toString()).toBe('2026-04-01T23:00:00Z');
    clock.set('2026-04-01T23:00:00Z');
    expect((await room.escalation.passDeadline(request.id))?.toString()).toBe('2026-04-03T23:00:00Z');
    expect(await told()).toMatchObject([{ version: 1 }]);
  });

  it('is watched anew when a decision falls', async () => {
    const { request } = await authorised();
    clock.set('2026-03-09T09:00:00Z');
    const back = { requestId: request.id, reason: 'Read again.' };
    must(await room.decisions.withdrawJustification(practitioner, back));
    expect(await watched()).toContain('2026-03-13T00:00:00.000Z');
  });
});

describe('a request under a legal hold', () => {
  it('is not deleted by anybody: held by its patient, its referral, or itself', async () => {
    const { client } = room.database;
    const { request, patient, referral } = await aRequest(room);
    const remove = () => client.$executeRaw`DELETE FROM imaging_requests WHERE id = ${request.id}::uuid`;
    for (const held of [
      { subjectType: 'patient', subjectId: patient.id, patientId: patient.id },
      { subjectType: 'referral', subjectId: referral.id },
      { subjectType: 'imaging-request', subjectId: request.id },
    ]) {
      const { id } = await client.legalHold.create({
        data: { ...held, reason: 'for a test', placedAt: new Date(NOW), placedById: desk.id },
      });
      await expect(remove()).rejects.toThrow(/legal hold/);
      await client.legalHold.update({
        where: { id },
        data: { liftedAt: new Date(NOW), liftedById: desk.id, liftReason: 'for a test' },
      });
    }
    await expect(remove()).rejects.toThrow(/foreign key/);
  });
});
