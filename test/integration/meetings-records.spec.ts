import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MeetingAccessService } from '../../src/clinic/meetings/meeting-access.service.js';
import { MeetingRetentionService } from '../../src/clinic/meetings/meeting-retention.service.js';
import { PatientMeetingsMergeService } from '../../src/clinic/meetings/patient-meetings-merge.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aMeeting, makeMember, makePreparedCase, meetingsOn } from '../support/meetings.factory.js';
import { makePatient } from '../support/patients.factory.js';

// What was brought before the team is a part of the patient's record: it is copied for the patient and keeps the record.

const clock = new FixedClock('2026-11-24T09:00:00Z');
let home: TestDatabase;
let database: Database;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

async function aListedCase() {
  const room = meetingsOn(database, clock);
  const chair = await makeMember(database, 'PAIN_MEDICINE');
  const { id: patientId } = await makePatient(room.patients);
  const meeting = mustBe(await room.planning.planMeeting(chair, aMeeting(chair)));
  const { id: caseId, version } = await makePreparedCase(room, chair, patientId);
  mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
  return { room, chair, patientId, caseId, meeting };
}

describe('a case', () => {
  it('keeps the record while it is on a list, and no longer', async () => {
    const { room, chair, patientId, caseId } = await aListedCase();
    const retention = new MeetingRetentionService(new RetentionClasses(), readConfig({}, '/tmp'));
    const reason = async () =>
      database.transaction(
        async (tx) => (await retention.facts(tx, [patientId])).get(patientId)?.keptBecause,
      );
    expect(await reason()).toBe('CASE_LISTED');
    mustBe(await room.cases.withdrawCase(chair, { caseId, reason: 'Moved away' }));
    expect(await reason()).toBeNull();
  });

  it('does not go without a lawful destruction', async () => {
    const { patientId } = await aListedCase();
    const retention = new MeetingRetentionService(new RetentionClasses(), readConfig({}, '/tmp'));
    const actor = { kind: 'SYSTEM', id: null, label: 'test', requestId: null, source: null } as const;
    await expect(database.transaction((tx) => retention.destroy(tx, actor, patientId))).rejects.toThrow();
  });

  it('is copied for the patient, the proforma and what happened with it', async () => {
    const { patientId } = await aListedCase();
    const access = new MeetingAccessService(new SubjectAccess());
    const sections = await database.transaction((tx) => access.collect(tx, patientId));
    const counts = Object.fromEntries(sections.map(({ name, records }) => [name, records.length]));
    expect(counts).toMatchObject({ 'cases-for-the-team': 1, 'case-proformas': 1, 'case-events': 3 });
  });

  it('stands in the way of a merge while both records are on one list', async () => {
    const { room, chair, patientId, meeting } = await aListedCase();
    const { id: other } = await makePatient(room.patients);
    const follower = new PatientMeetingsMergeService(new PatientMergeFollowers());
    const preview = () => database.transaction((tx) => follower.preview(tx, other, patientId));
    expect(await preview()).toMatchObject({ rows: { 'cases for the team': 0 }, conflicts: [] });
    const { id: caseId, version } = await makePreparedCase(room, chair, other);
    mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
    expect((await preview()).conflicts).toHaveLength(1);
  });
});
