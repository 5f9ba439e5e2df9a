import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { MeetingAccessService } from '../../src/clinic/meetings/meeting-access.service.js';
import type { MeetingCase } from '../../src/clinic/meetings/meeting-case.type.js';
import { MeetingRetentionService } from '../../src/clinic/meetings/meeting-retention.service.js';
import { PatientMeetingsMergeService } from '../../src/clinic/meetings/patient-meetings-merge.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aFile, aPdf, aReader, type DocumentRoom, documentRoomOn } from '../support/documents.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aMeeting,
  type MeetingsRoom,
  makeCase,
  makeMember,
  makePreparedCase,
  makeSession,
  meetingsOn,
} from '../support/meetings.factory.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { type RecordsRoom, recordsOn } from '../support/records.factory.js';

// What was brought before the team as a part of a patient's record: papers shown, records that become one, destruction.

const NOW = '2026-11-24T09:00:00Z';
const clock = new FixedClock(NOW);
const desk = aStaffActor();
let home: TestDatabase;
let folder: string;
let database: Database;
let room: MeetingsRoom;
let papers: DocumentRoom;
let records: RecordsRoom;
let retention: MeetingRetentionService;
let chair: StaffActor;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'facet-papers-'));
  database = new Database(home.url);
  papers = documentRoomOn(database, folder, { clock });
  room = meetingsOn(database, clock, { documents: papers.list });
  records = await recordsOn(database, clock);
  retention = new MeetingRetentionService(records.get(RetentionClasses), readConfig({}, '/tmp'));
  chair = await makeMember(database, 'PAIN_MEDICINE');
});
beforeEach(async () => {
  clock.set(NOW);
  patientId = (await makePatient(room.patients, { dateOfBirth: '1950-01-01' })).id;
});
afterAll(async () => {
  await records.module.close();
  await database.close();
  await home.drop();
  await rm(folder, { recursive: true, force: true });
});

const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'done');
const show = (one: MeetingCase, shownId: string, parts = {}, reader = aReader(chair)) =>
  room.preparation.showToTeam(reader, {
    ...{ caseId: one.id, kind: 'DOCUMENT', shownId, label: 'Letter of the surgeon', ...parts },
  });
const filed = async (of = patientId) =>
  mustBe(await papers.documents.storeIn(chair, aFile(of, aPdf()))).document;

async function discussed(): Promise<MeetingCase> {
  const meeting = mustBe(await room.planning.planMeeting(chair, aMeeting(chair)));
  const { id: caseId, version } = await makePreparedCase(room, chair, patientId);
  mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
  await makeSession(room, meeting, [[chair, 'PAIN_MEDICINE']]);
  mustBe(await room.cases.beginCase(chair, caseId));
  clock.advance({ minutes: 5 });
  return mustBe(await room.cases.endCase(chair, caseId));
}

