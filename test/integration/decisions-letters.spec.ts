import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { DecisionLetter } from '../../src/clinic/decisions/decision-letter.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { LetterAudience } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDecision, type DecisionsRoom, decisionsOn, makeDiscussed } from '../support/decisions.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeMember } from '../support/meetings.factory.js';
import { asBooker } from '../support/treatment-inputs.factory.js';

// What patient, GP and referrer are told of a decision: written by several, approved once, and never behind it.

const NOW = '2026-11-24T09:00:00Z';
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
async function signed(wish: { readonly patientId?: string; readonly startsAt?: Temporal.Instant } = {}) {
  const { caseId, patientId } = await makeDiscussed(room, chair, psychologist, wish);
  const typed = mustBe(await room.decisions.typeDecision(chair, aDecision(caseId, psychologist.id)));
  const { id: decisionId, current } = typed;
  const seen = { decisionId, version: current.number, fingerprint: current.fingerprint };
  mustBe(await room.decisions.checkDecision(psychologist, seen));
  mustBe(await room.meetings.cases.endCase(chair, caseId));
  mustBe(await room.signing.signOffDecision(chair, seen));
  return { decisionId, patientId };
}
const draft = async (decisionId: string, audience: LetterAudience = 'PATIENT', key: string | null = null) => {
  const to = { audience, ...(audience === 'PATIENT' ? {} : { recipientName: 'Dr Amrit Patel' }) };
  return room.drafts.draftDecisionLetter(asBooker(chair, key), decisionId, to);
};
const approve = (letterId: string, version: number) =>
  room.letters.approveDecisionLetter(chair, letterId, version);
const statusOf = async (id: string) =>
  (await database.client.decisionLetter.findUniqueOrThrow({ where: { id } })).status;

describe('a letter', () => {
  it('is drafted for each party in its own words, once for each and once for each key', async () => {
    const { decisionId } = await signed();
    const key = randomUUID();
    const patient = mustBe(await draft(decisionId, 'PATIENT', key)) as DecisionLetter;
    expect(mustBe(await draft(decisionId, 'PATIENT', key)).id).toBe(patient.id);
    expect(codeOf(await draft(decisionId, 'GP', key))).toBe('IdempotencyKeyReused');
    const gp = mustBe(await draft(decisionId, 'GP')) as DecisionLetter;
    const referrer = mustBe(await draft(decisionId, 'REFERRER')) as DecisionLetter;
    expect(patient.text).toContain('What the team advises: ');
    expect(patient.text).not.toContain('NG59');
    expect(gp.text).toContain('NG59');
    expect(referrer.text).toContain('Thank you for referring this patient.');
    expect(codeOf(await draft(decisionId, 'GP'))).toBe('LetterAlreadyDrafted');
  });

  it('loses no word of two who write in it, is approved by one of fifty, and stays', async () => {
    const { decisionId } = await signed();
    const { id: letterId } = mustBe(await draft(decisionId));
    const write = (text: string) => room.letters.rewordDecisionLetter(chair, { letterId, version: 0, text });
    const written = await Promise.all([write('Mine.'), write('Hers.')]);
    expect(written.map(codeOf).toSorted()).toEqual(['LetterChanged', 'done']);
    const refused = written.find(isRefusal);
    expect(refused).toMatchObject({ currentVersion: 1 });
    expect(JSON.stringify(refused)).toMatch(/Mine.*Hers|Hers.*Mine/);
    expect(codeOf(await approve(letterId, 0))).toBe('LetterChanged');
    const answers = await Promise.all(Array.from({ length: 50 }, () => approve(letterId, 1)));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    const posted = { topic: 'decision-letter.approved', subjectId: letterId };
    expect(await database.client.outboxMessage.count({ where: posted })).toBe(1);
    expect(codeOf(await room.letters.discardDecisionLetter(chair, letterId, 2))).toBe(
      'LetterStandsOtherwise',
    );
  });

  it('is not approved behind what the patient has said since', async () => {
    const { decisionId } = await signed();
    const { id: letterId } = mustBe(await draft(decisionId));
    const said = { decisionId, choice: 'DECLINED', clinicianId: chair.id, decidedAt: clock.now() } as const;
    mustBe(
      await room.addenda.recordPatientDecision(asBooker(chair), { ...said, notes: 'Would rather wait.' }),
    );
    expect(codeOf(await approve(letterId, 0))).toBe('LetterBehindDecision');
    const edit = { letterId, version: 0, text: 'You would like to go ahead, as we agreed.' };
    expect(codeOf(await room.letters.rewordDecisionLetter(chair, edit))).toBe('LetterBehindDecision');
    expect(codeOf(await approve(letterId, 0))).toBe('LetterBehindDecision');
    mustBe(await room.letters.discardDecisionLetter(chair, letterId, 0));
    const anew = mustBe(await draft(decisionId)) as DecisionLetter;
    expect(anew.text).toContain('You told us that you do not want this.');
    const { id, version } = mustBe(
      await room.letters.rewordDecisionLetter(chair, { letterId: anew.id, version: 0, text: 'As you wish.' }),
    ) as DecisionLetter;
    expect(codeOf(await approve(id, version))).toBe('done');
  });

  it('that is put away, or about what the team has decided otherwise since, does not go', async () => {
    const { decisionId, patientId } = await signed();
    const away = mustBe(await draft(decisionId));
    mustBe(await room.letters.discardDecisionLetter(chair, away.id, 0));
    expect(codeOf(await approve(away.id, 1))).toBe('LetterStandsOtherwise');
    const old = mustBe(await draft(decisionId));
    const { decisionId: newer } = await signed({
      ...{ patientId, startsAt: Temporal.Instant.from('2026-12-10T13:00:00Z') },
    });
    expect(await statusOf(old.id)).toBe('DISCARDED');
    expect(await draft(decisionId)).toMatchObject({ code: 'DecisionSuperseded', byId: newer });
    expect(codeOf(await draft(newer))).toBe('done');
  });
});
