import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { OutcomeRetentionService } from '../../src/clinic/outcomes/outcome-retention.service.js';
import { PatientOutcomesMergeService } from '../../src/clinic/outcomes/patient-outcomes-merge.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { PatientResponsesMergeService } from '../../src/clinic/responses/patient-responses-merge.service.js';
import type { PainDiary } from '../../src/clinic/responses/response.type.js';
import { ResponsePartService } from '../../src/clinic/responses/response-part.service.js';
import { PatientTreatmentsMergeService } from '../../src/clinic/treatments/patient-treatments-merge.service.js';
import { TreatmentRetentionService } from '../../src/clinic/treatments/treatment-retention.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { makePatient } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';
import { makeReferral, referralServiceOn } from '../support/referrals.factory.js';
import { mustBe } from '../support/reports.factory.js';
import { entryOf, makeDiary, type ResponsesRoom, responsesOn, say } from '../support/responses.factory.js';
import { asBooker, makeOperator, publishProcedureWording } from '../support/treatments.factory.js';

// Diaries, judgements and proposals as part of a patient's record: kept, copied, merged, destroyed.

const NOW = '2027-03-02T09:00:00Z';
const JUDGED_POINTS = ['M30', 'H4', 'H24'] as const;
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: ResponsesRoom;
let people: ReturnType<typeof patientRoomOn>;
let records: RecordsRoom;
let part: ResponsePartService;
let ada: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = responsesOn(database, clock);
  people = patientRoomOn(database, clock);
  new PatientOutcomesMergeService(people.followers, room.rooms.followers, people.alerts);
  new PatientTreatmentsMergeService(people.followers);
  new PatientResponsesMergeService(people.followers, room.entries);
  records = await recordsOn(database, clock);
  const classes = records.get(RetentionClasses);
  const config = readConfig({}, '/tmp');
  new OutcomeRetentionService(classes, config);
  new TreatmentRetentionService(classes, config);
  part = new ResponsePartService(classes, new SubjectAccess());
  ada = await makeOperator(database);
  await publishProcedureWording(room.rooms);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
});

const aPatient = (): Promise<Patient> => makePatient(people.patients, { dateOfBirth: '1950-01-01' });
const now = (treatmentId: string) => room.records.mustHave(database.client, treatmentId);
const subjectOf = async ({ id: patientId }: Patient) => ({
  patientId,
  referralId: (await makeReferral(referralServiceOn(database, clock), patientId)).id,
});
/** A block with this pain before it, and nothing said since. */
const asked = async (patient: Patient, before: number | null = 8): Promise<PainDiary> =>
  makeDiary(room, ada, await subjectOf(patient), before);

async function answer({ treatmentId }: PainDiary, total: number): Promise<PainDiary> {
  for (const point of JUDGED_POINTS) await say(room, ada, treatmentId, point, total);
  return now(treatmentId);
}
const judged = async (patient: Patient, after: number) => answer(await asked(patient), after);

async function decline({ treatmentId }: PainDiary): Promise<void> {
  for (const { id: proposalId, status, version } of (await now(treatmentId)).proposals) {
    if (status !== 'OPEN') continue;
    mustBe(
      await room.proposals.declineProposal(ada, { proposalId, version, reason: 'They would rather not.' }),
    );
  }
}
/** Judged twice, and nothing open any more. */
async function wholeFor(patient: Patient): Promise<PainDiary> {
  const diary = await judged(patient, 3);
  const correction = { scoreId: entryOf(diary, 'H4').scoreId ?? '', answers: [{ item: 1, marked: [2] }] };
  mustBe(await room.rooms.scores.correctScore(asBooker(ada), { ...correction, reason: 'It was misheard.' }));
  await decline(diary);
  return now(diary.treatmentId);
}
const countsOf = async ({ id: patientId }: Patient) => {
  const diary = { treatment: { patientId } };
  return {
    diaries: await database.client.painDiary.count({ where: diary }),
    points: await database.client.diaryEntry.count({ where: { diary } }),
    judgements: await database.client.responseJudgement.count({ where: { diary } }),
    proposals: await database.client.treatmentProposal.count({ where: { judgement: { diary } } }),
  };
};

describe('how long it is kept', () => {
  it('is not shortened by it, and no record goes while a treatment is proposed', async () => {
    const patient = await aPatient();
    const factsOf = async () => (await part.facts(database.client, [patient.id])).get(patient.id);
    const nothing = { lastContactOn: null, treatmentEndedOn: null, classes: [], keptBecause: null };
    expect(await factsOf()).toEqual(nothing);
    const diary = await asked(patient);
    expect(await factsOf()).toEqual(nothing);
    await answer(diary, 3);
    expect(await factsOf()).toEqual({ ...nothing, keptBecause: 'TREATMENT_PROPOSED' });
    await decline(diary);
    expect(await factsOf()).toEqual(nothing);
  });
});

