import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { CaseDecision } from '../../src/clinic/decisions/decision.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Discipline } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDecision, type DecisionsRoom, decisionsOn, makeDiscussed } from '../support/decisions.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeMember } from '../support/meetings.factory.js';
import { asBooker } from '../support/treatment-inputs.factory.js';

// What the team decided: typed, checked by another clinician, signed with quorum, and from then on only added to.

const NOW = '2026-11-24T09:00:00Z';
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: DecisionsRoom;
let chair: StaffActor;
let psychologist: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = decisionsOn(database, clock);
  chair = await makeMember(database, 'PAIN_MEDICINE');
  psychologist = await makeMember(database, 'PSYCHOLOGY');
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'done');
const seen = ({ id, current }: Pick<CaseDecision, 'id' | 'current'>) => ({
  ...{ decisionId: id, version: current.number, fingerprint: current.fingerprint },
});
const atOnce = <T>(does: (nr: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, nr) => does(nr)));
const type = (caseId: string, parts = {}, actor = chair, checkerId = psychologist.id) =>
  room.decisions.typeDecision(actor, aDecision(caseId, checkerId, parts));

/** A case under discussion, with the chair and the psychologist there. */
async function discussed(quorum: Discipline[] = ['PAIN_MEDICINE', 'PSYCHOLOGY']): Promise<string> {
  clock.set(NOW);
  return (await makeDiscussed(room, chair, psychologist, { quorum })).caseId;
}

async function checked(caseId: string, parts = {}): Promise<CaseDecision> {
  const typed = mustBe(await type(caseId, parts)) as CaseDecision;
  const answer = mustBe(await room.decisions.checkDecision(psychologist, seen(typed))) as CaseDecision;
  mustBe(await room.meetings.cases.endCase(chair, caseId));
  return answer;
}

async function signed(): Promise<CaseDecision> {
  const decision = await checked(await discussed());
  return mustBe(await room.signing.signOffDecision(chair, seen(decision))) as CaseDecision;
}

describe('typing', () => {
  it('loses no word of fifty who type at once', async () => {
    const caseId = await discussed();
    const answers = await atOnce((nr) => type(caseId, { followUp: `word ${nr}.` }));
    const winner = answers.findIndex((answer) => !isRefusal(answer));
    expect(answers.filter(isRefusal).map(codeOf)).toEqual(
      Array.from({ length: AT_ONCE - 1 }, () => 'DecisionConflict'),
    );
    for (const [nr, answer] of answers.entries()) {
      if (nr === winner) continue;
      expect(answer).toMatchObject({
        ...{ currentVersion: 1, yours: expect.stringContaining(`word ${nr}.`) },
        theirs: expect.stringContaining(`word ${winner}.`),
      });
    }
    const kept = await database.client.caseDecisionVersion.count({ where: { decision: { caseId } } });
    expect(kept).toBe(1);
  });

  it('is checked by the other clinician who was asked, as it stands', async () => {
    const caseId = await discussed();
    const stranger = await makeMember(database, 'NURSING');
    expect(codeOf(await type(caseId, {}, chair, chair.id))).toBe('CheckerIsTypist');
    expect(codeOf(await type(caseId, {}, chair, stranger.id))).toBe('CheckerWasNotThere');
    const typed = mustBe(await type(caseId)) as CaseDecision;
    const check = (actor: StaffActor, said = seen(typed)) => room.decisions.checkDecision(actor, said);
    expect(codeOf(await check(stranger))).toBe('NotTheNominatedChecker');
    expect(codeOf(await check(chair))).toBe('CheckerIsTypist');
    expect(codeOf(await check(psychologist, { ...seen(typed), fingerprint: '0'.repeat(64) }))).toBe(
      'DecisionNotAsSeen',
    );
    expect(mustBe(await check(psychologist))).toMatchObject({ status: 'CHECKED' });
    expect(mustBe(await type(caseId, { baseVersion: 1 }))).toMatchObject({ status: 'TYPED', version: 2 });
    expect(codeOf(await check(psychologist))).toBe('DecisionNotAsSeen');
  });

  it('is not for somebody who cannot sign, nor without evidence, nor before the discussion', async () => {
    const caseId = await discussed();
    await database.client.staffAccount.update({
      where: { id: psychologist.id },
      data: { roles: ['IMAGING'] },
    });
    await expect(type(caseId)).rejects.toThrow(/checkerId/);
    await database.client.staffAccount.update({
      where: { id: psychologist.id },
      data: { roles: ['MDT_MEMBER'] },
    });
    await expect(type(caseId, { evidence: [] })).rejects.toThrow(/evidence/);
    await expect(type(caseId, { options: [] })).rejects.toThrow(/options/);
    await expect(type(caseId, { kind: 'NO_DECISION' })).rejects.toThrow(/recommendation/);
  });
});

