import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { OutcomeAccessService } from '../../src/clinic/outcomes/outcome-access.service.js';
import { OutcomeRetentionService } from '../../src/clinic/outcomes/outcome-retention.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  answersOf,
  aRecorder,
  aScore,
  type OutcomesRoom,
  outcomesOn,
  phq9,
} from '../support/outcomes.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';
import { mustBe } from '../support/reports.factory.js';

// Scores and risk tasks as part of a patient's record: kept, copied, merged, destroyed, and attacked by SQL.

const NOW = '2026-03-02T12:00:00Z';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: OutcomesRoom;
let records: RecordsRoom;
let retention: OutcomeRetentionService;
let ada: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = outcomesOn(database, clock);
  records = await recordsOn(database, clock);
  retention = new OutcomeRetentionService(records.get(RetentionClasses), readConfig({}, '/tmp'));
  ada = aStaffActor();
});
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
});

const aPatient = (dateOfBirth = '1950-01-01'): Promise<Patient> =>
  makePatient(room.people.patients, { dateOfBirth });
const record = async (patientId: string, parts: object = {}) =>
  mustBe(await room.verbs.recordScore(aRecorder(ada), aScore(patientId, clock.now(), parts)));
const risky = (patientId: string) => record(patientId, { instrument: 'PHQ9', answers: phq9(1) });
const settle = async (riskTaskId: string | null) => {
  const id = riskTaskId ?? '';
  mustBe(await room.risk.claimRiskTask(ada, id));
  mustBe(await room.risk.noteRiskTask(ada, { riskTaskId: id, note: 'Rang.' }));
  mustBe(await room.risk.closeRiskTask(ada, { riskTaskId: id, note: 'Spoke with them.' }));
};
const ownersOf = async (patients: readonly Patient[]) => {
  const count = async ({ id: patientId }: Patient) => ({
    scores: await database.client.outcomeScore.count({ where: { patientId } }),
    tasks: await database.client.riskTask.count({ where: { patientId } }),
  });
  return Promise.all(patients.map(count));
};

describe('how long it is kept', () => {
  it('counts from what was answered last, and not while a risk task is open', async () => {
    const { id } = await aPatient();
    const score = await risky(id);
    const factsOf = async () => (await retention.facts(database.client, [id])).get(id);
    expect(await factsOf()).toEqual({
      ...{ lastContactOn: Temporal.PlainDate.from('2026-03-02'), treatmentEndedOn: null, classes: [] },
      keptBecause: 'RISK_TASK_OPEN',
    });
    await settle(score.riskTaskId);
    expect((await factsOf())?.keptBecause).toBeNull();
    mustBe(await room.verbs.voidScore(aRecorder(ada), { scoreId: score.id, reason: 'x' }));
    expect((await factsOf())?.lastContactOn).toBeNull();
  });
});

describe('the copy for the patient', () => {
  it('has everything of theirs and nothing of anybody else', async () => {
    const [own, other] = [await aPatient(), await aPatient()];
    await settle((await risky(own.id)).riskTaskId);
    const wrong = await record(own.id);
    const right = { scoreId: wrong.id, answers: answersOf(3), reason: 'Misread.' };
    mustBe(await room.verbs.correctScore(aRecorder(ada), right));
    await settle((await risky(other.id)).riskTaskId);
    const sections = await new OutcomeAccessService(new SubjectAccess()).collect(database.client, own.id);
    expect(sections.map(({ name, records: rows }) => [name, rows.length])).toEqual([
      ['scores', 3],
      ['risk-tasks', 1],
      ['risk-task-notes', 2],
    ]);
    expect(JSON.stringify(sections)).not.toContain(other.id);
    for (const { records: rows, thirdPartyFields = [] } of sections) {
      for (const field of thirdPartyFields) expect(rows.every((row) => field in row)).toBe(true);
    }
  });
});

