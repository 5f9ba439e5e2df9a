import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import type { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import type { ReferralDecisionService } from '../../src/clinic/referrals/referral-decision.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import {
  aDecider,
  aReferral,
  makeAcceptedReferral,
  makeReferral,
  referralServiceOn,
  referralsOn,
  referralTraces,
} from '../support/referrals.factory.js';

const NOW = '2026-07-01T23:30:00Z'; // 2 July in London
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
const actor = aStaffActor();
const clinician = aDecider(actor);
const FIRST_ACTIONS = [
  'TAKE_UP',
  'REQUEST_INFORMATION',
  'ACCEPT',
  'REDIRECT',
  'DECLINE',
  'RETURN_WITH_ADVICE',
  'WITHDRAW',
  'MERGE',
];
let home: TestDatabase;
let database: Database;
let patients: PatientService;
let referrals: ReferralService;
let decisions: ReferralDecisionService;
let patient: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  patients = patientServiceOn(database, clock);
  ({ referrals, decisions } = referralsOn(database, clock));
});
beforeEach(async () => {
  clock.set(NOW);
  patient = await makePatient(patients);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const traces = () => referralTraces(database);
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });

describe('receiveReferral', () => {
  it('answers with a referral that awaits triage, keeps it, and writes it down', async () => {
    const before = await traces();
    const result = await referrals.receiveReferral(
      actor,
      aReferral(patient.id, {
        source: 'CONSULTANT',
        priority: 'URGENT',
        referrerName: ' Miss J. Ade\u0301 ',
        referrerRegistration: 'C1234567',
        clinicalQuestion: ' Which level?\nLeft or right? ',
        receivedOn: '2026-06-30',
      }),
    );
    expect(result).toMatchObject({
      patientId: patient.id,
      source: 'CONSULTANT',
      priority: 'URGENT',
      status: 'RECEIVED',
      allowedActions: FIRST_ACTIONS,
      referrerName: 'Miss J. Adé',
      referrerRegistration: '1234567',
      clinicalQuestion: 'Which level?\nLeft or right?',
      receivedOn: '2026-06-30',
      decidedAt: null,
      reasonCode: null,
      version: 0,
    });
    expect(result.recordedAt.toString()).toBe(NOW);
    const after = await traces();
    expect(after.rows).toHaveLength(before.rows.length + 1);
    // When it is due, it is looked at.
    expect(after.outbox).toBe(before.outbox + 1);
    expect(after.audit).toBe(before.audit + 1);
    expect(await newestAudit()).toMatchObject({
      action: 'referral.received',
      actorId: actor.id,
      subjectId: result.id,
      patientIds: [patient.id],
      before: null,
      after: { status: 'RECEIVED', receivedOn: '2026-06-30' },
    });
  });

  it('arrived today on the wall calendar of the clinic, unless another day is given', async () => {
    expect((await makeReferral(referrals, patient.id)).receivedOn).toBe('2026-07-02');
    await expect(makeReferral(referrals, patient.id, { receivedOn: '2026-07-03' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('takes a patient who comes by themselves, without a referrer', async () => {
    const result = await makeReferral(referrals, patient.id, { source: 'SELF', referrerName: null });
    expect(result).toMatchObject({ source: 'SELF', referrerName: null });
  });

  it.each([
    ['receivedOn', { receivedOn: '2026-07-03' }],
    ['receivedOn', { receivedOn: '1930-01-01' }],
    ['referrerName', { referrerName: ' ' }],
    ['referrerName', { referrerName: 'x'.repeat(65) }],
    ['referrerRegistration', { referrerRegistration: '12' }],
  ])('refuses bad input, names %s, and leaves everything as it was', async (field, parts) => {
    const before = await traces();
    await expect(makeReferral(referrals, patient.id, parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await traces()).toEqual(before);
  });

  it.each([randomUUID(), 'no id'])('for nobody (%s) is NOT_FOUND', async (id) => {
    const before = await traces();
    await expect(makeReferral(referrals, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no such patient, or you may not see it.',
    });
    expect(await traces()).toEqual(before);
  });
});

describe('triage', () => {
  it('accepts, and writes down before and after', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    clock.advance({ hours: 1 });
    const before = await traces();
    const result = await referrals.acceptReferral(actor, { referralId: id, comment: ' See soon ' });
    expect(result).toMatchObject({
      status: 'ACCEPTED',
      allowedActions: ['BOOK', 'COMPLETE', 'WITHDRAW', 'MERGE', 'REOPEN'],
      acceptedFor: 'CLINIC',
      decidedById: actor.id,
      takenUpById: actor.id,
      decisionComment: 'See soon',
      reasonCode: null,
    });
    const after = await traces();
    expect([after.outbox, after.audit]).toEqual([before.outbox, before.audit + 1]);
    expect(await newestAudit()).toMatchObject({
      action: 'referral.accepted',
      subjectId: id,
      patientIds: [patient.id],
      before: { status: 'RECEIVED', decidedAt: null },
      after: { status: 'ACCEPTED', decidedAt: '2026-07-02T00:30:00Z' },
    });
  });

  it('declines with a reason', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    const result = await decisions.declineReferral(clinician, {
      referralId: id,
      reasonCode: 'WRONG_PROVIDER',
    });
    expect(result).toMatchObject({
      status: 'DECLINED',
      reasonCode: 'WRONG_PROVIDER',
      decisionComment: null,
      endedById: actor.id,
    });
    expect(await newestAudit()).toMatchObject({ action: 'referral.declined', after: { status: 'DECLINED' } });
  });

  it.each([undefined, null, '', '  '])(
    'refuses OTHER with the comment %j, and changes nothing',
    async (comment) => {
      const { id } = await makeReferral(referrals, patient.id);
      const before = await traces();
      const attempt = decisions.declineReferral(clinician, { referralId: id, reasonCode: 'OTHER', comment });
      await expect(attempt).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringMatching('^comment: '),
      });
      expect(await traces()).toEqual(before);
    },
  );

  it('happens once: what is decided stays decided, and the refusal names the state', async () => {
    const accepted = await makeAcceptedReferral(referrals, patient.id);
    const before = await traces();
    const again = await referrals.acceptReferral(actor, { referralId: accepted.id });
    const decline = { referralId: accepted.id, reasonCode: 'DUPLICATE_REFERRAL' };
    const after = await decisions.declineReferral(clinician, decline);
    for (const refusal of [again, after]) {
      expect(refusal).toMatchObject({
        code: 'ReferralAlreadyDecided',
        status: 'ACCEPTED',
        allowedActions: ['BOOK', 'COMPLETE', 'WITHDRAW', 'MERGE', 'REOPEN'],
      });
    }
    expect(await traces()).toEqual(before);
  });

  it('by many at once is decided by one; the others are told how it stands', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    const before = await traces();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0
          ? referrals.acceptReferral(aStaffActor(), { referralId: id })
          : decisions.declineReferral(aDecider(), { referralId: id, reasonCode: 'WRONG_PROVIDER' }),
      ),
    );
    const won = results.filter((result): result is Referral => !isRefusal(result));
    expect(won).toHaveLength(1);
    const refused = results.filter(isRefusal);
    expect(refused).toHaveLength(49);
    for (const refusal of refused) {
      expect(refusal).toMatchObject({ code: 'ReferralAlreadyDecided', status: won[0]?.status });
    }
    const after = await traces();
    expect(after.audit).toBe(before.audit + 1);
    expect(after.rows.find((row) => row.id === id)).toMatchObject({
      status: won[0]?.status,
      decidedById: won[0]?.decidedById,
      version: 1,
    });
  });

  it.each([randomUUID(), 'no id'])('of no referral (%s) is NOT_FOUND', async (referralId) => {
    const notFound = { code: 'NOT_FOUND', message: 'There is no such referral, or you may not see it.' };
    await expect(referrals.acceptReferral(actor, { referralId })).rejects.toMatchObject(notFound);
    const decline = decisions.declineReferral(clinician, { referralId, reasonCode: 'WRONG_PROVIDER' });
    await expect(decline).rejects.toMatchObject(notFound);
    await expect(referrals.referral(actor, referralId)).rejects.toMatchObject(notFound);
  });
});