describe('signing', () => {
  it('is done by one of fifty, as it was read, and not before it was checked and discussed to the end', async () => {
    const caseId = await discussed();
    const typed = mustBe(await type(caseId)) as CaseDecision;
    const sign = (said = seen(typed)) => room.signing.signOffDecision(chair, said);
    expect(codeOf(await sign())).toBe('DecisionNotChecked');
    mustBe(await room.decisions.checkDecision(psychologist, seen(typed)));
    expect(codeOf(await sign())).toBe('DiscussionNotOver');
    mustBe(await room.meetings.cases.endCase(chair, caseId));
    expect(codeOf(await sign({ ...seen(typed), fingerprint: 'f'.repeat(64) }))).toBe('DecisionNotAsSeen');
    const answers = await atOnce(() => sign());
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(new Set(answers.filter(isRefusal).map(codeOf))).toEqual(new Set(['DecisionAlreadySigned']));
  });

  it('is never of what somebody else is typing: one comes first, and the other is told', async () => {
    const decision = await checked(await discussed());
    const { caseId } = decision;
    const [typed, signature] = await Promise.all([
      type(caseId, { baseVersion: 1, followUp: 'In a year.' }),
      room.signing.signOffDecision(chair, seen(decision)),
    ]);
    expect([codeOf(typed), codeOf(signature)]).toSatisfy(
      ([first, second]: string[]) =>
        (first === 'done' && second === 'DecisionNotAsSeen') ||
        (first === 'DecisionAlreadySigned' && second === 'done'),
    );
    const stands = await room.records.caseDecision(chair, decision.id);
    expect(stands.status).toBe(isRefusal(signature) ? 'TYPED' : 'SIGNED');
    expect(stands.versions).toHaveLength(isRefusal(typed) ? 1 : 2);
  });

  it('needs quorum, unless nothing was decided', async () => {
    const quorum: Discipline[] = ['PAIN_MEDICINE', 'RADIOLOGY'];
    const missing = { code: 'QuorumMissing', missing: ['RADIOLOGY'] };
    const decision = await checked(await discussed(quorum));
    expect(await room.signing.signOffDecision(chair, seen(decision))).toMatchObject(missing);
    const why = { recommendation: null, reason: 'No radiologist.', options: [], evidence: [] };
    const deferred = await checked(await discussed(quorum), { ...why, kind: 'DEFERRED' });
    expect(await room.signing.signOffDecision(chair, seen(deferred))).toMatchObject(missing);
    const none = await checked(await discussed(quorum), { ...why, kind: 'NO_DECISION' });
    expect(mustBe(await room.signing.signOffDecision(chair, seen(none)))).toMatchObject({
      ...{ status: 'SIGNED', quorumRequired: quorum, quorumPresent: ['PAIN_MEDICINE', 'PSYCHOLOGY'] },
    });
  });

  it('without quorum is refused by the database too', async () => {
    const { id } = await checked(await discussed(['RADIOLOGY']));
    const sql = `UPDATE case_decisions SET status = 'SIGNED', signed_kind = 'RECOMMENDATION', signed_at = now() + interval '1 year',
      signed_by_id = '${chair.id}', signed_by_name = 'X', quorum_required = '{RADIOLOGY}' WHERE id = '${id}'`;
    await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow(/case_decisions_quorum/);
  });
});