describe('two records that become one', () => {
  it('take scores and tasks along, and give them back with what was put right since', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    const score = await risky(merged.id);
    await settle((await risky(merged.id)).riskTaskId);
    const ofKept = await record(kept.id);
    const merge = mustBe(
      await room.people.merges.mergePatients(ada, {
        ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'The same person.',
      }),
    );
    expect(await ownersOf([kept, merged])).toEqual([
      { scores: 3, tasks: 2 },
      { scores: 0, tasks: 0 },
    ]);
    clock.advance({ minutes: 1 });
    const graver = { scoreId: score.id, answers: phq9(2), reason: 'Misread.' };
    expect(mustBe(await room.verbs.correctScore(aRecorder(ada), graver))).toMatchObject({
      patientId: kept.id,
    });
    await record(kept.id);
    const undone = await room.people.undoing.undoPatientMerge(ada, {
      mergeId: merge.id,
      reason: 'Two people.',
    });
    expect(mustBe(undone).stayed).toEqual([{ room: 'outcomes', kind: 'scores', count: 1 }]);
    expect(await ownersOf([kept, merged])).toEqual([
      { scores: 2, tasks: 0 },
      { scores: 3, tasks: 3 },
    ]);
    expect((await room.scores.score(ada, ofKept.id)).patientId).toBe(kept.id);
    clock.set(NOW);
  });

  it('give a task back with its alert, also one that was raised meanwhile', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    const harmless = await record(merged.id, { instrument: 'PHQ9', answers: phq9(0) });
    const merge = mustBe(
      await room.people.merges.mergePatients(ada, {
        ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'The same person.',
      }),
    );
    clock.advance({ minutes: 1 });
    const input = { scoreId: harmless.id, answers: phq9(1), reason: 'Misread.' };
    const { riskTaskId } = mustBe(await room.verbs.correctScore(aRecorder(ada), input));
    await room.people.alerts.raiseAlert(ada, {
      ...{ patientId: kept.id, kind: 'SAFETY', severity: 'LOW', text: 'Uses a stick' },
    });
    const { id: mergeId } = merge;
    const undone = mustBe(
      await room.people.undoing.undoPatientMerge(ada, { mergeId, reason: 'Two people.' }),
    );
    expect(undone.stayed).toEqual([{ room: 'patients', kind: 'alerts', count: 1 }]);
    const alertsOf = async ({ id }: Patient) => {
      const alerts = (await room.people.alerts.ofPatients([id], [])).get(id) ?? [];
      return alerts.filter(({ isShown }) => isShown).map(({ text }) => text);
    };
    expect(await alertsOf(merged)).toEqual([expect.stringContaining('Fetch a clinician')]);
    expect(await alertsOf(kept)).toEqual(['Uses a stick']);
    await settle(riskTaskId);
    expect(await alertsOf(merged)).toEqual([]);
    clock.set(NOW);
  });
});

