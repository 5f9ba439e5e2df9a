import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DisciplineService } from '../../src/clinic/auth/discipline.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import type { DocumentListService } from '../../src/clinic/documents/document-list.service.js';
import { CaseExhibitService } from '../../src/clinic/meetings/case-exhibit.service.js';
import { CaseGroundService } from '../../src/clinic/meetings/case-ground.service.js';
import { CaseOutcomes } from '../../src/clinic/meetings/case-outcomes.service.js';
import { CasePreparationService } from '../../src/clinic/meetings/case-preparation.service.js';
import { CaseProposalService } from '../../src/clinic/meetings/case-proposal.service.js';
import { CaseRecordService } from '../../src/clinic/meetings/case-record.service.js';
import { MeetingService } from '../../src/clinic/meetings/meeting.service.js';
import type { Meeting, PlanMeetingInput } from '../../src/clinic/meetings/meeting.type.js';
import { MeetingAbsenceService } from '../../src/clinic/meetings/meeting-absence.service.js';
import { MeetingCaseService } from '../../src/clinic/meetings/meeting-case.service.js';
import type {
  MeetingCase,
  ProposeCaseInput,
  WriteCaseProformaInput,
} from '../../src/clinic/meetings/meeting-case.type.js';
import { MeetingPlanningService } from '../../src/clinic/meetings/meeting-planning.service.js';
import { MeetingRecordService } from '../../src/clinic/meetings/meeting-record.service.js';
import { MeetingSeriesService } from '../../src/clinic/meetings/meeting-series.service.js';
import type { BeginMeetingSeriesInput } from '../../src/clinic/meetings/meeting-series.type.js';
import { MeetingTellingService } from '../../src/clinic/meetings/meeting-telling.service.js';
import type { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { ResponseService } from '../../src/clinic/responses/response.service.js';
import { IdempotencyService } from '../../src/clinic/visits/idempotency.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { Discipline } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { notFound } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { makeStaff, mustBe } from './entitlements.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { outcomesOn } from './outcomes.factory.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';
import { reportsOn } from './reports.factory.js';

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** Cases of these tests belong to no referral: whoever asks for one has made a mistake. */
const NO_REFERRALS = {
  mustHaveReferral: () => Promise.reject(notFound('referral')),
} as unknown as ReferralService;

/** Nor is anything filed, unless the test brings the documents' room. */
const NO_DOCUMENTS = { document: () => Promise.reject(notFound('document')) };

/** Nor was anybody treated, unless the test brings the responses' room. */
const NO_TREATMENTS = { patientOfTreatment: () => Promise.resolve(null) };

export interface MeetingsNeighbours {
  readonly referrals?: ReferralService;
  readonly documents?: Pick<DocumentListService, 'document'>;
  readonly responses?: Pick<ResponseService, 'patientOfTreatment'>;
}

/** The whole of the room's own services, built by hand on a test's database. */
export function meetingsOn(
  database: Database,
  clock: FixedClock,
  { referrals = NO_REFERRALS, documents = NO_DOCUMENTS, responses = NO_TREATMENTS }: MeetingsNeighbours = {},
) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const staff = new StaffService(database, clock, audit);
  const patients = patientServiceOn(database, clock);
  const disciplines = new DisciplineService(database, clock, config, audit);
  const outcomes = new CaseOutcomes();
  const scores = outcomesOn(database, clock);
  const reports = reportsOn(database, clock);
  const records = new MeetingRecordService(database, clock, config, audit);
  const caseRecords = new CaseRecordService(database, clock, audit);
  const ground = new CaseGroundService(staff, patients, referrals, reports.records, responses);
  const exhibits = new CaseExhibitService(scores.outcomes, reports.records, documents);
  const idempotency = new IdempotencyService(database, clock);
  const tellings = new MeetingTellingService(clock, outbox);
  const planning = new MeetingPlanningService(database, clock, outbox, staff, records, tellings);
  const preparation = new CasePreparationService(database, clock, idempotency, ground, exhibits, caseRecords);
  return {
    ...{ database, clock, patients, ground, outcomes, scores, records, caseRecords, planning, preparation },
    meetings: new MeetingService(database, clock, disciplines, outcomes, records),
    series: new MeetingSeriesService(database, clock, config, audit, planning),
    absences: new MeetingAbsenceService(database, config),
    cases: new MeetingCaseService(database, clock, records, caseRecords, tellings),
    proposals: new CaseProposalService(database, clock, audit, ground, preparation),
  };
}

