import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SetConsentPolicyInput } from '../../src/clinic/consent/consent-policy.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aConsent, aWording, consentRoomOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';

// Rules and wordings by date: what ends a consent by itself, at whatever moment it is asked, and how both come to be.

const IMAGING = 'IMAGING_TRACER_AND_XRAYS';
const NOW = '2026-03-02T09:00:00Z';
const at = (text: string) => Temporal.Instant.from(text);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const clock = new FixedClock(NOW);
const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let room: ReturnType<typeof consentRoomOn>;
let patient: Patient;

beforeEach(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  clock.set(NOW);
  room = consentRoomOn(database, clock);
  await room.wordings.publishWording(actor, aWording());
  patient = await makePatient(patientServiceOn(database, clock));
  return async () => {
    await database.close();
    await home.drop();
  };
});
beforeAll(() => clock.set(NOW));
afterAll(() => clock.set(NOW));

async function counts() {
  const { client } = database;
  return {
    records: await client.consentRecord.count(),
    policies: await client.consentPolicy.count(),
    wordings: await client.consentWording.count(),
    proposals: await client.consentWordingProposal.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
const aPolicy = (parts: Partial<SetConsentPolicyInput> = {}): SetConsentPolicyInput => ({
  purpose: IMAGING,
  newWordingAsks: false,
  confirmation: 'NOT_NEEDED',
  needsDiscussion: false,
  needsEvidence: false,
  effectiveFrom: '2026-03-02',
  source: 'Employer’s procedure 7',
  ...parts,
});
/** Instants as text: two of them compare as objects without anything in them. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const standing = async (when?: string) =>
  plain(
    await room.consent.consentInForce(actor, patient.id, IMAGING, when === undefined ? undefined : at(when)),
  );
const consents = async () => {
  const result = await room.consent.recordConsent(actor, aConsent(patient.id));
  if (isRefusal(result)) throw new Error(result.message);
};
const propose = (parts: object = {}) =>
  room.proposals.proposeConsentWording(actor, {
    ...{ purpose: IMAGING, version: '2', locale: 'en-GB', text: 'New words.', reason: 'A new tracer.' },
    ...parts,
  } as Parameters<typeof room.proposals.proposeConsentWording>[1]);
async function proposed(parts: object = {}) {
  const result = await propose(parts);
  if (isRefusal(result)) throw new Error(result.message);
  return result;
}

describe('rules', () => {
  it('are there from the start, and a change is a new row', async () => {
    const start = await room.policies.consentPolicies();
    expect(start.map(({ purpose, confirmation }) => `${purpose} ${confirmation}`)).toEqual([
      'PRIVACY_NOTICE NOT_NEEDED',
      'IMAGING_TRACER_AND_XRAYS NOT_NEEDED',
      'MARKETING NOT_NEEDED',
      'PROCEDURE ON_THE_DAY',
      'CONTACT_BY_MESSAGE NOT_NEEDED',
    ]);
    const before = await counts();
    const set = await room.policies.setConsentPolicy(actor, aPolicy({ validFor: 6, validForUnit: 'MONTHS' }));
    expect(set).toMatchObject({
      validFor: 6,
      validForUnit: 'MONTHS',
      setById: actor.id,
      procedureCode: null,
    });
    expect(await counts()).toEqual({ ...before, policies: before.policies + 1, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({
      action: 'consent-policy.set',
      before: { validFor: null },
      after: { validFor: 6 },
    });
    for (const change of [
      database.client.$executeRaw`UPDATE consent_policies SET valid_for = NULL`,
      database.client.$executeRaw`DELETE FROM consent_policies`,
      database.client.$executeRaw`TRUNCATE consent_policies`,
    ]) {
      await expect(change).rejects.toMatchObject({ message: expect.stringContaining('only ever added to') });
    }
  });

  it.each<[string, Partial<SetConsentPolicyInput>, object]>([
    ['of yesterday', { effectiveFrom: '2026-03-01' }, { code: 'ConsentPolicyInThePast' }],
    ['of a day that is set', { effectiveFrom: '2026-03-03' }, { code: 'ConsentPolicyAlreadySet' }],
  ])('%s are refused and leave everything as it was', async (_, parts, refusal) => {
    await room.policies.setConsentPolicy(actor, aPolicy({ effectiveFrom: '2026-03-03' }));
    const before = await counts();
    expect(await room.policies.setConsentPolicy(actor, aPolicy(parts))).toMatchObject(refusal);
    expect(await counts()).toEqual(before);
  });

  it('cannot do without the discussion of a procedure, whoever writes them', async () => {
    const soft = aPolicy({ purpose: 'PROCEDURE' });
    await expect(room.policies.setConsentPolicy(actor, soft)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const row = {
      ...soft,
      ...{ procedureCode: '', effectiveFrom: new Date('2026-03-02'), setAt: new Date(NOW) },
    };
    await expect(database.client.consentPolicy.create({ data: row })).rejects.toThrow(
      'consent_policies_floor',
    );
  });

  it('set by fifty at once for one day are set once', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, () => room.policies.setConsentPolicy(actor, aPolicy())),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
  });
});

describe('a consent for a time', () => {
  it('ends by itself, is judged at any moment, and is not revived by milder rules', async () => {
    await room.policies.setConsentPolicy(actor, aPolicy({ validFor: 6, validForUnit: 'MONTHS' }));
    await consents();
    expect(await standing()).toMatchObject({ inForce: true, holdsUntil: '2026-09-02T23:00:00Z' });
    expect(await standing('2026-09-02T22:59:59.999Z')).toMatchObject({ inForce: true });
    expect(await standing('2026-09-02T23:00:00Z')).toMatchObject({
      inForce: false,
      state: 'EXPIRED',
      reasonCode: 'VALIDITY_OVER',
      reason: 'Expired on Thursday 3 September 2026 at 00:00: it holds for a limited time. Ask again.',
      record: { decision: 'GIVEN' },
    });
    clock.set('2026-10-01T09:00:00Z');
    await room.policies.setConsentPolicy(actor, aPolicy({ effectiveFrom: '2026-10-01' }));
    expect(await standing('2026-11-01T00:00:00Z')).toMatchObject({ state: 'EXPIRED' });
    expect(await standing('2026-05-01T00:00:00Z')).toMatchObject({ inForce: true });
    const ids = [patient.id];
    const { client } = database;
    expect((await room.consent.patientsInForce(client, ids, IMAGING, clock.now())).size).toBe(0);
    const [hold] = (await room.consent.holds(client, ids, IMAGING, at('2026-05-01T00:00:00Z'))).values();
    expect(plain(hold)).toMatchObject({ inForce: true, holdsUntil: '2026-09-02T23:00:00Z' });
    // Asked again, it holds again.
    await consents();
    expect(await standing()).toMatchObject({ inForce: true, holdsUntil: null });
    const { spans } = await room.timelines.consentTimeline(actor, patient.id, null);
    const [ended, later] = ['2026-09-02T23:00:00Z', '2026-10-01T09:00:00Z'];
    expect(plain(spans)).toMatchObject([
      { state: 'IN_FORCE', from: NOW, until: ended },
      { state: 'EXPIRED', from: ended, until: later, reasonCode: 'VALIDITY_OVER' },
      { state: 'IN_FORCE', from: later, until: null, purpose: IMAGING, kind: 'CLINICAL' },
    ]);
    expect(await newestAudit()).toMatchObject({ action: 'consent.viewed', patientIds: [patient.id] });
  });

  it('that has expired can still be taken back', async () => {
    await room.policies.setConsentPolicy(actor, aPolicy({ validFor: 1, validForUnit: 'DAYS' }));
    await consents();
    clock.set('2026-04-01T09:00:00Z');
    const withdrawn = await room.consent.withdrawConsent(actor, {
      ...{ patientId: patient.id, purpose: IMAGING, givenBy: 'PATIENT', method: 'TELEPHONE' },
    });
    expect(withdrawn).toMatchObject({ decision: 'WITHDRAWN' });
    expect(await standing()).toMatchObject({ state: 'WITHDRAWN' });
  });

  it('has to say what was told where the clinic asks for it', async () => {
    await room.policies.setConsentPolicy(actor, aPolicy({ needsDiscussion: true, needsEvidence: true }));
    expect(await room.consent.recordConsent(actor, aConsent(patient.id))).toMatchObject({
      code: 'ConsentIncomplete',
      missing: expect.arrayContaining(['told.risks', 'capacity', 'takerCompetence', 'evidence']),
    });
    // What was decided before the rule is judged by the rules of its day.
    const earlier = aConsent(patient.id, { decidedAt: at('2026-03-01T09:00:00Z') });
    expect(await room.consent.recordConsent(actor, earlier)).toMatchObject({ decision: 'GIVEN' });
  });
});

describe('a newer wording', () => {
  it.each([
    [true, 'EXPIRED'],
    [false, 'IN_FORCE'],
  ])('asks for a new consent where the rules say so: %s', async (newWordingAsks, state) => {
    await room.policies.setConsentPolicy(actor, aPolicy({ newWordingAsks }));
    await consents();
    const { id, sha256: shown } = await proposed();
    const effectiveFrom = at('2026-06-01T00:00:00Z');
    await room.proposals.publishConsentWording(actor, { proposalId: id, sha256: shown, effectiveFrom });
    expect(await standing('2026-05-31T23:59:59Z')).toMatchObject({ state: 'IN_FORCE' });
    expect(await standing('2026-06-01T00:00:00Z')).toMatchObject({ state });
    clock.set('2026-06-01T00:00:00Z');
    const again = await room.consent.recordConsent(actor, aConsent(patient.id, { wordingVersion: '2' }));
    expect(again).toMatchObject({ wordingVersion: '2', wordingSha256: sha256('New words.') });
    expect(await standing()).toMatchObject({ state: 'IN_FORCE' });
  });
});

describe('proposing and publishing', () => {
  it('writes each step down, and what was published cannot be edited', async () => {
    const before = await counts();
    const proposal = await proposed();
    expect(proposal).toMatchObject({
      status: 'PROPOSED',
      sha256: sha256('New words.'),
      proposedById: actor.id,
    });
    expect(await room.wordings.consentWordings(IMAGING)).toHaveLength(1);
    expect(await newestAudit()).toMatchObject({ action: 'consent.wording-proposed' });
    const wording = await room.proposals.publishConsentWording(actor, {
      ...{ proposalId: proposal.id, sha256: proposal.sha256 },
    });
    expect(wording).toMatchObject({
      version: '2',
      text: 'New words.',
      inForce: true,
      kind: 'CLINICAL',
      publishedById: actor.id,
      proposalId: proposal.id,
    });
    expect(await newestAudit()).toMatchObject({
      action: 'consent.wording-published',
      before: { status: 'PROPOSED' },
    });
    expect(await counts()).toEqual({
      ...before,
      ...{ wordings: before.wordings + 1, proposals: before.proposals + 1, audit: before.audit + 2 },
    });
    const { client } = database;
    for (const change of [
      client.$executeRaw`UPDATE consent_wording_proposals SET status = 'PROPOSED', settled_at = NULL, settled_by_id = NULL`,
      client.$executeRaw`UPDATE consent_wordings SET text = 'Other.'`,
      client.$executeRaw`DELETE FROM consent_wording_proposals`,
      client.$executeRaw`TRUNCATE consent_wording_proposals CASCADE`,
    ]) {
      await expect(change).rejects.toMatchObject({ message: expect.stringContaining('only ever added to') });
    }
    expect((await room.proposals.proposals('PUBLISHED', { size: 5 })).items).toMatchObject([
      { id: proposal.id },
    ]);
  });

  it('never changes the words of what is proposed', async () => {
    await proposed();
    const change = database.client.$executeRaw`
      UPDATE consent_wording_proposals SET text = 'Other.', sha256 = ${sha256('Other.')}, status = 'PUBLISHED',
             settled_at = now(), settled_by_id = ${actor.id}::uuid`;
    await expect(change).rejects.toMatchObject({ message: expect.stringContaining('only ever added to') });
  });

  it('refuses a version that exists, another text than was read, and what is settled', async () => {
    expect(await propose({ version: '1' })).toMatchObject({ code: 'WordingVersionTaken' });
    const one = await proposed();
    const other = await proposed({ text: 'Newer words.' });
    const before = await counts();
    const publish = (proposalId: string, shown: string) =>
      room.proposals.publishConsentWording(actor, { proposalId, sha256: shown });
    expect(await publish(one.id, other.sha256)).toMatchObject({ code: 'WordingDiffers', sha256: one.sha256 });
    expect(await counts()).toEqual(before);
    expect(isRefusal(await publish(one.id, one.sha256))).toBe(false);
    expect(await publish(one.id, one.sha256)).toMatchObject({
      code: 'ProposalAlreadySettled',
      status: 'PUBLISHED',
    });
    clock.advance({ minutes: 1 });
    expect(await publish(other.id, other.sha256)).toMatchObject({ code: 'WordingVersionTaken' });
    expect((await room.proposals.proposals('PROPOSED', { size: 5 })).items).toMatchObject([{ id: other.id }]);
    const discard = () =>
      room.proposals.discardConsentWording(actor, { proposalId: other.id, reason: ' Not needed ' });
    expect(await discard()).toMatchObject({
      status: 'DISCARDED',
      settleReason: 'Not needed',
      settledById: actor.id,
    });
    expect(await newestAudit()).toMatchObject({
      action: 'consent.wording-discarded',
      before: { status: 'PROPOSED' },
    });
    expect(await discard()).toMatchObject({ code: 'ProposalAlreadySettled', status: 'DISCARDED' });
  });

  it('takes no moment in the past, none that is taken, and no procedure of something else', async () => {
    const { id: proposalId, sha256: shown } = await proposed();
    const publish = (effectiveFrom: string) =>
      room.proposals.publishConsentWording(actor, {
        proposalId,
        sha256: shown,
        effectiveFrom: at(effectiveFrom),
      });
    await expect(publish('2026-03-02T08:59:59Z')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await room.wordings.publishWording(
      actor,
      aWording({ version: '1b', text: 'Other.', effectiveFrom: at('2026-04-01T00:00:00Z') }),
    );
    await expect(publish('2026-04-01T00:00:00Z')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(propose({ procedureCode: 'FACET_INJECTION' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const nobody = room.proposals.discardConsentWording(actor, { proposalId: actor.id, reason: 'x' });
    await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('by fifty at once happens once', async () => {
    const { id: proposalId, sha256: shown } = await proposed();
    const results = await Promise.all(
      Array.from({ length: 50 }, () =>
        room.proposals.publishConsentWording(actor, { proposalId, sha256: shown }),
      ),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(await database.client.consentWording.count({ where: { version: '2' } })).toBe(1);
  });
});