/** Every way to write over what is signed. */
const attacks = (id: string, caseId: string, letterId: string): readonly string[] => [
  `UPDATE case_decisions SET signed_by_name = 'X' WHERE id = '${id}'`,
  `UPDATE case_decisions SET status = 'TYPED', version = 2, checked_version = NULL, checked_at = NULL, checked_by_id = NULL,
     signed_kind = NULL, signed_at = NULL, signed_by_id = NULL, signed_by_name = NULL WHERE id = '${id}'`,
  `UPDATE case_decisions SET quorum_present = '{}' WHERE id = '${id}'`,
  `UPDATE case_decisions SET patient_id = (SELECT id FROM patients WHERE id <> patient_id LIMIT 1) WHERE id = '${id}'`,
  `DELETE FROM case_decisions WHERE id = '${id}'`,
  `UPDATE case_decision_versions SET recommendation = 'X' WHERE decision_id = '${id}'`,
  `INSERT INTO case_decision_versions SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'number', 2))).*
     FROM case_decision_versions v WHERE decision_id = '${id}'`,
  `DELETE FROM case_decision_versions WHERE decision_id = '${id}'`,
  `UPDATE case_decision_addenda SET text = 'X' WHERE decision_id = '${id}'`,
  `DELETE FROM case_decision_addenda WHERE decision_id = '${id}'`,
  `UPDATE case_decision_patient_words SET choice = 'DECLINED' WHERE decision_id = '${id}'`,
  `DELETE FROM case_decision_patient_words WHERE decision_id = '${id}'`,
  `UPDATE case_decision_letters SET text = 'X', version = version + 1 WHERE id = '${letterId}'`,
  `UPDATE case_decision_letters SET status = 'DRAFT', approved_at = NULL, approved_by_id = NULL, approved_by_name = NULL,
     version = version + 1 WHERE id = '${letterId}'`,
  `DELETE FROM case_decision_letters WHERE id = '${letterId}'`,
  `INSERT INTO case_decision_letters SELECT (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).*
     FROM case_decision_letters l WHERE id = '${letterId}'`,
  `DELETE FROM meeting_cases WHERE id = '${caseId}'`,
  'UPDATE decision_policies SET overdue_every_days = 60',
  'DELETE FROM decision_policies',
  ...['case_decisions', 'case_decision_versions', 'case_decision_addenda', 'case_decision_patient_words'].map(
    (table) => `TRUNCATE ${table} CASCADE`,
  ),
  ...['case_decision_letters', 'case_decision_actions', 'decision_policies'].map(
    (table) => `TRUNCATE ${table} CASCADE`,
  ),
];

