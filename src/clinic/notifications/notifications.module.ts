import { Module } from '@nestjs/common';
import { ChecksModule } from '../checks/checks.module.js';
import { DecisionsModule } from '../decisions/decisions.module.js';
import { EnquiriesModule } from '../enquiries/enquiries.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { ImagingModule } from '../imaging/imaging.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { MeetingsModule } from '../meetings/meetings.module.js';
import { OutcomesModule } from '../outcomes/outcomes.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RadiopharmacyModule } from '../radiopharmacy/radiopharmacy.module.js';
import { RecordsModule } from '../records/records.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { ResponsesModule } from '../responses/responses.module.js';
import { VettingModule } from '../vetting/vetting.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { ActionNoticeService } from './action-notice.service.js';
import { AdviceLetterService } from './advice-letter.service.js';
import { AdviceLettersResolver } from './advice-letters.resolver.js';
import { AdviceNoticeService } from './advice-notice.service.js';
import { CallBackNoticeService } from './call-back-notice.service.js';
import { CheckNoticeService } from './check-notice.service.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import { ComplaintLetterService } from './complaint-letter.service.js';
import { DecisionLetterService } from './decision-letter.service.js';
import { DiaryLetterService } from './diary-letter.service.js';
import { DoseOrderLetterService } from './dose-order-letter.service.js';
import { EnquiryLetterService } from './enquiry-letter.service.js';
import { EnquiryLettersResolver } from './enquiry-letters.resolver.js';
import { EnquiryNoticeService } from './enquiry-notice.service.js';
import { EntitlementNoticeService } from './entitlement-notice.service.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import { IncidentNoticeService } from './incident-notice.service.js';
import { LetterJobs } from './letter.jobs.js';
import { LetterResolver } from './letter.resolver.js';
import { LetterService } from './letter.service.js';
import { LetterAccessService } from './letter-access.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';
import { LetterMatterService } from './letter-matter.service.js';
import type { LetterMatter } from './letter-matter.type.js';
import { LetterPrintService } from './letter-print.service.js';
import { LetterRetentionService } from './letter-retention.service.js';
import { LetterheadService } from './letterhead.service.js';
import { LicenceNoticeService } from './licence-notice.service.js';
import { MeetingNoticeService } from './meeting-notice.service.js';
import { PatientLettersMergeService } from './patient-letters-merge.service.js';
import { ReferralLetterService } from './referral-letter.service.js';
import { ReferralLettersResolver } from './referral-letters.resolver.js';
import { ReferralNoticeService } from './referral-notice.service.js';
import { ReferrerLettersResolver } from './referrer-letters.resolver.js';
import { ReportLetterService } from './report-letter.service.js';
import { ReportLettersResolver } from './report-letters.resolver.js';
import { ReportNoticeService } from './report-notice.service.js';
import { RiskNoticeService } from './risk-notice.service.js';
import { ScanConsentNoticeService } from './scan-consent-notice.service.js';
import { ScanLetterService } from './scan-letter.service.js';
import { ScanLettersResolver } from './scan-letters.resolver.js';
import { TEAM_LETTERS_RESOLVERS } from './team-letters.resolver.js';
import { VettingLetterService } from './vetting-letter.service.js';
import { VettingNoticeService } from './vetting-notice.service.js';
import { VisitConsentNoticeService } from './visit-consent-notice.service.js';
import { VisitLetterService } from './visit-letter.service.js';
import { VisitLettersResolver } from './visit-letters.resolver.js';

/** Everything that letters are about. */
const MATTERS = [
  ScanLetterService,
  ScanConsentNoticeService,
  CheckNoticeService,
  VisitLetterService,
  VisitConsentNoticeService,
  FreedPlaceLetterService,
  EnquiryLetterService,
  EnquiryNoticeService,
  CallBackNoticeService,
  ReferralLetterService,
  ReferralNoticeService,
  AdviceNoticeService,
  AdviceLetterService,
  VettingLetterService,
  VettingNoticeService,
  DoseOrderLetterService,
  ComplaintLetterService,
  ReportLetterService,
  ReportNoticeService,
  RiskNoticeService,
  DiaryLetterService,
  MeetingNoticeService,
  DecisionLetterService,
  ActionNoticeService,
  LicenceNoticeService,
  EntitlementNoticeService,
  IncidentNoticeService,
];

@Module({
  imports: [
    PatientsModule,
    RecordsModule,
    ReferralsModule,
    VisitsModule,
    EnquiriesModule,
    EntitlementsModule,
    VettingModule,
    RadiopharmacyModule,
    ChecksModule,
    ImagingModule,
    ReportsModule,
    IncidentsModule,
    OutcomesModule,
    ResponsesModule,
    MeetingsModule,
    DecisionsModule,
    RecordRegistersModule,
  ],
  providers: [
    LetterRetentionService,
    LetterAccessService,
    LetterService,
    LetterDeliveryService,
    LetterPrintService,
    {
      provide: LetterMatterService,
      useFactory: (...matters: LetterMatter[]) => new LetterMatterService(matters),
      inject: MATTERS,
    },
    LetterheadService,
    ClinicNoticeService,
    ...MATTERS,
    LetterJobs,
    LetterResolver,
    PatientLettersMergeService,
    ScanLettersResolver,
    VisitLettersResolver,
    EnquiryLettersResolver,
    ReferralLettersResolver,
    AdviceLettersResolver,
    ReferrerLettersResolver,
    ReportLettersResolver,
    ...TEAM_LETTERS_RESOLVERS,
  ],
})
export class NotificationsModule {}
