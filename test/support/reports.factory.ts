import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { CalendarService } from '../../src/clinic/calendar/calendar.service.js';
import { EntitlementService } from '../../src/clinic/entitlements/entitlement.service.js';
import { GateSources } from '../../src/clinic/gates/gate-sources.service.js';
import { ScanRecordService } from '../../src/clinic/imaging/scan-record.service.js';
import { AcknowledgementService } from '../../src/clinic/reports/acknowledgement.service.js';
import { AcknowledgementRecordService } from '../../src/clinic/reports/acknowledgement-record.service.js';
import { AcknowledgementTaskService } from '../../src/clinic/reports/acknowledgement-task.service.js';
import { CriticalFindingService } from '../../src/clinic/reports/critical-finding.service.js';
import { CriticalFindingAlarmService } from '../../src/clinic/reports/critical-finding-alarm.service.js';
import { CriticalFindingRecordService } from '../../src/clinic/reports/critical-finding-record.service.js';
import { ReportAddendumService } from '../../src/clinic/reports/report-addendum.service.js';
import type { FindingInput, ReportContentInput } from '../../src/clinic/reports/report-content.type.js';
import { ReportDoseService } from '../../src/clinic/reports/report-dose.service.js';
import { ReportDraftService } from '../../src/clinic/reports/report-draft.service.js';
import { ReportFactsService } from '../../src/clinic/reports/report-facts.service.js';
import { ReportFollowUpService } from '../../src/clinic/reports/report-follow-up.service.js';
import { ReportGatesService } from '../../src/clinic/reports/report-gates.service.js';
import { ReportLetterService } from '../../src/clinic/reports/report-letter.service.js';
import { ReportPolicyService } from '../../src/clinic/reports/report-policy.service.js';
import { ReportRecordService } from '../../src/clinic/reports/report-record.service.js';
import { ReportReleaseService } from '../../src/clinic/reports/report-release.service.js';
import { ReportSigningService } from '../../src/clinic/reports/report-signing.service.js';
import { ReportTellingService } from '../../src/clinic/reports/report-telling.service.js';
import { ReportVersionService } from '../../src/clinic/reports/report-version.service.js';
import { ReportsToWriteService } from '../../src/clinic/reports/reports-to-write.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import type { FixedClock } from './fixed-clock.js';
import { aStaffActor } from './patients.factory.js';

const SINCE = dateFromPlainDate(Temporal.PlainDate.from('2020-01-01'));

/** The whole of the room's own services, built by hand on a test's database. */
export function reportsOn(database: Database, clock: FixedClock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const calendar = new CalendarService(database, clock, config, audit);
  const policies = new ReportPolicyService(database, clock, config, audit);
  const records = new ReportRecordService(database, clock, config, audit);
  const facts = new ReportFactsService(new ScanRecordService(database, clock, config, audit));
  const versions = new ReportVersionService(new EntitlementService(), new ReportDoseService(), clock, config);
  const tellings = new ReportTellingService(database, clock, outbox, audit);
  const taskRecords = new AcknowledgementRecordService(database, clock, config, audit);
  const work = new AcknowledgementTaskService(database, clock, outbox, calendar, policies, taskRecords);
  const followUp = new ReportFollowUpService(tellings, work);
  const criticalRecords = new CriticalFindingRecordService(database, clock, audit);
  const alarm = new CriticalFindingAlarmService(database, clock, config, outbox, policies, criticalRecords);
  const sources = new GateSources();
  return {
    ...{ database, clock, policies, records, tellings, taskRecords, criticalRecords, work, alarm, sources },
    drafts: new ReportDraftService(database, clock, audit, records),
    signing: new ReportSigningService(database, audit, facts, records, versions, followUp),
    addenda: new ReportAddendumService(database, audit, facts, records, versions, followUp),
    release: new ReportReleaseService(database, clock, facts, records, tellings),
    tasks: new AcknowledgementService(database, clock, outbox, taskRecords),
    critical: new CriticalFindingService(database, clock, facts, records, criticalRecords, alarm),
    queue: new ReportsToWriteService(database, clock, config, audit, calendar, policies),
    gates: new ReportGatesService(sources, config),
    letters: new ReportLetterService(config),
  };
}

export type ReportsRoom = ReturnType<typeof reportsOn>;

/** A clinician with an account, entitled to evaluate images unless said otherwise. */
export async function makeReporter(
  database: Database,
  wish: { readonly displayName?: string; readonly isEntitled?: boolean; readonly validUntil?: string } = {},
): Promise<StaffActor> {
  const displayName = wish.displayName ?? 'Dr Ada Reed';
  const account = {
    email: `${randomUUID()}@clinic.example`,
    roles: ['CLINICIAN' as const],
    passwordHash: 'none',
  };
  const { id } = await database.client.staffAccount.create({
    data: { ...account, displayName, createdAt: SINCE },
  });
  if (wish.isEntitled ?? true) await entitle(database, id, wish.validUntil ?? null);
  return aStaffActor(id);
}

/** Entitled to evaluate images of every kind. */
export async function entitle(
  database: Database,
  staffId: string,
  validUntil: string | null = null,
): Promise<string> {
  const { id } = await database.client.entitlement.create({
    data: {
      staffId,
      act: 'EVALUATE_IMAGES',
      procedureCodes: [],
      validFrom: SINCE,
      validUntil: validUntil === null ? null : dateFromPlainDate(Temporal.PlainDate.from(validUntil)),
      reviewOn: dateFromPlainDate(Temporal.PlainDate.from('2199-01-01')),
      evidence: 'For a test',
      entitledAt: SINCE,
      entitledById: staffId,
    },
  });
  return id;
}

export function aFinding(parts: Partial<FindingInput> = {}): FindingInput {
  return {
    ...{
      structure: 'FACET',
      level: 'L4_L5',
      side: 'LEFT',
      uptake: 'INTENSE',
      ctGrade: 'MODERATE',
      comment: '',
    },
    ...parts,
  };
}

export function aContent(parts: Partial<ReportContentInput> = {}): ReportContentInput {
  return {
    clinicalQuestion: 'Which facet joint is active?',
    comparison: 'None available.',
    limitations: '',
    conclusion: 'The left L4/L5 facet joint is active.',
    isNormal: false,
    findings: [aFinding()],
    ...parts,
  };
}

/** A draft as it is kept; throws when that is refused. Its version. */
export async function makeDraft(
  room: ReportsRoom,
  actor: StaffActor,
  scanBookingId: string,
  content: ReportContentInput = aContent(),
  seen: { readonly draftVersion?: number; readonly seenVersion?: number } = {},
): Promise<number> {
  const { draftVersion = 0, seenVersion = 0 } = seen;
  const draft = await room.drafts.keepReportDraft(actor, {
    scanBookingId,
    draftVersion,
    seenVersion,
    content,
  });
  if (isRefusal(draft)) throw new Error(`not kept: ${draft.message}`);
  return draft.version;
}

/** A final report, signed; throws when that is refused. */
export async function makeReport(
  room: ReportsRoom,
  actor: StaffActor,
  scanBookingId: string,
  content: ReportContentInput = aContent(),
) {
  const draftVersion = await makeDraft(room, actor, scanBookingId, content);
  const report = await room.signing.signReport(actor, { scanBookingId, draftVersion, as: 'FINAL' });
  if (isRefusal(report)) throw new Error(`not signed: ${report.message}`);
  return report;
}

/** Not refused; throws else. */
export function mustBe<One extends object>(
  result: One,
): Exclude<One, { readonly code: string; readonly message: string }> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result as Exclude<One, { readonly code: string; readonly message: string }>;
}
