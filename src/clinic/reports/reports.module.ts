import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { GatesModule } from '../gates/gates.module.js';
import { ImagingModule } from '../imaging/imaging.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { AcknowledgementJobs } from './acknowledgement.jobs.js';
import { AcknowledgementResolver } from './acknowledgement.resolver.js';
import { AcknowledgementService } from './acknowledgement.service.js';
import { AcknowledgementRecordService } from './acknowledgement-record.service.js';
import { AcknowledgementTaskService } from './acknowledgement-task.service.js';
import { CriticalFindingJobs } from './critical-finding.jobs.js';
import { CriticalFindingResolver } from './critical-finding.resolver.js';
import { CriticalFindingService } from './critical-finding.service.js';
import { CriticalFindingAlarmService } from './critical-finding-alarm.service.js';
import { CriticalFindingRecordService } from './critical-finding-record.service.js';
import { PatientFindingsResolver } from './patient-findings.resolver.js';
import { PatientReportsMergeService } from './patient-reports-merge.service.js';
import { ReportResolver } from './report.resolver.js';
import { ReportAccessService } from './report-access.service.js';
import { ReportAddendumService } from './report-addendum.service.js';
import { ReportDoseService } from './report-dose.service.js';
import { ReportDraftService } from './report-draft.service.js';
import { ReportFactsService } from './report-facts.service.js';
import { ReportFollowUpService } from './report-follow-up.service.js';
import { ReportGatesService } from './report-gates.service.js';
import { ReportLetterService } from './report-letter.service.js';
import { REPORT_NAMES_RESOLVERS } from './report-names.resolver.js';
import { ReportPolicyResolver } from './report-policy.resolver.js';
import { ReportPolicyService } from './report-policy.service.js';
import { ReportRecordService } from './report-record.service.js';
import { ReportReleaseService } from './report-release.service.js';
import { ReportRetentionService } from './report-retention.service.js';
import { ReportSigningService } from './report-signing.service.js';
import { ReportTellingResolver } from './report-telling.resolver.js';
import { ReportTellingService } from './report-telling.service.js';
import { ReportVersionService } from './report-version.service.js';
import { ReportsToWriteService } from './reports-to-write.service.js';
import { ScanReportResolver } from './scan-report.resolver.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    CalendarModule,
    PatientsModule,
    RecordRegistersModule,
    EntitlementsModule,
    GatesModule,
    ImagingModule,
  ],
  providers: [
    ReportRetentionService,
    ReportAccessService,
    PatientReportsMergeService,
    ReportGatesService,
    ReportPolicyService,
    ReportPolicyResolver,
    ReportFactsService,
    ReportDoseService,
    ReportRecordService,
    ReportDraftService,
    ReportVersionService,
    ReportTellingService,
    ReportFollowUpService,
    ReportSigningService,
    ReportAddendumService,
    ReportReleaseService,
    ReportLetterService,
    ReportsToWriteService,
    AcknowledgementRecordService,
    AcknowledgementTaskService,
    AcknowledgementService,
    AcknowledgementJobs,
    CriticalFindingRecordService,
    CriticalFindingAlarmService,
    CriticalFindingService,
    CriticalFindingJobs,
    ReportResolver,
    ReportTellingResolver,
    AcknowledgementResolver,
    CriticalFindingResolver,
    PatientFindingsResolver,
    ScanReportResolver,
    ...REPORT_NAMES_RESOLVERS,
  ],
  exports: [ReportLetterService, ReportRecordService, CriticalFindingRecordService],
})
export class ReportsModule {}