describe('by SQL', () => {
  it.each([
    ['a mark', `UPDATE outcome_scores SET answers = '[[1]]' WHERE id = $1`],
    ['a total', 'UPDATE outcome_scores SET total = 1 WHERE id = $1'],
    [
      'whose it is',
      `UPDATE outcome_scores SET patient_id = (SELECT id FROM patients WHERE id <> patient_id LIMIT 1) WHERE id = $1`,
    ],
    ['that it is there', 'DELETE FROM outcome_scores WHERE id = $1'],
  ])('nobody changes %s', async (_, sql) => {
    const { id } = await record((await aPatient()).id);
    const stored = () => database.client.outcomeScore.findUnique({ where: { id } });
    const before = await stored();
    await expect(database.client.$executeRawUnsafe(sql.replace('$1', `'${id}'`))).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });

  it.each([
    ['answers that are not on the form', `'[[11]]', 0, 7`],
    ['half a mark', `'[[3.5]]', 0, 3.5`],
    ['two marks', `'[[3, 4]]', 0, 4`],
    ['something else', `'{"a": 1}', 0, 4`],
    ['an item too many', `'[[3], [4]]', 0, 4`],
    ['nothing missing where something is', `'[[]]', 0, NULL`],
    ['a total beyond the scale', `'[[3]]', 0, 11`],
  ])('nobody adds %s', async (_, values) => {
    const { id: patientId } = await aPatient();
    const insert = `
      INSERT INTO outcome_scores (id, entry_id, version, patient_id, instrument, instrument_version, language, scoring_version,
        mode, period, taken_at, recorded_at, recorded_by_id, answers, missing_count, total)
      SELECT id, id, 1, '${patientId}', 'NRS', '0-10', 'en-GB', 1, 'PAPER', 'NOW', now(), now(), '${ada.id}', ${values}
        FROM (SELECT gen_random_uuid() AS id) AS new`;
    await expect(database.client.$executeRawUnsafe(insert)).rejects.toThrow();
    await database.client.$executeRawUnsafe(insert.replace(values, `'[[3]]', 0, 3`));
  });

  it.each([
    ['that it was raised', 'DELETE FROM risk_tasks WHERE id = $1'],
    ['the note', `UPDATE risk_tasks SET closing_note = 'x' WHERE id = $1`],
    [
      'that it is closed',
      `UPDATE risk_tasks SET status = 'OPEN', claimed_at = NULL, claimed_by_id = NULL, closed_at = NULL, closed_by_id = NULL, closing_note = NULL WHERE id = $1`,
    ],
    ['what was answered', 'UPDATE risk_tasks SET answer = 2 WHERE id = $1'],
    ['what was done', `UPDATE risk_task_events SET note = 'x' WHERE risk_task_id = $1`],
    ['that it was done', 'DELETE FROM risk_task_events WHERE risk_task_id = $1'],
  ])('nobody changes of a risk task %s', async (_, sql) => {
    const { riskTaskId } = await risky((await aPatient()).id);
    await settle(riskTaskId);
    await expect(database.client.$executeRawUnsafe(sql.replace('$1', `'${riskTaskId}'`))).rejects.toThrow();
  });

  it('nobody closes a task that nobody has, or empties a table', async () => {
    const { riskTaskId } = await risky((await aPatient()).id);
    for (const sql of [
      `UPDATE risk_tasks SET status = 'CLOSED', closed_at = now(), closed_by_id = '${ada.id}', claimed_at = now(), claimed_by_id = '${ada.id}', closing_note = 'x' WHERE id = '${riskTaskId}'`,
      'TRUNCATE outcome_scores CASCADE',
      'TRUNCATE risk_tasks CASCADE',
      'TRUNCATE risk_task_events',
      'UPDATE risk_task_policies SET repeat_minutes = 9000',
    ])
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
  });
});

describe('destruction', () => {
  it('is refused by the database, and takes everything when it is lawful', async () => {
    const [gone, other] = [await aPatient(), await aPatient()];
    const score = await risky(gone.id);
    await settle(score.riskTaskId);
    mustBe(
      await room.verbs.correctScore(aRecorder(ada), { scoreId: score.id, answers: phq9(0), reason: 'x' }),
    );
    await expect(database.transaction((tx) => retention.destroy(tx, ada, gone.id))).rejects.toThrow();
    const othersTask = (await risky(other.id)).riskTaskId;
    clock.set('2060-01-05T09:00:00Z');
    const run = await records.destroyAll(['CLINICAL_RECORD']);
    expect(run.status).toBe('COMPLETED');
    expect(await ownersOf([gone, other])).toEqual([
      { scores: 0, tasks: 0 },
      { scores: 1, tasks: 1 },
    ]);
    expect(await database.client.riskTaskEvent.count({ where: { riskTaskId: score.riskTaskId ?? '' } })).toBe(
      0,
    );
    expect(await database.client.riskTask.count({ where: { id: othersTask ?? '' } })).toBe(1);
    const stubs = await database.client.destructionStub.findMany({ where: { patientId: gone.id } });
    const parts = stubs.flatMap(
      ({ parts: found }) => found as { readonly what: string; readonly count: number }[],
    );
    expect(parts.filter(({ what }) => /scores|risk/.test(what))).toEqual([
      { what: 'questionnaires and scores', count: 2, identifiers: [] },
      { what: 'risk tasks', count: 1, identifiers: [] },
      { what: 'notes on risk tasks', count: 2, identifiers: [] },
    ]);
    clock.set(NOW);
  });
});