export type MeetingsRoom = ReturnType<typeof meetingsOn>;

/** Somebody of the team, who practises in these disciplines. */
export async function makeMember(database: Database, ...disciplines: Discipline[]): Promise<StaffActor> {
  const staffId = await makeStaff(database, 'Sam Okafor', 'MDT_MEMBER');
  await database.client.staffDiscipline.createMany({
    data: disciplines.map((discipline) => ({
      ...{ staffId, discipline, recordedById: staffId, recordedAt: SINCE },
      effectiveFrom: SINCE,
    })),
  });
  return aStaffActor(staffId);
}

export function aMeeting(chair: StaffActor, parts: Partial<PlanMeetingInput> = {}): PlanMeetingInput {
  return {
    name: 'Spine team',
    startsAt: Temporal.Instant.from('2026-11-26T13:00:00Z'),
    durationMinutes: 90,
    mode: 'HYBRID',
    place: 'Seminar room 2',
    chairId: chair.id,
    quorum: ['PAIN_MEDICINE', 'PSYCHOLOGY'],
    ...parts,
  };
}

export function aSeries(
  chair: StaffActor,
  parts: Partial<BeginMeetingSeriesInput> = {},
): BeginMeetingSeriesInput {
  return {
    name: 'Spine team',
    effectiveFrom: '2026-11-24',
    ...{ weekday: 4, everyWeeks: 1, startsAtTime: '13:00', durationMinutes: 90, mode: 'VIRTUAL' },
    place: 'https://meet.example.org/spine',
    chairId: chair.id,
    quorum: ['PAIN_MEDICINE'],
    ...parts,
  };
}

export function aProforma(of: MeetingCase): WriteCaseProformaInput {
  return {
    ...{ caseId: of.id, version: of.version },
    preferences: 'Would rather not have an operation.',
    whatMatters: 'To lift her grandson.',
    function: 'Walks for ten minutes.',
    work: 'Off work since May.',
    medication: 'Naproxen; no anticoagulant.',
    previousTreatments: 'Physiotherapy for four months.',
    comorbidity: 'None known.',
    capacityAndNeeds: 'Has capacity. Large print.',
  };
}

/** A case of a patient, brought by `actor`. */
export async function makeCase(
  room: MeetingsRoom,
  actor: StaffActor,
  patientId: string,
  parts: Partial<ProposeCaseInput> = {},
): Promise<MeetingCase> {
  const input: ProposeCaseInput = {
    ...{ patientId, question: 'Is the left L4/L5 facet joint the source of the pain?' },
    sources: [{ kind: 'REQUEST', sourceId: randomUUID() }],
    ...{ presenterId: actor.id, knowsPatientId: actor.id },
    ...parts,
  };
  const booker = { actor, roles: ['MDT_MEMBER' as const], idempotencyKey: null };
  return mustBe(await room.preparation.proposeCase(booker, input)) as MeetingCase;
}

/** The same with its proforma, ready for a list. */
export async function makePreparedCase(
  room: MeetingsRoom,
  actor: StaffActor,
  patientId: string,
): Promise<MeetingCase> {
  const made = await makeCase(room, actor, patientId);
  return mustBe(await room.preparation.writeCaseProforma(actor, aProforma(made)));
}

/** A meeting in session with these members in it, each for one discipline, since it began. */
export async function makeSession(
  room: MeetingsRoom,
  meeting: Meeting,
  members: readonly (readonly [StaffActor, Discipline])[],
): Promise<Meeting> {
  room.clock.set(meeting.startsAt);
  const [chair] = members[0] ?? [aStaffActor(meeting.chairId)];
  mustBe(await room.meetings.beginMeeting(chair, meeting.id));
  for (const [actor, discipline] of members) {
    const entry = { meetingId: meeting.id, staffId: actor.id, discipline };
    mustBe(await room.meetings.recordAttendance(chair, entry));
  }
  return room.records.meeting(meeting.id);
}
