import { Test } from '@nestjs/testing';
import { AuditModule } from '../../src/clinic/audit/audit.module.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DecisionService } from '../../src/clinic/decisions/decision.service.js';
import type { CaseDecision } from '../../src/clinic/decisions/decision.type.js';
import { DecisionActionService } from '../../src/clinic/decisions/decision-action.service.js';
import { DecisionActionEntryService } from '../../src/clinic/decisions/decision-action-entry.service.js';
import { DecisionActionRecordService } from '../../src/clinic/decisions/decision-action-record.service.js';
import { DecisionAddendumService } from '../../src/clinic/decisions/decision-addendum.service.js';
import { DecisionDraftService } from '../../src/clinic/decisions/decision-draft.service.js';
import { DecisionLetterService } from '../../src/clinic/decisions/decision-letter.service.js';
import { DecisionPolicyService } from '../../src/clinic/decisions/decision-policy.service.js';
import { DecisionReminderService } from '../../src/clinic/decisions/decision-reminder.service.js';
import { DecisionSigningService } from '../../src/clinic/decisions/decision-signing.service.js';
import { DecisionStartService } from '../../src/clinic/decisions/decision-start.service.js';
import { DecisionsModule } from '../../src/clinic/decisions/decisions.module.js';
import { CaseOutcomes } from '../../src/clinic/meetings/case-outcomes.service.js';
import { CasePreparationService } from '../../src/clinic/meetings/case-preparation.service.js';
import { CaseRecordService } from '../../src/clinic/meetings/case-record.service.js';
import { MeetingService } from '../../src/clinic/meetings/meeting.service.js';
import { MeetingCaseService } from '../../src/clinic/meetings/meeting-case.service.js';
import { MeetingPlanningService } from '../../src/clinic/meetings/meeting-planning.service.js';
import { MeetingRecordService } from '../../src/clinic/meetings/meeting-record.service.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import { TreatmentRequestService } from '../../src/clinic/treatments/treatment-request.service.js';
import { RequestEntryService } from '../../src/clinic/vetting/request-entry.service.js';
import { RequestService } from '../../src/clinic/visits/request.service.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.service.js';
import { OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule } from '../../src/platform/queue/index.js';
import { Clock, TimeModule } from '../../src/platform/time/index.js';
import { aDecision } from './decisions.factory.js';
import { mustBe } from './entitlements.factory.js';
import type { FixedClock } from './fixed-clock.js';
import { aMeeting, aProforma, makeCase, makeMember, makeSession } from './meetings.factory.js';
import { makePatient } from './patients.factory.js';
import { makeAcceptedReferral } from './referrals.factory.js';
import { asBooker } from './treatment-inputs.factory.js';

/** The room as it is wired in the application, with all rooms that its actions make something in. */
export async function openDecisions(databaseUrl: string, clock: FixedClock) {
  const config = readConfig({ DATABASE_URL: databaseUrl, ROLE: 'api' }, '/tmp');
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      TimeModule,
      DatabaseModule.at(databaseUrl),
      QueueModule.at(databaseUrl),
      OutboxModule.at(databaseUrl),
      AuditModule,
      DecisionsModule,
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const get = <Part extends object>(part: abstract new (...parts: never[]) => Part): Part =>
    module.get<Part>(part, { strict: false });
  const database = get(Database);
  return {
    ...{ clock, database, close: () => module.close() },
    chair: await makeMember(database, 'PAIN_MEDICINE'),
    psychologist: await makeMember(database, 'PSYCHOLOGY'),
    patients: get(PatientService),
    referrals: get(ReferralService),
    planning: get(MeetingPlanningService),
    preparation: get(CasePreparationService),
    cases: get(MeetingCaseService),
    caseRecords: get(CaseRecordService),
    records: get(MeetingRecordService),
    drafts: get(DecisionDraftService),
    meetings: get(MeetingService),
    outcomes: get(CaseOutcomes),
    decisions: get(DecisionService),
    signing: get(DecisionSigningService),
    addenda: get(DecisionAddendumService),
    entries: get(DecisionActionEntryService),
    actions: get(DecisionActionService),
    actionRecords: get(DecisionActionRecordService),
    starts: get(DecisionStartService),
    reminders: get(DecisionReminderService),
    policies: get(DecisionPolicyService),
    letters: get(DecisionLetterService),
    scans: get(RequestEntryService),
    treatments: get(TreatmentRequestService),
    wishes: get(RequestService),
  };
}

export type WholeDecisions = Awaited<ReturnType<typeof openDecisions>>;

/** Who is discussed, and for which referral. */
export interface Discussed {
  readonly patientId: string;
  readonly referralId: string | null;
}

export async function makeReferred(
  room: WholeDecisions,
  parts: Parameters<typeof makeAcceptedReferral>[2] = {},
): Promise<Discussed> {
  const { id: patientId } = await makePatient(room.patients);
  const { id: referralId } = await makeAcceptedReferral(room.referrals, patientId, parts);
  return { patientId, referralId };
}

/** A signed recommendation, for a patient with an accepted referral; the clock stands in the meeting. */
export async function makeSignedDecision(room: WholeDecisions, again?: Discussed): Promise<CaseDecision> {
  const { chair, psychologist, clock } = room;
  const { patientId, referralId } = again ?? (await makeReferred(room));
  const startsAt = clock.now().add({ hours: 26 });
  const meeting = mustBe(await room.planning.planMeeting(chair, aMeeting(chair, { startsAt })));
  const team = room as unknown as Parameters<typeof makeCase>[0];
  const made = await makeCase(team, chair, patientId, { referralId });
  const prepared = mustBe(await room.preparation.writeCaseProforma(chair, aProforma(made)));
  const { id: caseId, version } = prepared;
  mustBe(await room.cases.listCase(chair, { caseId, version, meetingId: meeting.id }));
  await makeSession(team, meeting, [
    [chair, 'PAIN_MEDICINE'],
    [psychologist, 'PSYCHOLOGY'],
  ]);
  mustBe(await room.cases.beginCase(chair, caseId));
  const typed = mustBe(await room.decisions.typeDecision(chair, aDecision(caseId, psychologist.id)));
  const { id: decisionId, current } = typed;
  const seen = { decisionId, version: current.number, fingerprint: current.fingerprint };
  mustBe(await room.decisions.checkDecision(psychologist, seen));
  mustBe(await room.cases.endCase(chair, caseId));
  return mustBe(await room.signing.signOffDecision(chair, seen));
}

/** The patient goes ahead with what is recommended, or says otherwise. */
export async function answerWith(
  { addenda, clock }: WholeDecisions,
  clinician: StaffActor,
  decisionId: string,
  choice: 'ACCEPTED' | 'DECLINED' = 'ACCEPTED',
): Promise<CaseDecision> {
  const said = { decisionId, choice, clinicianId: clinician.id, decidedAt: clock.now() };
  return mustBe(await addenda.recordPatientDecision(asBooker(clinician), { ...said, notes: 'In the room.' }));
}