describe('a paper that is shown to the team', () => {
  it('stays the version that was shown, by its SHA-256, whatever is filed after it', async () => {
    const one = await makeCase(room, chair, patientId);
    const paper = await filed();
    const shown = mustBe(await show(one, paper.id));
    const sha256 = paper.versions[0]?.sha256;
    expect(shown.exhibits).toMatchObject([
      { kind: 'DOCUMENT', shownId: paper.id, versionNumber: 1, sha256, label: 'Letter of the surgeon' },
    ]);
    expect(codeOf(await show(one, paper.id))).toBe('AlreadyShown');
    await papers.documents.storeVersion(aReader(chair), paper.id, aFile(patientId, aPdf()));
    const again = mustBe(await show(one, paper.id));
    expect(again.exhibits.map(({ versionNumber }) => versionNumber)).toEqual([1, 2]);
    expect(again.exhibits[0]?.sha256).toBe(sha256);
    expect(again.exhibits[1]?.sha256).not.toBe(sha256);
    expect(codeOf(await show(one, paper.id, { versionNumber: 1 }))).toBe('AlreadyShown');
  });

  it('is one of the patient’s that whoever shows it may see and that can be opened', async () => {
    const one = await makeCase(room, chair, patientId);
    const [foreign, withdrawn] = [await filed((await makePatient(room.patients)).id), await filed()];
    mustBe(
      await papers.changes.withdrawDocument(aReader(chair), {
        ...{ documentId: withdrawn.id, version: withdrawn.version, reason: 'Of somebody else.' },
      }),
    );
    const notFound = { code: 'NOT_FOUND' };
    await expect(show(one, foreign.id)).rejects.toMatchObject(notFound);
    await expect(show(one, withdrawn.id)).rejects.toMatchObject(notFound);
    await expect(show(one, randomUUID())).rejects.toMatchObject(notFound);
    const own = await filed();
    await expect(show(one, own.id, { versionNumber: 2 })).rejects.toMatchObject(notFound);
    await expect(show(one, own.id, {}, aReader(chair, []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(show(one, own.id, { studyInstanceUid: '1.2.3' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    const after = await room.caseRecords.meetingCase(chair, one.id);
    expect(after.exhibits).toEqual([]);
  });

  it('is named with its hash or not at all, by SQL either', async () => {
    const one = await makeCase(room, chair, patientId);
    const insert = (sha256: string) =>
      database.client.$executeRawUnsafe(
        `INSERT INTO meeting_case_exhibits (id, case_id, kind, shown_id, version_number, sha256, label, added_at, added_by_id)
         VALUES (gen_random_uuid(), '${one.id}', 'DOCUMENT', gen_random_uuid(), 1, ${sha256}, 'x', now(), '${chair.id}')`,
      );
    await expect(insert('NULL')).rejects.toThrow('meeting_case_exhibits_whole');
    await expect(insert(`'not a hash'`)).rejects.toThrow('meeting_case_exhibits_whole');
  });
});

describe('records that become one', () => {
  it('take cases and proposals along, and give them back', async () => {
    const patients = patientRoomOn(database, clock);
    new PatientMeetingsMergeService(patients.followers);
    const into = await makePatient(patients.patients);
    const merged = await patients.patients.mustHavePatient(database.client, patientId);
    const settled = await discussed();
    const wish = { patientId, kind: 'REQUEST', sourceId: randomUUID(), because: 'Asked.' } as const;
    const proposal = mustBe(await room.proposals.proposeForTeam(chair, wish));
    const twin = mustBe(await room.proposals.proposeForTeam(chair, { ...wish, patientId: into.id }));
    const mergeThem = () =>
      patients.merges.mergePatients(desk, {
        ...{ keepId: into.id, keepVersion: into.version, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'One person, registered twice.',
      });
    // Both are proposed because of the same source: one has to go first.
    expect(codeOf(await mergeThem())).not.toBe('done');
    mustBe(await room.proposals.dismissProposal(chair, { proposalId: twin.id, reason: 'Twice.' }));
    const merge = mustBe(await mergeThem());
    const whose = async () => [
      (await database.client.meetingCase.findUniqueOrThrow({ where: { id: settled.id } })).patientId,
      (await database.client.caseProposal.findUniqueOrThrow({ where: { id: proposal.id } })).patientId,
    ];
    expect(await whose()).toEqual([into.id, into.id]);
    // The same source is not proposed again under the other record.
    const twice = await room.proposals.proposeForTeam(chair, { ...wish, patientId: into.id });
    expect(codeOf(twice)).toBe('AlreadyProposed');
    const since = await makeCase(room, chair, into.id);
    clock.advance({ hours: 1 });
    mustBe(
      await patients.undoing.undoPatientMerge(desk, { mergeId: merge.id, reason: 'Two people after all.' }),
    );
    expect(await whose()).toEqual([patientId, patientId]);
    expect(await room.caseRecords.meetingCase(chair, since.id)).toMatchObject({ patientId: into.id });
  });
});

describe('a record that is destroyed', () => {
  it('takes what was brought before the team with it, and never before', async () => {
    const one = await makeCase(room, chair, patientId);
    mustBe(await show(one, (await filed()).id));
    mustBe(await room.cases.withdrawCase(chair, { caseId: one.id, reason: 'Moved away' }));
    const settled = await discussed();
    mustBe(
      await room.proposals.proposeForTeam(chair, {
        ...{ patientId, kind: 'REQUEST', sourceId: randomUUID(), because: 'Asked.' },
      }),
    );
    const access = new MeetingAccessService(new SubjectAccess());
    const counts = async () =>
      Object.fromEntries(
        (await database.transaction((tx) => access.collect(tx, patientId))).map(({ name, records: rows }) => [
          name,
          rows.length,
        ]),
      );
    const whole = {
      'cases-for-the-team': 2,
      'case-proformas': 1,
      'shown-to-the-team': 1,
      'proposals-for-the-team': 1,
    };
    expect(await counts()).toMatchObject(whole);
    await expect(database.transaction((tx) => retention.destroy(tx, desk, patientId))).rejects.toThrow();
    expect(await counts()).toMatchObject(whole);
    clock.set('2060-01-05T09:00:00Z');
    expect((await records.destroyAll(['CLINICAL_RECORD'])).status).toBe('COMPLETED');
    expect(Object.values(await counts()).every((count) => count === 0)).toBe(true);
    expect(await database.client.meeting.count({ where: { id: settled.meetingId ?? '' } })).toBe(1);
    const stub = await database.client.destructionStub.findFirstOrThrow({ where: { patientId } });
    expect(stub.parts).toEqual(
      expect.arrayContaining([
        { what: 'cases for the team', count: 2, identifiers: [] },
        { what: 'things shown to the team', count: 1, identifiers: [] },
        { what: 'proposals for the team', count: 1, identifiers: [] },
      ]),
    );
  });
});
