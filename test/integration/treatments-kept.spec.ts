import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { PatientTreatmentsMergeService } from '../../src/clinic/treatments/patient-treatments-merge.service.js';
import type { Treatment } from '../../src/clinic/treatments/treatment.type.js';
import { TreatmentAccessService } from '../../src/clinic/treatments/treatment-access.service.js';
import type { AddComplicationInput } from '../../src/clinic/treatments/treatment-given.type.js';
import { TreatmentRetentionService } from '../../src/clinic/treatments/treatment-retention.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { makePatient } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';
import { makeReferral, referralServiceOn } from '../support/referrals.factory.js';
import { mustBe } from '../support/reports.factory.js';
import {
  aGiven,
  asBooker,
  makeDone,
  makeOperator,
  makePlanned,
  makeStarted,
  publishProcedureWording,
  type TreatmentsRoom,
  treatmentsOn,
} from '../support/treatments.factory.js';

// Treatments as part of a patient's record: kept, copied, merged, destroyed, and attacked by SQL.

const NOW = '2027-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: TreatmentsRoom;
let people: ReturnType<typeof patientRoomOn>;
let records: RecordsRoom;
let retention: TreatmentRetentionService;
let ada: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = treatmentsOn(database, clock);
  people = patientRoomOn(database, clock);
  new PatientTreatmentsMergeService(people.followers);
  records = await recordsOn(database, clock);
  retention = new TreatmentRetentionService(records.get(RetentionClasses), readConfig({}, '/tmp'));
  ada = await makeOperator(database);
  await publishProcedureWording(room);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
});

const aPatient = (dateOfBirth = '1950-01-01'): Promise<Patient> =>
  makePatient(people.patients, { dateOfBirth });
const subjectOf = async ({ id: patientId }: Patient) => ({
  patientId,
  referralId: (await makeReferral(referralServiceOn(database, clock), patientId)).id,
});
const doneFor = async (patient: Patient) => makeDone(room, ada, await subjectOf(patient));
/** With a version of everything that a treatment can have. */
async function wholeFor(patient: Patient): Promise<Treatment> {
  const done = await doneFor(patient);
  const correction = { ...aGiven(done, clock.now()), correctedBecause: 'Misread.' };
  mustBe(await room.given.correctTreatmentRecord(ada, correction));
  const complication: AddComplicationInput = {
    ...{ treatmentId: done.id, type: 'BLEEDING', severity: 'MILD', happenedAt: clock.now() },
    ...{ description: 'A bruise.', actionTaken: 'None.' },
  };
  const [first] = mustBe(await room.complications.addComplication(asBooker(ada), complication)).complications;
  const second = { ...complication, replacesId: first?.id ?? '', replaceReason: 'Not a bruise.' };
  return mustBe(await room.complications.addComplication(asBooker(ada), second));
}
const ownersOf = async (patients: readonly Patient[]) =>
  Promise.all(patients.map(({ id: patientId }) => database.client.treatment.count({ where: { patientId } })));

describe('how long it is kept', () => {
  it('counts from the last treatment, and not while one is open', async () => {
    const patient = await aPatient();
    const factsOf = async () => (await retention.facts(database.client, [patient.id])).get(patient.id);
    expect(await factsOf()).toMatchObject({ lastContactOn: null, keptBecause: null });
    const started = await makeStarted(room, ada, await subjectOf(patient));
    expect(await factsOf()).toMatchObject({ lastContactOn: null, keptBecause: 'TREATMENT_OPEN' });
    mustBe(await room.given.recordTreatmentGiven(asBooker(ada), aGiven(started, clock.now())));
    const on = Temporal.PlainDate.from('2027-03-02');
    expect(await factsOf()).toEqual({
      ...{ lastContactOn: on, treatmentEndedOn: on, classes: [], keptBecause: null },
    });
  });
});

describe('the copy for the patient', () => {
  it('has everything of theirs and nothing of anybody else', async () => {
    const [own, other] = [await aPatient(), await aPatient()];
    await wholeFor(own);
    await wholeFor(other);
    const sections = await new TreatmentAccessService(new SubjectAccess()).collect(database.client, own.id);
    expect(sections.map(({ name, records: rows }) => [name, rows.length])).toEqual([
      ...[['treatments', 1] as const, ['plans', 1] as const, ['safety-pauses', 1] as const],
      ...[['records', 2] as const, ['complications', 2] as const],
    ]);
    expect(JSON.stringify(sections)).not.toContain(other.id);
    for (const { records: rows, thirdPartyFields = [] } of sections) {
      for (const field of thirdPartyFields) expect(rows.every((row) => field in row)).toBe(true);
    }
  });
});

