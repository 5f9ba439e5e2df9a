import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConsentRetentionService } from '../../src/clinic/consent/consent-retention.service.js';
import type { Patient } from '../../src/clinic/patients/patient.type.js';
import { PatientMergeService } from '../../src/clinic/patients/patient-merge.service.js';
import { PatientMergeUndoService } from '../../src/clinic/patients/patient-merge-undo.service.js';
import { DataComplaintService } from '../../src/clinic/records/data-complaint.service.js';
import { LegalHoldService } from '../../src/clinic/records/legal-hold.service.js';
import { PatientDeathService } from '../../src/clinic/records/patient-death.service.js';
import { RectificationService } from '../../src/clinic/records/rectification.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccessHandoverService } from '../../src/clinic/records/subject-access-handover.service.js';
import { SubjectAccessRequestService } from '../../src/clinic/records/subject-access-request.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../src/platform/refusal/refusal.js';
import { makeConsent } from '../support/consent.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { patientServiceOn } from '../support/patients.factory.js';
import { makePatientOf, type RecordsRoom, recordsOn } from '../support/records.factory.js';
import { until } from '../support/until.js';

const NOW = '2034-04-03T09:00:00Z';
const clock = new FixedClock(NOW);
let home: TestDatabase;
let database: Database;
let room: RecordsRoom;
let kept: Patient;
let merged: Patient;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  room = await recordsOn(database, clock);
});
beforeEach(async () => {
  clock.set(NOW);
  kept = await makePatientOf(database, clock, '2026-04-03T09:00:00Z');
  merged = await makePatientOf(database, clock, '2026-04-03T09:00:00Z');
});
afterAll(async () => {
  await room.module.close();
  await database.close();
  await home.drop();
});

const must = <T extends object>(result: T): Exclude<T, Refusal> => {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<T, Refusal>;
};
const merge = async () =>
  must(
    await room.get(PatientMergeService).mergePatients(room.starter, {
      ...{ keepId: kept.id, keepVersion: kept.version, mergeId: merged.id, mergeVersion: merged.version },
      reason: 'The same person.',
    }),
  );
const rowsOf = async (patientId: string) => {
  const { client } = database;
  const where = { patientId };
  return {
    holds: await client.legalHold.count({ where }),
    requests: await client.subjectAccessRequest.count({ where }),
    complaints: await client.dataComplaint.count({ where }),
    rectifications: await client.rectification.count({ where }),
    deaths: await client.patientDeath.count({ where }),
  };
};
const itemOf = async (patientId: string) =>
  (await room.items(await room.listed())).find(({ subjectId }) => subjectId === patientId);

/** As PostgreSQL's serialization failure arrives: the whole of a transaction is then done again. */
const DONE_AGAIN = { code: 'P2034' } as const;
const writeSomethingOf = async (patientId: string) =>
  database.client.patientDeath.create({
    data: {
      ...{ patientId, diedOn: new Date('2030-01-01'), source: 'x' },
      ...{ recordedAt: new Date(NOW), recordedById: room.starter.id },
    },
  });
const waitingForLocks = async () => {
  const [row] = await database.client.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.count ?? 0;
};