describe('the copy for the patient', () => {
  it('has everything of theirs and nothing of anybody else', async () => {
    const [own, other] = [await aPatient(), await aPatient()];
    const mine = await wholeFor(own);
    const others = await wholeFor(other);
    const sections = await part.collect(database.client, own.id);
    expect(sections.map(({ name, records: rows }) => [name, rows.length])).toEqual([
      ['pain-diaries', 8],
      ['judgements', 2],
      ['proposals', 2],
    ]);
    expect(JSON.stringify(sections)).toContain(mine.treatmentId);
    expect(JSON.stringify(sections)).not.toContain(others.treatmentId);
    for (const { records: rows, thirdPartyFields = [] } of sections) {
      for (const field of thirdPartyFields) expect(rows.every((row) => field in row)).toBe(true);
    }
  });
});

describe('two records that become one', () => {
  const merge = async (kept: Patient, merged: Patient) =>
    mustBe(
      await people.merges.mergePatients(ada, {
        ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'The same person.',
      }),
    );
  const undo = async ({ id: mergeId }: { readonly id: string }) =>
    mustBe(await people.undoing.undoPatientMerge(ada, { mergeId, reason: 'Two people.' }));
  /** Figures that are not of the patient of their treatment. */
  const strayFigures = () => database.client.$queryRawUnsafe<readonly object[]>(STRAY_FIGURES);

  it('have one map of pain, and two again when they are two people', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    await judged(kept, 3);
    clock.set(NOW);
    const moved = await judged(merged, 8);
    const done = await merge(kept, merged);
    expect([(await countsOf(kept)).diaries, (await countsOf(merged)).diaries]).toEqual([2, 0]);
    expect((await now(moved.treatmentId)).patientId).toBe(kept.id);
    const [source] = (await room.sources.painSourceMap(ada, kept.id)).sources;
    expect(source).toMatchObject({ isContradictory: true, treatments: [{}, {}] });
    clock.advance({ minutes: 1 });
    await undo(done);
    expect([(await countsOf(kept)).diaries, (await countsOf(merged)).diaries]).toEqual([1, 1]);
    const maps = [
      await room.sources.painSourceMap(ada, kept.id),
      await room.sources.painSourceMap(ada, merged.id),
    ];
    expect(maps.map(({ sources }) => sources.map(({ status }) => status))).toEqual([
      ['CONFIRMED'],
      ['EXCLUDED'],
    ]);
    expect(await strayFigures()).toEqual([]);
  });

  it('give figures back that were said meanwhile of a treatment that goes back', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    const diary = await asked(merged);
    const done = await merge(kept, merged);
    await say(room, ada, diary.treatmentId, 'M30', 3);
    const said = entryOf(await now(diary.treatmentId), 'M30').scoreId ?? '';
    const correction = { scoreId: said, answers: [{ item: 1, marked: [2] }], reason: 'It was misheard.' };
    mustBe(await room.rooms.scores.correctScore(asBooker(ada), correction));
    await undo(done);
    expect(await strayFigures()).toEqual([]);
    const ofMerged = await database.client.outcomeScore.findMany({ where: { patientId: merged.id } });
    expect(ofMerged.map(({ total }) => total).toSorted()).toEqual([2, 3, 8]);
    expect(await database.client.outcomeScore.count({ where: { patientId: kept.id } })).toBe(0);
    // The diary goes on, is put right, and is judged by figures of one person.
    const { scoreId } = entryOf(await now(diary.treatmentId), 'M30');
    const better = { scoreId: scoreId ?? '', answers: [{ item: 1, marked: [1] }], reason: 'Misheard again.' };
    mustBe(await room.rooms.scores.correctScore(asBooker(ada), better));
    const after = await say(room, ada, diary.treatmentId, 'H4', 3);
    expect(after).toMatchObject({ patientId: merged.id });
    await say(room, ada, diary.treatmentId, 'H24', 3);
    expect((await now(diary.treatmentId)).judgement).toMatchObject({ verdict: 'POSITIVE', afterTotal: 1 });
  });

  it('take a figure out of a diary that turns out to be of somebody else', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    const ofKept = await asked(kept);
    const ofMerged = await subjectOf(merged);
    const done = await merge(kept, merged);
    clock.advance({ minutes: 10 });
    // What the other person said before is taken for the pain before.
    const diary = await makeDiary(room, ada, { ...ofMerged, patientId: kept.id }, null);
    expect(entryOf(diary, 'BEFORE')).toMatchObject({ status: 'RECORDED', total: 8 });
    await answer(diary, 3);
    expect((await now(diary.treatmentId)).judgement?.verdict).toBe('POSITIVE');
    await undo(done);
    expect(await strayFigures()).toEqual([]);
    const after = await now(diary.treatmentId);
    expect(after.patientId).toBe(merged.id);
    expect(entryOf(after, 'BEFORE')).toMatchObject({ status: 'MISSED', scoreId: null });
    expect(after.judgements.map(({ verdict }) => verdict)).toEqual(['POSITIVE', 'UNDEFINED']);
    expect(after.proposals).toMatchObject([{ status: 'WITHDRAWN' }]);
    expect(entryOf(await now(ofKept.treatmentId), 'BEFORE')).toMatchObject({ status: 'RECORDED', total: 8 });
  });
});

