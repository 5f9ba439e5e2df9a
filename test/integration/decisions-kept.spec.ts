import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { CaseDecision } from '../../src/clinic/decisions/decision.type.js';
import { DecisionAccessService } from '../../src/clinic/decisions/decision-access.service.js';
import { DecisionRetentionService } from '../../src/clinic/decisions/decision-retention.service.js';
import { PatientDecisionsMergeService } from '../../src/clinic/decisions/patient-decisions-merge.service.js';
import { PatientMeetingsMergeService } from '../../src/clinic/meetings/patient-meetings-merge.service.js';
import { PatientNotesMergeService } from '../../src/clinic/notes/patient-notes-merge.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aDecision, type DecisionsRoom, decisionsOn, makeDiscussed } from '../support/decisions.factory.js';
import { mustBe } from '../support/entitlements.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeMember } from '../support/meetings.factory.js';
import { patientRoomOn } from '../support/patient-needs.factory.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { asBooker } from '../support/treatment-inputs.factory.js';

// Decisions as part of a patient's record: how long it is kept, its copy, and two records that become one.

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
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** Everything that there can be of one decision. */
async function makeEverything() {
  clock.set(NOW);
  const { caseId } = await makeDiscussed(room, chair, psychologist);
  const typed = mustBe(await room.decisions.typeDecision(chair, aDecision(caseId, psychologist.id)));
  const { id: decisionId, current } = typed as CaseDecision;
  const seen = { decisionId, version: current.number, fingerprint: current.fingerprint };
  mustBe(await room.decisions.checkDecision(psychologist, seen));
  mustBe(await room.meetings.cases.endCase(chair, caseId));
  mustBe(await room.signing.signOffDecision(chair, seen));
  const booker = asBooker(chair);
  mustBe(await room.addenda.addDecisionAddendum(booker, { decisionId, text: 'A note.' }));
  const said = { decisionId, choice: 'ACCEPTED', clinicianId: chair.id, decidedAt: clock.now() } as const;
  mustBe(await room.addenda.recordPatientDecision(booker, { ...said, notes: 'In the room.' }));
  const todo = { decisionId, kind: 'OTHER', what: 'Ring.', ownerId: chair.id, dueOn: '2026-12-01' } as const;
  const action = mustBe(await room.entries.addDecisionAction(booker, todo));
  mustBe(await room.drafts.draftDecisionLetter(booker, decisionId, { audience: 'PATIENT' }));
  return { decisionId, patientId: action.patientId, action };
}

describe('a decision in the patient’s record', () => {
  it('keeps it while an action is open, and from its last day on', async () => {
    const { patientId, action } = await makeEverything();
    const retention = new DecisionRetentionService(new RetentionClasses(), readConfig({}, '/tmp'));
    const facts = async () => (await retention.facts(database.client, [patientId])).get(patientId);
    expect(await facts()).toEqual({
      ...{ lastContactOn: Temporal.PlainDate.from('2026-11-26'), treatmentEndedOn: null, classes: [] },
      keptBecause: 'ACTION_OPEN',
    });
    const { id: actionId, version } = action;
    mustBe(await room.actions.completeDecisionAction(chair, { actionId, version, note: 'Rang.' }));
    expect((await facts())?.keptBecause).toBeNull();
    await expect(
      database.transaction((tx) => retention.destroy(tx, aStaffActor(), patientId)),
    ).rejects.toThrow();
    expect(await database.client.caseDecision.count({ where: { patientId } })).toBe(1);
  });

  it('is copied for the patient, with everything of theirs and nothing of anybody else', async () => {
    const [mine, other] = [await makeEverything(), await makeEverything()];
    const sections = await new DecisionAccessService(new SubjectAccess()).collect(
      database.client,
      mine.patientId,
    );
    expect(sections.map(({ name, records }) => [name, records.length])).toEqual([
      ['decisions-of-the-team', 1],
      ['versions-of-decisions', 1],
      ['addenda-of-decisions', 1],
      ['your-decisions', 1],
      ['actions', 1],
      ['letters-about-decisions', 1],
    ]);
    expect(JSON.stringify(sections)).not.toContain(other.decisionId);
    for (const { records, thirdPartyFields = [] } of sections) {
      for (const field of thirdPartyFields) expect(records.every((row) => field in row)).toBe(true);
    }
  });

  it('is counted before two records become one, and goes to nobody whose record is not merged', async () => {
    const { patientId } = await makeEverything();
    const { id: other } = await makePatient(room.meetings.patients);
    const follower = new PatientDecisionsMergeService(new PatientMergeFollowers());
    expect(await database.transaction((tx) => follower.preview(tx, patientId))).toEqual({
      ...{ rows: { 'decisions of the team': 1 }, conflicts: [] },
    });
    const moved = database.transaction((tx) =>
      follower.follow(tx, aStaffActor(), other, patientId, other, async () => undefined),
    );
    await expect(moved).rejects.toThrow();
  });

  it('goes back with its case when a merge is undone, as the notes of that case do, also what was typed since', async () => {
    clock.set(NOW);
    const patients = patientRoomOn(database, clock);
    // Notes are entered last: when they go back hangs on no order of building.
    new PatientDecisionsMergeService(patients.followers);
    new PatientMeetingsMergeService(patients.followers);
    new PatientNotesMergeService(patients.followers);
    const { caseId, patientId } = await makeDiscussed(room, chair, psychologist);
    const { id: otherId } = await makePatient(room.meetings.patients);
    const { id: keepId, version: keepVersion } = await patients.patients.mustHavePatient(
      database.client,
      otherId,
    );
    const merged = await patients.patients.mustHavePatient(database.client, patientId);
    const merge = mustBe(
      await patients.merges.mergePatients(aStaffActor(), {
        ...{ keepId, keepVersion, mergeId: merged.id, mergeVersion: merged.version },
        reason: 'One person, registered twice.',
      }),
    );
    clock.advance({ minutes: 1 });
    const typed = mustBe(await room.decisions.typeDecision(chair, aDecision(caseId, psychologist.id)));
    expect(typed.patientId).toBe(keepId);
    const begun = { happenedOn: new Date('2026-11-26'), begunAt: new Date(NOW), begunById: chair.id };
    const note = (meetingCaseId: string | null) =>
      database.client.clinicalNote.create({
        data: { patientId: keepId, kind: 'MEETING', meetingCaseId, ...begun },
        select: { id: true },
      });
    const ofCase = await note(caseId);
    const ofNothing = await note(null);
    mustBe(
      await patients.undoing.undoPatientMerge(aStaffActor(), { mergeId: merge.id, reason: 'Two people.' }),
    );
    const patientOf = async ({ id }: { readonly id: string }) =>
      (await database.client.clinicalNote.findUniqueOrThrow({ where: { id } })).patientId;
    expect((await room.records.caseDecision(chair, typed.id)).patientId).toBe(patientId);
    expect([await patientOf(ofCase), await patientOf(ofNothing)]).toEqual([patientId, keepId]);
  });
});
