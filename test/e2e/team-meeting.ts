import { until } from '../support/until.js';
import { done, doneSo, type Made } from './asking.js';
import type { Member, TeamClinic } from './team-clinic.js';
import type { Scanned } from './team-patient.js';
import { first } from './visits.js';

// The team's meeting: who is brought before it and with what, who is there, and what they write.

const CASE = 'MeetingCase { id version status }';
const MEETING = 'Meeting { id version status missingNow attendances { id staffId discipline leftAt } }';
export const QUORUM = ['PAIN_MEDICINE', 'RADIOLOGY', 'SPINAL_SURGERY'] as const;

const PROFORMA = {
  preferences: 'Would rather not have an operation.',
  whatMatters: 'To lift her grandson.',
  function: 'Walks for ten minutes.',
  work: 'Off work since May.',
  medication: 'Naproxen; no anticoagulant.',
  previousTreatments: 'Physiotherapy for four months.',
  comorbidity: 'None known.',
  capacityAndNeeds: 'Has capacity. Large print.',
};

export interface MeetingSeen extends Made {
  readonly missingNow: readonly string[];
  readonly attendances: readonly { readonly id: string; readonly staffId: string | null }[];
}

/** The proposal that the system makes of a patient, once it is there: its id and why. */
export async function proposalFor(
  clinic: TeamClinic,
  patientId: string,
  kind: string,
): Promise<{ readonly id: string; readonly because: string }> {
  const found: { id: string; because: string }[] = [];
  await until(async () => {
    const { caseProposals } = await clinic.the('clinician').ask<{
      caseProposals: { items: { id: string; because: string; kind: string; patientId: string }[] };
    }>('{ caseProposals(status: OPEN, page: { size: 100 }) { items { id because kind patientId } } }');
    found.push(...caseProposals.items.filter((one) => one.patientId === patientId && one.kind === kind));
    return found.length > 0;
  });
  return first(found, 'proposal');
}

/** A case with all that a list asks for, and the report, the images and a score as they are shown; its id. */
export async function prepareCase(
  clinic: TeamClinic,
  scanned: Scanned,
  proposalId: string,
  question: string,
): Promise<string> {
  const clinician = clinic.the('clinician');
  const { id: caseId, version } = await done(
    clinician,
    { verb: 'acceptProposal', wanted: CASE },
    { proposalId, question },
  );
  const people = {
    presenterId: clinician.accountId,
    knowsPatientId: clinic.the('physiotherapist').accountId,
  };
  const prepared = await done(
    clinician,
    { verb: 'prepareCase', wanted: CASE },
    { caseId, version, ...people },
  );
  await done(
    clinic.the('physiotherapist'),
    { verb: 'writeCaseProforma', wanted: CASE },
    { caseId, version: prepared.version, ...PROFORMA },
  );
  const score = await sayPain(clinic, scanned.patientId, 8);
  for (const shown of [
    { kind: 'SCAN_REPORT', shownId: scanned.scanBookingId, versionNumber: 1, label: 'Bone SPECT-CT' },
    { kind: 'IMAGES', studyInstanceUid: scanned.studyInstanceUID, label: 'Fused slices' },
    { kind: 'SCORE', shownId: score, label: 'Pain now' },
  ]) {
    await done(clinician, { verb: 'showToTeam', wanted: CASE }, { caseId, ...shown });
  }
  return caseId;
}

/** What the patient says of their pain at this moment; the id of the score. */
export async function sayPain(clinic: TeamClinic, patientId: string, value: number): Promise<string> {
  const { id } = await done(
    clinic.the('clinician'),
    { verb: 'recordScore', wanted: 'OutcomeScore { id version }' },
    {
      ...{ patientId, instrument: 'NRS', mode: 'IN_PERSON', takenAt: clinic.clock.now().toString() },
      answers: [{ item: 1, marked: [value] }],
    },
  );
  return id;
}

export async function planMeeting(clinic: TeamClinic, startsAt: string): Promise<string> {
  const clinician = clinic.the('clinician');
  const { id } = await done(
    clinician,
    { verb: 'planMeeting', wanted: MEETING },
    {
      ...{ name: 'Spine team', startsAt, durationMinutes: 90, mode: 'HYBRID', place: 'Meeting room' },
      ...{ chairId: clinician.accountId, quorum: QUORUM, agendaClosesHours: 24 },
    },
  );
  return id;
}

export async function versionOf(clinic: TeamClinic, caseId: string): Promise<number> {
  const { meetingCase } = await clinic
    .the('clinician')
    .ask<{ meetingCase: { version: number } }>('query ($id: ID!) { meetingCase(id: $id) { version } }', {
      id: caseId,
    });
  return meetingCase.version;
}

export const LIST = { verb: 'listCase', wanted: CASE } as const;

export async function listCase(
  clinic: TeamClinic,
  meetingId: string,
  caseId: string,
  late: object = {},
): Promise<void> {
  const version = await versionOf(clinic, caseId);
  await done(clinic.the('clinician'), LIST, { caseId, meetingId, version, ...late });
}

/** The meeting begins with these members in it, and somebody of another house by video. */
export async function beginMeeting(
  clinic: TeamClinic,
  meetingId: string,
  members: readonly Member[],
): Promise<void> {
  const clinician = clinic.the('clinician');
  await doneSo(clinician, `beginMeeting(meetingId: "${meetingId}")`, MEETING);
  for (const member of members) await comeIn(clinic, meetingId, member);
  const guest = { guestName: 'Dr Ida Moss', organisation: 'Sample Road Spine Clinic', discipline: 'OTHER' };
  await done(
    clinician,
    { verb: 'recordAttendance', wanted: MEETING },
    { meetingId, ...guest, isVirtual: true },
  );
}

export async function comeIn(clinic: TeamClinic, meetingId: string, member: Member): Promise<void> {
  const { accountId: staffId } = clinic.the(member);
  const discipline = clinic.disciplineOf(member);
  await done(
    clinic.the('clinician'),
    { verb: 'recordAttendance', wanted: MEETING },
    { meetingId, staffId, discipline },
  );
}

/** Somebody goes before the end. */
export async function leave(clinic: TeamClinic, meetingId: string, member: Member): Promise<MeetingSeen> {
  const clinician = clinic.the('clinician');
  const { meeting } = await clinician.ask<{ meeting: MeetingSeen }>(
    'query ($id: ID!) { meeting(id: $id) { attendances { id staffId } } }',
    { id: meetingId },
  );
  const theirs = meeting.attendances.filter(({ staffId }) => staffId === clinic.the(member).accountId);
  return done<MeetingSeen>(
    clinician,
    { verb: 'recordLeaving', wanted: MEETING },
    { attendanceId: first(theirs, 'attendance').id },
  );
}

export async function beginCase(clinic: TeamClinic, caseId: string): Promise<void> {
  await doneSo(clinic.the('clinician'), `beginCase(caseId: "${caseId}")`, CASE);
}

/** A case takes minutes: who was there from the beginning to the end is not who came in at the same moment. */
export async function endCase(clinic: TeamClinic, caseId: string): Promise<void> {
  await clinic.clock.pass({ minutes: 5 });
  await doneSo(clinic.the('clinician'), `endCase(caseId: "${caseId}")`, CASE);
}