const STRAY_FIGURES = `
  SELECT entry.id FROM diary_entries entry JOIN outcome_scores score ON score.id = entry.score_id
    JOIN treatments treatment ON treatment.id = entry.treatment_id WHERE treatment.patient_id <> score.patient_id`;

describe('by SQL', () => {
  it.each([
    ['which figure it was', 'UPDATE diary_entries SET score_id = NULL WHERE treatment_id = $1'],
    ['that a point was asked', 'DELETE FROM diary_entries WHERE treatment_id = $1'],
    ['the verdict', `UPDATE response_judgements SET verdict = 'NEGATIVE' WHERE treatment_id = $1`],
    ['the relief', 'UPDATE response_judgements SET percent_relief = 100 WHERE treatment_id = $1'],
    ['that it was judged', 'DELETE FROM response_judgements WHERE treatment_id = $1'],
    ['that somebody said no', `UPDATE treatment_proposals SET status = 'OPEN' WHERE treatment_id = $1`],
    ['why', `UPDATE treatment_proposals SET reason = 'x' WHERE treatment_id = $1 AND status = 'DECLINED'`],
    ['that it was proposed', 'DELETE FROM treatment_proposals WHERE treatment_id = $1'],
    ['that there is a diary', 'DELETE FROM pain_diaries WHERE treatment_id = $1'],
  ])('nobody changes %s', async (_, sql) => {
    const before = await wholeFor(await aPatient());
    const change = sql.replace('$1', `'${before.treatmentId}'`);
    await expect(database.client.$executeRawUnsafe(change)).rejects.toThrow();
    expect(await now(before.treatmentId)).toEqual(before);
  });

  it('nobody empties a table, or rewrites a policy', async () => {
    for (const sql of [
      'TRUNCATE pain_diaries CASCADE',
      'TRUNCATE diary_entries',
      'TRUNCATE response_judgements CASCADE',
      'TRUNCATE treatment_proposals',
      'UPDATE diary_policies SET positive_percent_min = 1',
      'DELETE FROM diary_policy_points',
      'UPDATE learning_policies SET minimum_count = 500',
    ])
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
  });
});

describe('destruction', () => {
  it('is refused by the database, waits for what is proposed, and takes everything when it is lawful', async () => {
    const [gone, waiting] = [await aPatient(), await aPatient()];
    await wholeFor(gone);
    clock.set(NOW);
    await judged(waiting, 3);
    await expect(database.transaction((tx) => part.destroy(tx, ada, gone.id))).rejects.toThrow();
    expect(await countsOf(gone)).toEqual({ diaries: 1, points: 8, judgements: 2, proposals: 2 });
    clock.set('2060-01-05T09:00:00Z');
    expect(await records.destroyAll(['CLINICAL_RECORD'])).toMatchObject({ status: 'COMPLETED' });
    expect(await countsOf(gone)).toEqual({ diaries: 0, points: 0, judgements: 0, proposals: 0 });
    expect(await countsOf(waiting)).toEqual({ diaries: 1, points: 8, judgements: 1, proposals: 1 });
    const stubs = await database.client.destructionStub.findMany({ where: { patientId: gone.id } });
    const parts = stubs.flatMap(
      ({ parts: found }) => found as { readonly what: string; readonly count: number }[],
    );
    expect(parts.filter(({ what }) => /diar|judgement|proposal/.test(what))).toEqual([
      { what: 'pain diaries', count: 1, identifiers: [] },
      { what: 'points of pain diaries', count: 8, identifiers: [] },
      { what: 'judgements of responses', count: 2, identifiers: [] },
      { what: 'proposals of treatments', count: 2, identifiers: [] },
    ]);
  });
});