describe('when two records become one', () => {
  it('holds, requests and complaints follow and go back; a hold on one holds what it became', async () => {
    const patientId = merged.id;
    must(
      await room.get(LegalHoldService).placeLegalHold(room.starter, {
        ...{ subjectType: 'patient', subjectId: patientId, reason: 'A claim.' },
      }),
    );
    await room
      .get(SubjectAccessRequestService)
      .exportPatient(room.starter, { patientId, reason: 'All.', askedBy: 'PATIENT' });
    await room
      .get(DataComplaintService)
      .recordComplaint(room.starter, { patientId, complainantName: 'x', channel: 'EMAIL', text: 'x' });
    await room.get(RectificationService).requestRectification(room.starter, {
      ...{ patientId, subjectType: 'patient', subjectId: patientId, whatIsWrong: 'x', whatIsAsked: 'x' },
    });
    await room
      .get(PatientDeathService)
      .recordPatientDeath(room.starter, { patientId, diedOn: '2030-01-01', source: 'x' });
    const one = { holds: 1, requests: 1, complaints: 1, rectifications: 1, deaths: 1 };
    const none = { holds: 0, requests: 0, complaints: 0, rectifications: 0, deaths: 0 };
    expect(await rowsOf(merged.id)).toEqual(one);
    const { id: mergeId } = await merge();
    expect([await rowsOf(merged.id), await rowsOf(kept.id)]).toEqual([none, one]);
    expect(await itemOf(kept.id)).toMatchObject({ status: 'HELD', code: 'LEGAL_HOLD' });
    const undone = await room.get(PatientMergeUndoService).undoPatientMerge(room.starter, {
      ...{ mergeId, reason: 'Two people.', areDifferentPeople: false },
    });
    must(undone);
    expect([await rowsOf(merged.id), await rowsOf(kept.id)]).toEqual([one, none]);
    expect(await database.client.legalHold.findFirst({ where: { patientId: merged.id } })).toMatchObject({
      subjectId: merged.id,
    });
  });

  it('a copy of both is nobody’s once they are two: it is prepared anew', async () => {
    const handover = room.get(SubjectAccessHandoverService);
    const ask = (patientId: string) =>
      room
        .get(SubjectAccessRequestService)
        .exportPatient(room.starter, { patientId, reason: 'All.', askedBy: 'PATIENT' });
    const rowOf = (id: string) =>
      database.client.subjectAccessRequest.findUniqueOrThrow({ where: { id }, include: { parts: true } });
    const untouched = await ask(kept.id);
    const followed = await ask(merged.id);
    await room.work();
    const { id: mergeId } = await merge();
    clock.advance({ hours: 1 });
    must(await handover.prepareSubjectAccessCopy(room.starter, followed.id));
    const since = await ask(kept.id);
    const answered = await ask(kept.id);
    await room.work();
    const { manifestSha256 } = await rowOf(answered.id);
    if (manifestSha256 === null) throw new Error('the copy was not prepared');
    must(await handover.reviewSubjectAccessCopy(room.starter, { requestId: answered.id, manifestSha256 }));
    must(await handover.answerSubjectAccess(room.starter, answered.id));
    const underWay = await ask(kept.id);
    const undone = must(
      await room.get(PatientMergeUndoService).undoPatientMerge(room.starter, {
        ...{ mergeId, reason: 'Two people.', areDifferentPeople: false },
      }),
    );
    expect(undone.stayed).toContainEqual({
      ...{ room: 'records', kind: 'copies handed over while the two were one', count: 1 },
    });
    const none = { parts: [], preparedAt: null, manifestSha256: null, copyStatus: 'PREPARING' };
    expect(await rowOf(followed.id)).toMatchObject({ ...none, patientId: merged.id, copyVersion: 2 });
    expect(await rowOf(since.id)).toMatchObject({ ...none, patientId: kept.id, copyVersion: 1 });
    // What was being gathered is not what will be kept.
    expect(await rowOf(underWay.id)).toMatchObject({ ...none, copyVersion: 1 });
    expect(await rowOf(untouched.id)).toMatchObject({ copyStatus: 'READY', copyVersion: 0 });
    expect(await rowOf(answered.id)).toMatchObject({ parts: [], copyStatus: 'EXPIRED', status: 'ANSWERED' });
    await room.work();
    for (const { id } of [followed, since, underWay])
      expect(await rowOf(id)).toMatchObject({ copyStatus: 'READY' });
  });

  it('different days of death stand in the way', async () => {
    const deaths = room.get(PatientDeathService);
    await deaths.recordPatientDeath(room.starter, { patientId: kept.id, diedOn: '2030-01-01', source: 'x' });
    await deaths.recordPatientDeath(room.starter, {
      patientId: merged.id,
      diedOn: '2030-01-02',
      source: 'x',
    });
    await expect(merge()).rejects.toThrow(/days of death/);
  });

  it('the record that was merged goes with the one that was kept, and never by itself', async () => {
    const own = new ConsentRetentionService(room.get(RetentionClasses), readConfig({}, '/tmp'));
    clock.set('2026-04-03T09:00:00Z');
    await makeConsent(database, clock, merged.id, { comment: 'Her sister came along.' });
    clock.set(NOW);
    await merge();
    expect(await itemOf(merged.id)).toBeUndefined();
    expect((await own.facts(database.client, [merged.id])).get(merged.id)?.lastContactOn?.toString()).toBe(
      '2026-04-03',
    );
    await room.destroyAll();
    const rows = await database.client.patient.findMany({ where: { id: { in: [kept.id, merged.id] } } });
    expect(rows.map(({ familyName, destroyedAt }) => [familyName, destroyedAt === null])).toEqual([
      ['Destroyed', false],
      ['Destroyed', false],
    ]);
    const stub = await database.client.destructionStub.findFirstOrThrow({ where: { patientId: kept.id } });
    expect(JSON.stringify(stub.parts)).toContain(merged.localNumber);
    // It was written under the id that went, and nothing of it is left all the same.
    expect(await database.client.consentRecord.count({ where: { patientId: merged.id } })).toBe(0);
    const said = await database.client.$queryRaw`
      SELECT FROM audit_entries WHERE before::text LIKE '%sister%' OR after::text LIKE '%sister%'`;
    expect(said).toEqual([]);
    const service = patientServiceOn(database, clock);
    await expect(database.transaction((tx) => service.lockPatient(tx, kept.id))).rejects.toThrow(
      /no such patient/,
    );
  });

  it('what was decided under the record that was merged keeps the one that was kept', async () => {
    clock.set('2030-06-01T09:00:00Z');
    await makeConsent(database, clock, merged.id);
    clock.set(NOW);
    expect(await itemOf(kept.id)).toMatchObject({ status: 'LISTED' });
    await merge();
    expect(await itemOf(kept.id)).toBeUndefined();
  });

  it('nothing new belongs to what was destroyed, whoever writes it', async () => {
    await merge();
    await room.destroyAll();
    const service = patientServiceOn(database, clock);
    for (const { id } of [kept, merged]) {
      await expect(writeSomethingOf(id)).rejects.toMatchObject(DONE_AGAIN);
      // Who would write it is told that before, and not that something broke.
      await expect(database.transaction((tx) => service.mustHavePatient(tx, id))).rejects.toThrow(
        /no such patient/,
      );
    }
  });

  it('who waited for a destruction to end does not write afterwards', async () => {
    let waiter: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await tx.$executeRaw`ALTER TABLE patients DISABLE TRIGGER patients_destroyed_lawfully`;
      await tx.$queryRaw`SELECT 1 FROM patients WHERE id = ${kept.id}::uuid FOR UPDATE`;
      waiter = writeSomethingOf(kept.id).catch((error: unknown) => error);
      await until(async () => (await waitingForLocks()) > 0);
      await tx.patient.update({ where: { id: kept.id }, data: { destroyedAt: new Date(NOW) } });
      await tx.$executeRaw`ALTER TABLE patients ENABLE TRIGGER patients_destroyed_lawfully`;
    });
    expect(await waiter).toMatchObject(DONE_AGAIN);
    expect(await rowsOf(kept.id)).toMatchObject({ deaths: 0 });
  });
});
