import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { RiskTaskJobs } from '../../src/clinic/outcomes/risk-task.jobs.js';
import { RISK_TASK_DUE } from '../../src/clinic/outcomes/risk-task.type.js';
import { RISK_TASK_TOPICS } from '../../src/clinic/outcomes/risk-task-letter.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { HandleLater, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aRecorder, aScore, type OutcomesRoom, outcomesOn, phq9 } from '../support/outcomes.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { mustBe } from '../support/reports.factory.js';

// Item 9 of PHQ-9: never only a number. Somebody is told at once, and again until a clinician has spoken with the patient.

const NOW = '2026-03-29T00:30:00Z'; // half an hour before the clocks go forward
const AT_ONCE = 50;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: OutcomesRoom;
let ada: StaffActor;
let ben: StaffActor;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = outcomesOn(database, clock);
  ada = aStaffActor();
  ben = aStaffActor();
});
beforeEach(async () => {
  clock.set(NOW);
  patientId = (await makePatient(room.people.patients)).id;
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

const codeOf = (result: object) => (isRefusal(result) ? result.code : 'done');
const record = async (risk: number | null, others = 1) =>
  mustBe(
    await room.verbs.recordScore(
      aRecorder(ada),
      aScore(patientId, clock.now(), { instrument: 'PHQ9', answers: phq9(risk, others) }),
    ),
  );
const correct = async (scoreId: string, risk: number | null) =>
  mustBe(await room.verbs.correctScore(aRecorder(ada), { scoreId, answers: phq9(risk), reason: 'Misread.' }));
const tasksOf = () => database.client.riskTask.findMany({ where: { patientId }, orderBy: { id: 'asc' } });
const flagsOf = async () => (await room.people.flags.ofPatients([patientId], [])).get(patientId) ?? [];
const messagesOf = (topic: string, subjectId: string) =>
  database.client.outboxMessage.findMany({ where: { topic, subjectId }, orderBy: { id: 'asc' } });
const aTask = async () => {
  const { riskTaskId } = await record(1);
  return riskTaskId ?? '';
};
const note = (riskTaskId: string, text = 'Spoke with them.') => ({ riskTaskId, note: text });
const settle = async (id: string) => {
  mustBe(await room.risk.claimRiskTask(ben, id));
  mustBe(await room.risk.closeRiskTask(ben, note(id)));
};

describe('an answer above 0 to item 9', () => {
  it.each([
    ['with a total of 1', 1, 0],
    ['with no total at all', 2, null],
  ] as const)('raises a task %s, in the same transaction', async (_, risk, others) => {
    const answers = others === null ? phq9(risk).slice(8) : phq9(risk, others);
    const entry = aScore(patientId, clock.now(), { instrument: 'PHQ9', answers });
    const score = mustBe(await room.verbs.recordScore(aRecorder(ada), entry));
    const [task] = await tasksOf();
    expect(score.riskTaskId).toBe(task?.id);
    expect(task).toMatchObject({ answer: risk, status: 'OPEN', scoreId: score.id, raisedById: ada.id });
    expect(task?.reference).toMatch(/^K\d{7}$/);
    expect(task?.dueAt.toISOString()).toBe('2026-03-29T00:45:00.000Z');
    expect(await messagesOf(RISK_TASK_TOPICS.raised, task?.id ?? '')).toHaveLength(1);
    expect(await messagesOf(RISK_TASK_DUE, task?.id ?? '')).toMatchObject([{ dueAt: task?.dueAt }]);
    expect(await flagsOf()).toMatchObject([
      { kind: 'ALERT', severity: 'HIGH', sentence: expect.stringContaining('Fetch a clinician') },
    ]);
    expect(JSON.stringify(await flagsOf())).not.toMatch(/suicid|self-harm|PHQ/i);
  });

  it('raises none with 0, or left out, however high the total: but says that it was left out', async () => {
    expect(await record(0, 3)).toMatchObject({ total: 24, riskTaskId: null, isRiskUnanswered: false });
    expect(await record(null, 3)).toMatchObject({ total: 27, riskTaskId: null, isRiskUnanswered: true });
    expect(await tasksOf()).toEqual([]);
  });

  it('cannot be written without its task, not even by SQL', async () => {
    const answers = JSON.stringify([...Array.from({ length: 8 }, () => [0]), [1]]);
    const insert = `
      INSERT INTO outcome_scores (id, entry_id, version, patient_id, instrument, instrument_version, language, scoring_version,
        mode, taken_at, answers, missing_count, total, recorded_at, recorded_by_id)
      SELECT id, id, 1, '${patientId}', 'PHQ9', 'PHQ-9', 'en-GB', 1, 'PAPER', now(), '${answers}', 0, 1, now(), '${ada.id}'
        FROM (SELECT gen_random_uuid() AS id) AS new`;
    await expect(database.client.$executeRawUnsafe(insert)).rejects.toThrow(/nobody was told/);
  });

  it('is told once more only when it is graver than what was told', async () => {
    const first = await record(1);
    const same = await correct(first.id, 1);
    expect(same.riskTaskId).toBe(first.riskTaskId);
    const graver = await correct(same.id, 3);
    expect(await tasksOf()).toHaveLength(2);
    expect(graver.riskTaskId).not.toBe(first.riskTaskId);
    const less = await correct(graver.id, 0);
    expect(less.riskTaskId).toBeNull();
    const again = await correct(less.id, 2); // while the task of a 3 is open
    expect(await tasksOf()).toHaveLength(2);
    for (const { id } of await tasksOf()) await settle(id);
    await correct((await correct(again.id, 0)).id, 2);
    expect((await tasksOf()).map(({ answer }) => answer)).toEqual([1, 3, 2]);
  });

  it('leaves its task when it was another patient’s: somebody closes it in words', async () => {
    const score = await record(2);
    mustBe(await room.verbs.voidScore(aRecorder(ada), { scoreId: score.id, reason: 'Another patient’s.' }));
    expect(await room.tasks.riskTask(ada, score.riskTaskId ?? '')).toMatchObject({
      ...{ status: 'OPEN', isAnswerStanding: false, answer: 2 },
    });
  });
});

describe('the alert of a risk task', () => {
  it('is ended by nobody’s hand while the task is open, and by itself when it is closed', async () => {
    const id = await aTask();
    const alerts = async () => (await room.people.alerts.ofPatients([patientId], [])).get(patientId) ?? [];
    const [before] = await alerts();
    const input = { alertId: before?.id ?? '', version: before?.version ?? 0, reason: 'Seems well.' };
    for (const isClaimed of [false, true]) {
      if (isClaimed) mustBe(await room.risk.claimRiskTask(ben, id));
      expect(codeOf(await room.people.alerts.endAlert(ada, [], input))).toBe('PatientAlertHeld');
      expect(await alerts()).toEqual([before]);
    }
    mustBe(await room.risk.closeRiskTask(ben, note(id)));
    expect(await alerts()).toMatchObject([{ isShown: false, endedById: ben.id }]);
    expect(codeOf(await room.people.alerts.endAlert(ada, [], input))).toBe('PatientAlertChanged');
  });
});

describe('a risk task', () => {
  it('is taken on, noted, and closed by whoever has it', async () => {
    const id = await aTask();
    expect(codeOf(await room.risk.closeRiskTask(ben, note(id)))).toBe('RiskTaskNotClaimed');
    const claimed = mustBe(await room.risk.claimRiskTask(ben, id));
    expect(claimed).toMatchObject({
      status: 'CLAIMED',
      claimedById: ben.id,
      allowedActions: ['release', 'note', 'close'],
    });
    expect(claimed.dueAt.toString()).toBe('2026-03-29T04:30:00Z'); // four hours are four hours
    expect(codeOf(await room.risk.closeRiskTask(ada, note(id)))).toBe('RiskTaskClaimed');
    mustBe(await room.risk.noteRiskTask(ada, note(id, 'Rang, nobody answered.')));
    const closed = mustBe(await room.risk.closeRiskTask(ben, note(id)));
    expect(closed).toMatchObject({
      ...{ status: 'CLOSED', closingNote: 'Spoke with them.', closedById: ben.id, isOverdue: false },
      events: [
        { kind: 'CLAIMED', byId: ben.id, note: null },
        { kind: 'NOTED', byId: ada.id, note: 'Rang, nobody answered.' },
      ],
    });
    expect(await flagsOf()).toEqual([]);
    expect(await messagesOf(RISK_TASK_DUE, id)).toEqual([]);
    expect(codeOf(await room.risk.noteRiskTask(ben, note(id)))).toBe('RiskTaskClosed');
    const entries = await database.client.auditEntry.findMany({
      where: { subjectId: id },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual([
      ...['risk-task.raised', 'risk-task.claimed', 'risk-task.noted', 'risk-task.closed'],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/Spoke|Rang|answer"/);
  });

  it('goes back to everybody when its clinician cannot go on', async () => {
    const id = await aTask();
    mustBe(await room.risk.claimRiskTask(ben, id));
    const open = mustBe(await room.risk.releaseRiskTask(ada, note(id, 'Ben was called away.')));
    expect(open).toMatchObject({ status: 'OPEN', claimedById: null, claimedAt: null });
    mustBe(await room.risk.claimRiskTask(ada, id));
    expect(codeOf(await room.risk.claimRiskTask(ben, id))).toBe('RiskTaskClaimed');
  });

  it('is taken on by one of many at once, and closed once', async () => {
    const id = await aTask();
    const people = Array.from({ length: AT_ONCE }, () => aStaffActor());
    const claims = await Promise.all(people.map((actor) => room.risk.claimRiskTask(actor, id)));
    expect(claims.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(new Set(claims.map(codeOf))).toEqual(new Set(['done', 'RiskTaskClaimed']));
    const winner = people.find((_, at) => !isRefusal(claims[at] ?? {})) ?? ben;
    const closings = await Promise.all(people.map(() => room.risk.closeRiskTask(winner, note(id))));
    expect(closings.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(new Set(closings.map(codeOf))).toEqual(new Set(['done', 'RiskTaskClosed']));
  });

  it('is found by its state, by its patient and when it is late, those due first first', async () => {
    const first = await aTask();
    clock.advance({ minutes: 20 });
    const second = await aTask();
    const found = async (filter: object) =>
      (await room.tasks.riskTasks(ada, { patientId, ...filter }, { size: 10 })).items.map(({ id }) => id);
    expect(await found({})).toEqual([first, second]);
    expect(await found({ isOverdue: true })).toEqual([first]);
    expect(await found({ isOverdue: false })).toEqual([second]);
    expect(await found({ status: 'CLOSED' })).toEqual([]);
    const page = await room.tasks.riskTasks(ada, { patientId }, { size: 1 });
    const next = await room.tasks.riskTasks(ada, { patientId }, { size: 1, after: page.nextCursor });
    expect([...page.items, ...next.items].map(({ id }) => id)).toEqual([first, second]);
    expect((await room.tasks.unclosedOf(ada, [patientId])).get(patientId)).toHaveLength(2);
  });
});

describe('the clinic is told', () => {
  it('when it is late, again and again, until it is closed', async () => {
    const id = await aTask();
    const overdue = () => messagesOf(RISK_TASK_TOPICS.overdue, id);
    expect((await room.alarm.escalate(id))?.toString()).toBe('2026-03-29T00:45:00Z');
    expect(await overdue()).toEqual([]);
    clock.set('2026-03-29T00:45:00Z');
    const again = await Promise.all(Array.from({ length: 10 }, () => room.alarm.escalate(id)));
    expect(new Set(again.map(String))).toEqual(new Set(['2026-03-29T01:15:00Z']));
    expect(await overdue()).toMatchObject([{ version: 1 }]);
    clock.set('2026-03-29T01:15:00Z');
    await room.alarm.escalate(id);
    expect((await overdue()).map(({ version }) => version)).toEqual([1, 2]);
    mustBe(await room.risk.claimRiskTask(ben, id));
    expect((await room.alarm.escalate(id))?.toString()).toBe('2026-03-29T05:15:00Z');
    clock.set('2026-03-29T05:15:00Z');
    await room.alarm.escalate(id);
    expect(await overdue()).toHaveLength(3);
    mustBe(await room.risk.closeRiskTask(ben, note(id)));
    clock.set('2026-03-30T05:15:00Z');
    expect(await room.alarm.escalate(id)).toBeNull();
    expect(await overdue()).toHaveLength(3);
  });

  it('by a job that comes again', async () => {
    const handlers = new OutboxHandlers();
    new RiskTaskJobs(handlers, room.alarm);
    const id = await aTask();
    const handle = () =>
      handlers.handlerOf(RISK_TASK_DUE)?.handle({ id, topic: RISK_TASK_DUE, subjectId: id, version: 0 });
    await expect(handle()).rejects.toBeInstanceOf(HandleLater);
    await settle(id);
    await handle();
  });

  it('with a reference and nothing else, and not once somebody has seen to it', async () => {
    const id = await aTask();
    const matter = (version: number) => room.letters.matter(database.client, id, version);
    const [task] = await tasksOf();
    expect(await matter(0)).toEqual({
      ...{ riskTaskId: id, reference: task?.reference, patientId },
      raisedAt: Temporal.Instant.from(NOW),
    });
    mustBe(await room.risk.claimRiskTask(ben, id));
    expect(await matter(0)).toBeNull();
    clock.set('2026-03-29T04:30:00Z');
    await room.alarm.escalate(id);
    expect(await matter(1)).toMatchObject({ riskTaskId: id });
    mustBe(await room.risk.closeRiskTask(ben, note(id)));
    expect(await matter(1)).toBeNull();
  });
});

describe('how soon', () => {
  const set = (effectiveFrom: string) =>
    room.policies.setRiskTaskPolicy(ada, {
      ...{ claimWithinMinutes: 5, closeWithinMinutes: 60, repeatMinutes: 10, effectiveFrom },
      source: 'Clinic policy 12.',
    });

  it('says a row that holds from a day on; what was raised keeps its own', async () => {
    const before = await aTask();
    expect(codeOf(await set('2026-03-28'))).toBe('RiskTaskPolicyInThePast');
    const all = await Promise.all(Array.from({ length: 10 }, () => set('2026-04-01')));
    expect(all.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(new Set(all.map(codeOf))).toEqual(new Set(['done', 'RiskTaskPolicyAlreadySet']));
    clock.set('2026-03-31T23:30:00Z'); // 1 April in London
    const after = await aTask();
    expect((await room.tasks.riskTask(ada, after)).dueAt.toString()).toBe('2026-03-31T23:35:00Z');
    mustBe(await room.risk.claimRiskTask(ben, before));
    expect((await room.tasks.riskTask(ada, before)).dueAt.toString()).toBe('2026-04-01T03:30:00Z');
    expect(await room.policies.riskTaskPolicies()).toHaveLength(2);
  });
});