describe('looking', () => {
  it('at one is written down', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    expect(await referrals.referral(actor, id)).toMatchObject({ id, patientId: patient.id });
    expect(await newestAudit()).toMatchObject({
      action: 'referral.viewed',
      subjectId: id,
      patientIds: [patient.id],
    });
  });

  it('shows the longest waiting first, every one once, and only what was asked for', async () => {
    const days = ['2026-05-03', '2026-05-01', '2026-05-02', '2026-05-01', '2026-05-03'];
    for (const receivedOn of days) await makeReferral(referrals, patient.id, { receivedOn });
    await makeAcceptedReferral(referrals, patient.id, { receivedOn: '2026-05-01' });
    const other = await makePatient(patients);
    await makeReferral(referrals, other.id, { receivedOn: '2026-05-01' });

    const filter = { patientId: patient.id, statuses: ['RECEIVED' as const] };
    const seen: Referral[] = [];
    let after: string | null = null;
    do {
      const page: { items: readonly Referral[]; nextCursor: string | null } = await referrals.referrals(
        actor,
        filter,
        {
          size: 2,
          after,
        },
      );
      seen.push(...page.items);
      after = page.nextCursor;
    } while (after !== null);
    expect(seen.map(({ receivedOn }) => receivedOn)).toEqual([...days].sort());
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(await newestAudit()).toMatchObject({ action: 'referrals.searched', patientIds: [patient.id] });

    const accepted = await referrals.referrals(actor, { ...filter, statuses: ['ACCEPTED'] }, PAGE);
    expect(accepted.items).toHaveLength(1);
  });

  it.each(['rubbish', Buffer.from(`["2026-02-30","${randomUUID()}"]`).toString('base64url')])(
    'refuses the cursor %s',
    async (after) => {
      await expect(referrals.referrals(actor, {}, { size: 2, after })).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    },
  );

  it('at several patients gives each their own, newest first, and is written down once', async () => {
    const other = await makePatient(patients);
    const none = await makePatient(patients);
    await makeReferral(referrals, patient.id, { receivedOn: '2026-05-01' });
    await makeReferral(referrals, patient.id, { receivedOn: '2026-05-02' });
    await makeReferral(referrals, other.id, { receivedOn: '2026-05-03' });
    const before = await traces();
    const found = await referrals.ofPatients(actor, [patient.id, other.id, none.id]);
    const days = [patient, other, none].map(({ id }) => found.get(id)?.map(({ receivedOn }) => receivedOn));
    expect(days).toEqual([['2026-05-02', '2026-05-01'], ['2026-05-03'], []]);
    expect((await traces()).audit).toBe(before.audit + 1);
    expect((await newestAudit()).patientIds.slice().sort()).toEqual([patient.id, other.id].sort());
  });
});

describe('for later rooms', () => {
  it('a referral held in SHARE is decided on only afterwards', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    const desk = new Database(home.url);
    const held = referralServiceOn(desk, clock);
    let decided: Promise<unknown> = Promise.resolve();
    const seen = await desk.transaction(async (tx) => {
      await held.mustHaveReferral(tx, id, { hold: true });
      decided = referrals.acceptReferral(actor, { referralId: id });
      await tx.$queryRaw`SELECT pg_sleep(0.2)::text`;
      return held.mustHaveReferral(tx, id);
    });
    expect(seen.status).toBe('RECEIVED');
    expect(await decided).toMatchObject({ status: 'ACCEPTED' });
    await desk.close();
  });

  it('byIds gives those that exist', async () => {
    const { id } = await makeReferral(referrals, patient.id);
    const found = await referrals.byIds(database.client, [id, randomUUID(), 'no id', id]);
    expect([...found.keys()]).toEqual([id]);
  });
});