describe('what is signed', () => {
  it('is changed by no mutation, and by no SQL of the application or of the owner', async () => {
    const { id, caseId } = await signed();
    const added = { decisionId: id, text: 'The level is L4/L5.' };
    expect(mustBe(await room.addenda.addDecisionAddendum(asBooker(chair), added))).toMatchObject({
      addenda: [{ number: 1, text: 'The level is L4/L5.' }],
    });
    const said = {
      decisionId: id,
      choice: 'ACCEPTED',
      decidedAt: clock.now(),
      clinicianId: chair.id,
    } as const;
    mustBe(await room.addenda.recordPatientDecision(asBooker(chair), { ...said, notes: 'Goes ahead.' }));
    const to = { audience: 'PATIENT' } as const;
    const draft = mustBe(await room.drafts.draftDecisionLetter(asBooker(chair), id, to)) as { id: string };
    mustBe(await room.letters.approveDecisionLetter(chair, draft.id, 0));
    const todo = {
      decisionId: id,
      kind: 'OTHER',
      what: 'Ring.',
      ownerId: chair.id,
      dueOn: '2026-12-01',
    } as const;
    mustBe(await room.entries.addDecisionAction(asBooker(chair), todo));
    const before = await room.records.caseDecision(chair, id);

    expect(codeOf(await type(caseId, { baseVersion: 1 }))).toBe('DecisionAlreadySigned');
    expect(codeOf(await room.decisions.checkDecision(psychologist, seen(before)))).toBe(
      'DecisionAlreadySigned',
    );
    expect(codeOf(await room.signing.signOffDecision(psychologist, seen(before)))).toBe(
      'DecisionAlreadySigned',
    );
    const owner = new pg.Client({ connectionString: home.adminUrl });
    await owner.connect();
    try {
      for (const sql of attacks(id, caseId, draft.id)) {
        await expect(database.client.$executeRawUnsafe(sql), sql).rejects.toThrow();
        await expect(owner.query(sql), sql).rejects.toThrow();
      }
    } finally {
      await owner.end();
    }
    expect(await room.records.caseDecision(chair, id)).toEqual(before);
  });

  it('is answered by the patient, whose word stands apart from what the team recommends', async () => {
    const decision = await signed();
    const word = (choice: 'WANTS_TIME' | 'OTHER_OPTION' | 'DECLINED', chosen: string | null = null) =>
      room.addenda.recordPatientDecision(asBooker(chair), {
        ...{ decisionId: decision.id, choice, chosen, clinicianId: psychologist.id },
        ...{ decidedAt: clock.now(), alsoPresent: 'Her daughter', notes: 'Talked about needles.' },
      });
    mustBe(await word('WANTS_TIME'));
    await expect(word('DECLINED', 'Physiotherapy')).rejects.toThrow(/chosen/);
    await expect(word('OTHER_OPTION')).rejects.toThrow(/chosen/);
    const answered = mustBe(await word('OTHER_OPTION', 'Physiotherapy first')) as CaseDecision;
    expect(answered.patientWords).toMatchObject([
      { number: 1, choice: 'WANTS_TIME' },
      { number: 2, choice: 'OTHER_OPTION', chosen: 'Physiotherapy first', clinicianId: psychologist.id },
    ]);
    expect(answered.current).toEqual(decision.current);
    const unsigned = mustBe(await type(await discussed())) as CaseDecision;
    const early = { decisionId: unsigned.id, choice: 'ACCEPTED', clinicianId: chair.id } as const;
    expect(
      codeOf(
        await room.addenda.recordPatientDecision(asBooker(chair), {
          ...{ ...early, decidedAt: clock.now(), notes: 'Too early.' },
        }),
      ),
    ).toBe('DecisionNotSigned');
  });

  it('is added to once for each key, however often that is sent', async () => {
    const { id: decisionId } = await signed();
    const booker = asBooker(chair, randomUUID());
    const add = (text: string) => room.addenda.addDecisionAddendum(booker, { decisionId, text });
    const answers = await Promise.all([add('Once.'), add('Once.'), add('Once.')]);
    expect(answers.map((answer) => (answer as CaseDecision).addenda)).toEqual(
      Array.from({ length: 3 }, () => [expect.objectContaining({ number: 1, text: 'Once.' })]),
    );
    expect(codeOf(await add('Twice.'))).toBe('IdempotencyKeyReused');
    const said = { decisionId, choice: 'ACCEPTED', decidedAt: clock.now(), clinicianId: chair.id } as const;
    const answer = () =>
      room.addenda.recordPatientDecision(booker, { ...said, notes: 'Goes ahead.' }) as Promise<CaseDecision>;
    expect((await answer()).patientWords).toHaveLength(1);
    expect((await answer()).patientWords).toHaveLength(1);
    expect((await room.records.caseDecision(chair, decisionId)).patientWords).toHaveLength(1);
  });
});
