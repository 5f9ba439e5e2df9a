import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EndedConsent } from '../../src/clinic/consent/consent-dependents.service.js';
import type { RecordConsentInput } from '../../src/clinic/consent/consent-entry.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { aConsent, aWording, consentRoomOn } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient, patientServiceOn } from '../support/patients.factory.js';
import {
  aProcedureConsent,
  aProcedureWording,
  makeFiledDocument,
  TOLD,
} from '../support/procedure-consents.factory.js';

// Consent to procedures: what a "yes" needs, its two stages, what it covers, how it ends, and who is told.

const NOW = '2026-03-02T09:00:00Z';
const FACET = { procedureCode: 'FACET_INJECTION', side: 'LEFT', levels: ['L4/5'] } as const;
const at = (text: string) => Temporal.Instant.from(text);
const clock = new FixedClock(NOW);
const actor = aStaffActor();
const told: EndedConsent[] = [];
let isDependentBroken = false;
let home: TestDatabase;
let database: Database;
let room: ReturnType<typeof consentRoomOn>;
let patient: Patient;
let signature: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = consentRoomOn(database, clock);
  room.dependents.register({
    room: 'a later room',
    withdrawn: async (tx, _actor, ended) => {
      // Only what is committed together is seen through the transaction's own client.
      if ((await tx.consentRecord.count({ where: { id: ended.recordId } })) !== 1)
        throw new Error('not there');
      if (isDependentBroken) throw new Error('a later room could not write');
      told.push(ended);
    },
  });
  await room.wordings.publishWording(actor, aWording());
  await room.wordings.publishWording(actor, aProcedureWording());
});
beforeEach(async () => {
  clock.set(NOW);
  told.length = 0;
  isDependentBroken = false;
  patient = await makePatient(patientServiceOn(database, clock));
  signature = await makeFiledDocument(database, patient.id);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function counts() {
  const { client } = database;
  return {
    records: await client.consentRecord.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}
const newestAudit = () =>
  database.client.auditEntry.findFirstOrThrow({ orderBy: { link: { position: 'desc' } } });
const record = (parts: Partial<RecordConsentInput> = {}) =>
  room.consent.recordConsent(actor, aProcedureConsent(patient.id, signature, parts));
async function given(parts: Partial<RecordConsentInput> = {}): Promise<string> {
  const result = await record(parts);
  if (isRefusal(result)) throw new Error(result.message);
  return result.id;
}
const standing = (subject: object | null = FACET, when?: string) =>
  room.consent.consentInForce(
    actor,
    patient.id,
    'PROCEDURE',
    when === undefined ? undefined : at(when),
    subject as typeof FACET | null,
  );
const confirm = (recordId: string, parts: object = {}) =>
  room.confirmations.confirmConsent(actor, {
    ...({ recordId, side: 'LEFT', levels: ['L4-L5'], givenBy: 'PATIENT', method: 'IN_PERSON' } as const),
    ...({ takerCompetence: 'PERFORMS_IT', evidence: { signatureDocumentId: signature } } as const),
    ...parts,
  });
const withdraw = (parts: object = {}) =>
  room.consent.withdrawConsent(actor, {
    ...({ patientId: patient.id, purpose: 'PROCEDURE', procedureCode: 'FACET_INJECTION' } as const),
    ...({ givenBy: 'PATIENT', method: 'TELEPHONE' } as const),
    ...parts,
  });

describe('a "yes" to a procedure', () => {
  it('keeps what was told, who was able, who took it and what shows it', async () => {
    const before = await counts();
    const result = await record({
      interpreter: { name: 'LanguageLine 4711', language: 'pl-PL' },
      evidence: {
        signatureDocumentId: signature,
        formId: 'facet-3',
        formAddress: '192.0.2.7',
        formAgent: 'Tablet',
      },
      levels: ['l4-5', 'L4/L5'],
    });
    expect(result).toMatchObject({
      kind: 'CLINICAL',
      procedureCode: 'FACET_INJECTION',
      side: 'LEFT',
      levels: ['L4/5'],
      stage: 'DISCUSSED',
      told: TOLD,
      capacity: 'HAS_CAPACITY',
      interpreter: { name: 'LanguageLine 4711', language: 'pl-PL' },
      takerCompetence: 'PERFORMS_IT',
      recordedById: actor.id,
      evidence: {
        signatureDocumentId: signature,
        documentId: null,
        formId: 'facet-3',
        formAddress: '192.0.2.7',
      },
    });
    expect(await counts()).toEqual({ ...before, records: before.records + 1, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({
      action: 'consent.recorded',
      patientIds: [patient.id],
      before: { state: 'NEVER_ASKED' },
      after: { stage: 'DISCUSSED', told: { indication: TOLD.indication } },
    });
    expect(told).toEqual([]);
  });

  it.each<[string, Partial<RecordConsentInput>, object]>([
    [
      'blank',
      { told: null, capacity: null, capacityStatement: null, takerCompetence: null },
      { code: 'ConsentIncomplete' },
    ],
    ['without evidence', { evidence: null }, { code: 'ConsentIncomplete', missing: ['evidence'] }],
    [
      'with blanks for evidence',
      { evidence: { formId: '  ' } },
      { code: 'ConsentIncomplete', missing: ['evidence'] },
    ],
    [
      'by a best-interests decision without evidence',
      {
        ...({ givenBy: 'BEST_INTERESTS_DECISION', giverName: 'Dr B', giverEvidence: ' ' } as const),
        ...({ capacity: 'LACKS_CAPACITY', capacityStatement: 'Could not keep it.' } as const),
      },
      { code: 'ConsentIncomplete', missing: ['giverEvidence'] },
    ],
    ['by a parent of an adult', { givenBy: 'PARENT', giverName: 'Mum' }, { code: 'GiverMayNotDecide' }],
    ['in a wording that is not in force', { wordingVersion: '0' }, { code: 'WordingNotInForce' }],
  ])('%s is refused and leaves everything as it was', async (_, parts, refusal) => {
    const before = await counts();
    expect(await record(parts)).toMatchObject(refusal);
    expect(await counts()).toEqual(before);
  });

  it.each<[string, Partial<RecordConsentInput>]>([
    ['procedureCode', { procedureCode: null }],
    ['capacityStatement', { capacityStatement: ' ' }],
  ])('that does not go together names %s', async (field, parts) => {
    const before = await counts();
    await expect(record(parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await counts()).toEqual(before);
  });

  it('takes papers as evidence only when they are filed about this patient and are still there', async () => {
    const other = await makePatient(patientServiceOn(database, clock));
    const foreign = await makeFiledDocument(database, other.id);
    const taken = await makeFiledDocument(database, patient.id, {
      withdrawnAt: new Date(NOW),
      withdrawnById: actor.id,
      withdrawnReason: 'Another patient',
    });
    const before = await counts();
    for (const documentId of [foreign, taken, actor.id]) {
      await expect(record({ evidence: { documentId } })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect(await counts()).toEqual(before);
  });

  it('the three kinds stay apart, whoever writes', async () => {
    await expect(
      room.consent.recordConsent(actor, aConsent(patient.id, { side: 'LEFT' })),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const { client } = database;
    const { id: wordingId, sha256 } = await client.consentWording.findFirstOrThrow({
      where: { purpose: 'PROCEDURE' },
    });
    const bare = {
      ...({ patientId: patient.id, purpose: 'PROCEDURE', decision: 'GIVEN', wordingId } as const),
      ...({
        wordingSha256: sha256,
        givenBy: 'PATIENT',
        method: 'IN_PERSON',
        recordedById: actor.id,
      } as const),
      ...{ decidedAt: new Date(NOW), recordedAt: new Date(NOW) },
    };
    await expect(client.consentRecord.create({ data: { ...bare, decision: 'DECLINED' } })).rejects.toThrow(
      'consent_records_procedure_named',
    );
    await expect(client.consentRecord.create({ data: { ...bare, procedureCode: 'X' } })).rejects.toThrow(
      'consent_records_procedure_discussed',
    );
    const attorney = { ...bare, purpose: 'MARKETING', givenBy: 'ATTORNEY', giverName: 'A' } as const;
    await expect(client.consentRecord.create({ data: attorney })).rejects.toThrow('no evidence');
  });
});

describe('what it covers', () => {
  it('is that procedure, that side and those levels, and nothing else', async () => {
    await given();
    expect(await standing()).toMatchObject({ inForce: true, awaitsConfirmation: true, mayBegin: false });
    expect(await standing({ ...FACET, levels: ['L5/S1'] })).toMatchObject({
      inForce: false,
      state: 'NEVER_ASKED',
      reasonCode: 'PLACE_NOT_COVERED',
    });
    expect(await standing({ ...FACET, side: 'RIGHT' })).toMatchObject({ inForce: false });
    expect(await standing({ procedureCode: 'FACET_INJECTION' })).toMatchObject({ inForce: true });
    expect(await standing({ procedureCode: 'RF_DENERVATION' })).toMatchObject({ reasonCode: 'NEVER_ASKED' });
    expect(await standing(null)).toMatchObject({
      inForce: false,
      reasonCode: 'PROCEDURE_NOT_NAMED',
      reason: 'Say which procedure: each is asked by itself.',
    });
    const ids = [patient.id];
    const { client } = database;
    expect((await room.consent.patientsInForce(client, ids, 'PROCEDURE', clock.now())).size).toBe(0);
    expect([...(await room.consent.patientsInForce(client, ids, 'PROCEDURE', clock.now(), FACET))]).toEqual(
      ids,
    );
  });

  it('is in the procedure’s own wording where there is one', async () => {
    const own = aProcedureWording({
      version: 'RF-1',
      procedureCode: 'RF_DENERVATION',
      text: 'I agree to RF.',
    });
    await room.wordings.publishWording(actor, own);
    const rf = { procedureCode: 'RF_DENERVATION' };
    expect(await record(rf)).toMatchObject({ code: 'WordingNotInForce', versionInForce: 'RF-1' });
    expect(await record({ ...rf, wordingVersion: 'RF-1' })).toMatchObject({ wordingVersion: 'RF-1' });
    expect(await record({ wordingVersion: 'RF-1' })).toMatchObject({ versionInForce: '1' });
  });
});

describe('confirmConsent', () => {
  it('lets it begin on that day and on no other', async () => {
    const id = await given();
    clock.set('2026-03-20T08:00:00Z');
    const before = await counts();
    expect(await confirm(id)).toMatchObject({
      stage: 'CONFIRMED',
      ofRecordId: id,
      decision: 'GIVEN',
      side: 'LEFT',
    });
    expect(await counts()).toEqual({ ...before, records: before.records + 1, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({ action: 'consent.confirmed', before: { state: 'IN_FORCE' } });
    expect(await standing()).toMatchObject({ inForce: true, mayBegin: true, awaitsConfirmation: false });
    expect(await standing(FACET, '2026-03-20T07:59:59Z')).toMatchObject({ mayBegin: false });
    expect(await standing(FACET, '2026-03-20T23:59:59Z')).toMatchObject({ mayBegin: true });
    expect(await standing(FACET, '2026-03-21T00:00:00Z')).toMatchObject({ inForce: true, mayBegin: false });
  });

  it.each([
    ['of another side', { side: 'RIGHT' }, { code: 'ConsentPlaceDiffers', agreedTo: 'left, L4/5' }],
    ['of another level', { levels: ['L5/S1'] }, { code: 'ConsentPlaceDiffers' }],
    ['without a side', { side: null }, { code: 'ConsentPlaceDiffers' }],
    ['without evidence', { evidence: null }, { code: 'ConsentIncomplete', missing: ['evidence'] }],
    [
      'by somebody untrained',
      { takerCompetence: 'TRAINED_AND_DELEGATED' },
      { code: 'ConsentIncomplete', missing: ['takerTraining'] },
    ],
  ])('%s is refused and leaves everything as it was', async (_, parts, refusal) => {
    const id = await given();
    const before = await counts();
    expect(await confirm(id, parts)).toMatchObject(refusal);
    expect(await counts()).toEqual(before);
  });

  it('is refused of what was withdrawn or given anew, and of what is no procedure', async () => {
    const id = await given();
    clock.advance({ hours: 1 });
    const again = await given();
    expect(await confirm(id)).toMatchObject({ code: 'ConsentNotInForce', state: 'IN_FORCE' });
    await withdraw();
    expect(await confirm(again)).toMatchObject({ code: 'ConsentNotInForce', state: 'WITHDRAWN' });
    await expect(confirm(actor.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(confirm(again, { decidedAt: at('2026-01-01T00:00:00Z') })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });
});

describe('how it ends', () => {
  it('a withdrawal needs no more than giving, is of each side unless it says so, and later rooms are told in it', async () => {
    const id = await given({ side: 'BILATERAL' });
    clock.advance({ hours: 1 });
    const before = await counts();
    const right = await withdraw({ side: 'RIGHT' });
    expect(right).toMatchObject({ decision: 'WITHDRAWN', ofRecordId: id, side: 'RIGHT', told: null });
    expect(await counts()).toEqual({ ...before, records: before.records + 1, audit: before.audit + 1 });
    expect(await standing()).toMatchObject({ inForce: true });
    expect(await withdraw({ side: 'RIGHT' })).toMatchObject({
      code: 'NothingToWithdraw',
      state: 'WITHDRAWN',
    });
    const rest = await withdraw();
    expect(await standing()).toMatchObject({ state: 'WITHDRAWN' });
    expect(told.map(({ recordId }) => recordId)).toEqual(
      [right, rest].map((one) => (isRefusal(one) ? null : one.id)),
    );
    expect(told[0]).toMatchObject({
      patientId: patient.id,
      purpose: 'PROCEDURE',
      procedureCode: 'FACET_INJECTION',
    });
  });

  it('a later room that cannot write undoes the withdrawal: both or neither', async () => {
    await given();
    isDependentBroken = true;
    const before = await counts();
    await expect(withdraw()).rejects.toThrow('a later room could not write');
    expect(await counts()).toEqual(before);
    expect(await standing()).toMatchObject({ inForce: true });
  });

  it('asked for fifty times at once happens once, and later rooms are told once', async () => {
    await given();
    const results = await Promise.all(Array.from({ length: 50 }, () => withdraw()));
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  it('fifty who confirm while one withdraws: none confirms what was withdrawn', async () => {
    const id = await given();
    clock.advance({ hours: 1 });
    const [withdrawn, ...confirmed] = await Promise.all([
      withdraw(),
      ...Array.from({ length: 50 }, () => confirm(id)),
    ]);
    expect(isRefusal(withdrawn)).toBe(false);
    expect(await standing()).toMatchObject({ state: 'WITHDRAWN', mayBegin: false });
    for (const one of confirmed) if (isRefusal(one)) expect(one.code).toBe('ConsentNotInForce');
  });

  it('is found not to be valid, with the reason, and later rooms are told', async () => {
    const id = await given();
    clock.advance({ hours: 1 });
    const before = await counts();
    const invalid = await room.confirmations.invalidateConsent(actor, {
      recordId: id,
      reason: ' Another patient ',
    });
    expect(invalid).toMatchObject({ decision: 'INVALIDATED', ofRecordId: id, comment: 'Another patient' });
    expect(await counts()).toEqual({ ...before, records: before.records + 1, audit: before.audit + 1 });
    expect(await newestAudit()).toMatchObject({ action: 'consent.invalidated' });
    expect(told).toHaveLength(1);
    expect(await standing()).toMatchObject({ state: 'INVALIDATED', inForce: false });
    const again = room.confirmations.invalidateConsent(actor, { recordId: id, reason: 'Again' });
    expect(await again).toMatchObject({ code: 'ConsentNotInForce', state: 'INVALIDATED' });
    await expect(
      room.confirmations.invalidateConsent(actor, { recordId: id, reason: ' ' }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it.each(['DECLINED', 'NOT_CHOSEN', 'REFUSED', 'UNKNOWN'] as const)(
    '%s is kept apart from never asked',
    async (decision) => {
      expect(
        await record({ decision, told: null, capacity: null, capacityStatement: null, evidence: null }),
      ).toMatchObject({
        decision,
        stage: null,
      });
      expect(await standing()).toMatchObject({ state: decision, reasonCode: decision, inForce: false });
      expect(told).toEqual([]);
      await given({ side: 'RIGHT' });
      expect(await record({ decision, side: 'BILATERAL', levels: [] })).toMatchObject({
        code: 'ConsentStillInForce',
      });
    },
  );
});