describe('two records that become one', () => {
  const merge = (kept: Patient, merged: Patient) =>
    people.merges.mergePatients(ada, {
      ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
      reason: 'The same person.',
    });

  it('take treatments along with their referrals, and give them back', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    await doneFor(kept);
    const moved = await doneFor(merged);
    const done = mustBe(await merge(kept, merged));
    expect(await ownersOf([kept, merged])).toEqual([2, 0]);
    clock.advance({ minutes: 1 });
    const subject = { patientId: kept.id, referralId: moved.referralId };
    await makePlanned(room, ada, subject);
    mustBe(await people.undoing.undoPatientMerge(ada, { mergeId: done.id, reason: 'Two people.' }));
    // What was added since is for the referral that went back.
    expect(await ownersOf([kept, merged])).toEqual([1, 2]);
  });

  it('wait while a treatment is under way', async () => {
    const [kept, merged] = [await aPatient(), await aPatient()];
    await makeStarted(room, ada, await subjectOf(merged));
    expect(JSON.stringify(await merge(kept, merged))).toContain('under way');
    expect(await ownersOf([kept, merged])).toEqual([0, 1]);
  });
});

describe('by SQL', () => {
  it.each([
    ['the side', `UPDATE treatment_targets SET side = 'RIGHT' WHERE treatment_id = $1`],
    ['the plan', `UPDATE treatment_plans SET approach = 'x' WHERE treatment_id = $1`],
    ['what was looked at', 'DELETE FROM treatment_plan_aspects WHERE treatment_id = $1'],
    ['what was planned to give', 'DELETE FROM treatment_plan_agents WHERE treatment_id = $1'],
    ['when the pause was', 'UPDATE treatment_pauses SET held_at = now() WHERE treatment_id = $1'],
    ['what was read out', `UPDATE treatment_pause_readings SET side = 'RIGHT' WHERE treatment_id = $1`],
    ['what was asked', 'DELETE FROM treatment_pause_answers WHERE treatment_id = $1'],
    ['the dose', 'UPDATE treatment_records SET fluoroscopy_seconds = 1 WHERE treatment_id = $1'],
    ['the place', 'DELETE FROM treatment_given_targets WHERE treatment_id = $1'],
    ['the batch', `UPDATE treatment_given_agents SET batch_number = 'x' WHERE treatment_id = $1`],
    ['the complication', 'DELETE FROM treatment_complications WHERE treatment_id = $1'],
    ['that it was done', `UPDATE treatments SET status = 'PLANNED' WHERE id = $1`],
    ['why it was asked for', `UPDATE treatments SET because = 'x' WHERE id = $1`],
    ['that it is there', 'DELETE FROM treatments WHERE id = $1'],
  ])('nobody changes %s', async (_, sql) => {
    const { id } = await wholeFor(await aPatient());
    const before = await room.records.byIds(database.client, [id]);
    await expect(database.client.$executeRawUnsafe(sql.replace('$1', `'${id}'`))).rejects.toThrow();
    expect(await room.records.byIds(database.client, [id])).toEqual(before);
  });

  it('nobody starts without a pause, or late after one, or empties a table', async () => {
    const { id } = await makePlanned(room, ada, await subjectOf(await aPatient()));
    const start = `UPDATE treatments SET status = 'IN_PROGRESS', started_at = now(), started_by_id = id, pause_id = id WHERE id = '${id}'`;
    for (const sql of [
      start,
      'TRUNCATE treatments CASCADE',
      'TRUNCATE treatment_pause_readings',
      'UPDATE treatment_policies SET nrs_min = 0',
      'DELETE FROM treatment_agents',
    ])
      await expect(database.client.$executeRawUnsafe(sql)).rejects.toThrow();
  });
});

describe('destruction', () => {
  it('is refused by the database, and takes everything when it is lawful', async () => {
    const [gone, other] = [await aPatient(), await aPatient()];
    await wholeFor(gone);
    await expect(database.transaction((tx) => retention.destroy(tx, ada, gone.id))).rejects.toThrow();
    await makePlanned(room, ada, await subjectOf(other));
    clock.set('2060-01-05T09:00:00Z');
    expect(await records.destroyAll(['CLINICAL_RECORD'])).toMatchObject({ status: 'COMPLETED' });
    expect(await ownersOf([gone, other])).toEqual([0, 1]);
    const stubs = await database.client.destructionStub.findMany({ where: { patientId: gone.id } });
    const parts = stubs.flatMap(
      ({ parts: found }) => found as { readonly what: string; readonly count: number }[],
    );
    expect(parts.filter(({ what }) => /treatment|pause|given|complication/.test(what))).toEqual([
      { what: 'treatments', count: 1, identifiers: [] },
      { what: 'plans of treatments', count: 1, identifiers: [] },
      { what: 'safety pauses', count: 1, identifiers: [] },
      { what: 'records of what was given', count: 2, identifiers: [] },
      { what: 'complications', count: 2, identifiers: [] },
    ]);
  });
});
