import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { DocumentSubjectsModule } from '../documents/document-subjects.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { AdviceLetterService } from './advice-letter.service.js';
import { AuthorisationResolver } from './authorisation.resolver.js';
import { AuthorisationService } from './authorisation.service.js';
import { ComplaintResolver } from './complaint.resolver.js';
import { ComplaintService } from './complaint.service.js';
import { DuplicateReferralService } from './duplicate-referral.service.js';
import { HistoryResolver } from './history.resolver.js';
import { HistoryService } from './history.service.js';
import { PatientReferralsResolver } from './patient-referrals.resolver.js';
import { PatientReferralsMergeService } from './patient-referrals-merge.service.js';
import { ReferralResolver } from './referral.resolver.js';
import { ReferralService } from './referral.service.js';
import { ReferralAccessService } from './referral-access.service.js';
import { ReferralArrivals } from './referral-arrivals.service.js';
import { ReferralContentService } from './referral-content.service.js';
import { ReferralDecisionResolver } from './referral-decision.resolver.js';
import { ReferralDecisionService } from './referral-decision.service.js';
import { ReferralDependents } from './referral-dependents.service.js';
import { ReferralDocumentsService } from './referral-documents.service.js';
import { ReferralEntryService } from './referral-entry.service.js';
import { ReferralLetterService } from './referral-letter.service.js';
import { ReferralLogService } from './referral-log.service.js';
import { ReferralMoveService } from './referral-move.service.js';
import { ReferralReasonResolver } from './referral-reason.resolver.js';
import { ReferralReasonService } from './referral-reason.service.js';
import { ReferralReceptionService } from './referral-reception.service.js';
import { ReferralRecordService } from './referral-record.service.js';
import { ReferralRetentionService } from './referral-retention.service.js';
import { ReferralSteeringResolver } from './referral-steering.resolver.js';
import { ReferralSteeringService } from './referral-steering.service.js';
import { ReferralTellingService } from './referral-telling.service.js';
import { ReferrerResolver } from './referrer.resolver.js';
import { ReferrerService } from './referrer.service.js';
import { ReferrerRecordService } from './referrer-record.service.js';
import { TRIAGE_PARTS } from './triage.module.js';
import { TriageDueService } from './triage-due.service.js';

@Module({
  imports: [CalendarModule, PatientsModule, RecordRegistersModule, DocumentSubjectsModule],
  providers: [
    ReferralRetentionService,
    ReferralAccessService,
    ...TRIAGE_PARTS,
    ComplaintResolver,
    ComplaintService,
    HistoryResolver,
    HistoryService,
    AuthorisationResolver,
    AuthorisationService,
    ReferralContentService,
    ReferrerService,
    ReferrerResolver,
    ReferrerRecordService,
    ReferralTellingService,
    ReferralSteeringService,
    ReferralSteeringResolver,
    ReferralRecordService,
    ReferralReceptionService,
    ReferralReasonService,
    ReferralReasonResolver,
    ReferralMoveService,
    ReferralLogService,
    ReferralLetterService,
    ReferralDocumentsService,
    ReferralEntryService,
    ReferralArrivals,
    ReferralDependents,
    ReferralDecisionService,
    ReferralDecisionResolver,
    ReferralService,
    ReferralResolver,
    PatientReferralsResolver,
    PatientReferralsMergeService,
  ],
  exports: [
    AdviceLetterService,
    DuplicateReferralService,
    ReferralArrivals,
    ReferralDependents,
    ReferralLetterService,
    ReferralMoveService,
    ReferralService,
    TriageDueService,
  ],
})
export class ReferralsModule {}
