import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { ContactReadingService } from '../../src/clinic/patients/contact-reading.service.js';
import { AuthorisationService } from '../../src/clinic/referrals/authorisation.service.js';
import { ComplaintService } from '../../src/clinic/referrals/complaint.service.js';
import { DuplicateReferralService } from '../../src/clinic/referrals/duplicate-referral.service.js';
import { HistoryService } from '../../src/clinic/referrals/history.service.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import { ReferralArrivals } from '../../src/clinic/referrals/referral-arrivals.service.js';
import { ReferralContentService } from '../../src/clinic/referrals/referral-content.service.js';
import type { Decider } from '../../src/clinic/referrals/referral-decider.type.js';
import { ReferralDecisionService } from '../../src/clinic/referrals/referral-decision.service.js';
import { ReferralDependents } from '../../src/clinic/referrals/referral-dependents.service.js';
import { ReferralEntryService } from '../../src/clinic/referrals/referral-entry.service.js';
import type { ReceiveReferralInput } from '../../src/clinic/referrals/referral-entry.type.js';
import { ReferralLetterService } from '../../src/clinic/referrals/referral-letter.service.js';
import { ReferralLogService } from '../../src/clinic/referrals/referral-log.service.js';
import { ReferralMergeService } from '../../src/clinic/referrals/referral-merge.service.js';
import { ReferralMoveService } from '../../src/clinic/referrals/referral-move.service.js';
import { ReferralReasonService } from '../../src/clinic/referrals/referral-reason.service.js';
import { ReferralReceptionService } from '../../src/clinic/referrals/referral-reception.service.js';
import { ReferralRecordService } from '../../src/clinic/referrals/referral-record.service.js';
import { ReferralSteeringService } from '../../src/clinic/referrals/referral-steering.service.js';
import { ReferralTellingService } from '../../src/clinic/referrals/referral-telling.service.js';
import { ReferrerService } from '../../src/clinic/referrals/referrer.service.js';
import { ReferrerRecordService } from '../../src/clinic/referrals/referrer-record.service.js';
import { TriageDueService } from '../../src/clinic/referrals/triage-due.service.js';
import { TriageLogService } from '../../src/clinic/referrals/triage-log.service.js';
import { TriagePolicyService } from '../../src/clinic/referrals/triage-policy.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import type { Clock } from '../../src/platform/time/index.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

/** The whole of the room's own services, built by hand on a test's database. */
export function referralsOn(database: Database, clock: Clock = new FixedClock()) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const patients = patientServiceOn(database, clock);
  const records = new ReferralRecordService();
  const dependents = new ReferralDependents();
  const referrerRecords = new ReferrerRecordService(clock, config);
  const log = new ReferralLogService(database, audit, records);
  const reasons = new ReferralReasonService(database, clock, config);
  const policies = new TriagePolicyService(database, clock, config, audit);
  const dues = new TriageDueService(
    policies,
    new CalendarService(database, clock, config, audit),
    outbox,
    clock,
    config,
  );
  const tellings = new ReferralTellingService(patients, outbox);
  const moves = new ReferralMoveService(records, log, tellings, reasons, dependents, clock);
  const entries = new ReferralEntryService(clock, reasons, patients, referrerRecords, log, dues);
  const decisions = new ReferralDecisionService(database, moves, records, dues);
  const triageLog = new TriageLogService(clock, audit, records);
  const merges = new ReferralMergeService(database, clock, moves, log, triageLog, dues);
  const duplicates = new DuplicateReferralService(database, patients, audit);
  const content = new ReferralContentService(database, audit, records);
  return {
    complaints: new ComplaintService(database, clock, content),
    history: new HistoryService(database, clock, config, audit, records, content),
    authorisations: new AuthorisationService(database, clock, config, content),
    referrals: new ReferralService(database, audit, patients, records, entries, decisions),
    reception: new ReferralReceptionService(database, entries, duplicates, new ReferralArrivals()),
    steering: new ReferralSteeringService(database, moves, dues, merges),
    letters: new ReferralLetterService(patients),
    referrers: new ReferrerService(database, clock, audit, referrerRecords, new ContactReadingService()),
    ...{ decisions, moves, log, reasons, dependents, records, dues, entries },
  };
}

export function referralServiceOn(database: Database, clock: Clock = new FixedClock()): ReferralService {
  return referralsOn(database, clock).referrals;
}

export type ReferralsRoom = ReturnType<typeof referralsOn>;

/** Everything a verb of this room may leave behind. */
export async function referralTraces({ client }: Database) {
  return {
    rows: await client.referral.findMany({ orderBy: { id: 'asc' } }),
    events: await client.referralEvent.count(),
    tellings: await client.referralTelling.count(),
    outbox: await client.outboxMessage.count(),
    audit: await client.auditEntry.count(),
  };
}

/** Somebody who may give every reason. */
export function aDecider(actor: StaffActor = aStaffActor()): Decider {
  return { actor, roles: [Role.CLINICIAN] };
}

export function aReferral(
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
): ReceiveReferralInput {
  return {
    patientId,
    source: 'GP',
    priority: 'ROUTINE',
    referrerName: 'Dr Amrit Patel',
    referrerOrganisation: 'Example Surgery',
    clinicalQuestion: 'Chronic low back pain. Active facet joints?',
    ...parts,
  };
}

/** A referral that has arrived. */
export function makeReferral(
  referrals: ReferralService,
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Referral> {
  return referrals.receiveReferral(actor, aReferral(patientId, parts));
}

/** A referral that a clinician has accepted. */
export async function makeAcceptedReferral(
  referrals: ReferralService,
  patientId: string,
  parts: Partial<ReceiveReferralInput> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Referral> {
  const { id } = await makeReferral(referrals, patientId, parts, actor);
  return mustBeReferral(await referrals.acceptReferral(actor, { referralId: id }));
}

/** Declines a referral. */
export async function declineReferral(
  database: Database,
  clock: Clock,
  referralId: string,
): Promise<Referral> {
  const { decisions } = referralsOn(database, clock);
  const input = { referralId, reasonCode: 'WRONG_PROVIDER' };
  return mustBeReferral(await decisions.declineReferral(aDecider(), input));
}

export function mustBeReferral(result: object): Referral {
  if (isRefusal(result)) throw new Error(`the referral was not moved: ${result.message}`);
  return result as Referral;
}
