import { Module } from '@nestjs/common';
import { PublicFormsModule } from '../../platform/http/public-forms.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { CallBackJobs } from './call-back.jobs.js';
import { CallBackResolver } from './call-back.resolver.js';
import { CallBackService } from './call-back.service.js';
import { CallBackEnquiryResolver } from './call-back-enquiry.resolver.js';
import { CallBackEntryService } from './call-back-entry.service.js';
import { CallBackEscalationService } from './call-back-escalation.service.js';
import { CallBackFollowService } from './call-back-follow.service.js';
import { CallBackLetterService } from './call-back-letter.service.js';
import { CallBackPolicyResolver } from './call-back-policy.resolver.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { CallBackQueueService } from './call-back-queue.service.js';
import { CallBackRecordService } from './call-back-record.service.js';
import { CallBackTaskService } from './call-back-task.service.js';
import { ConversionResolver } from './conversion.resolver.js';
import { ConversionService } from './conversion.service.js';
import { ConversionConsentService } from './conversion-consent.service.js';
import { ConversionJoinService } from './conversion-join.service.js';
import { ConversionPatientService } from './conversion-patient.service.js';
import { PatientRedFlagsResolver, ReferralRedFlagsResolver } from './conversion-people.resolver.js';
import { ConversionPeopleService } from './conversion-people.service.js';
import { ConversionRecordService } from './conversion-record.service.js';
import { ConversionTargetService } from './conversion-target.service.js';
import { ConversionUndoService } from './conversion-undo.service.js';
import { EnquiryResolver } from './enquiry.resolver.js';
import { EnquiryService } from './enquiry.service.js';
import { EnquiryAccessService } from './enquiry-access.service.js';
import { EnquiryDocumentsService } from './enquiry-documents.service.js';
import { EnquiryEntryService } from './enquiry-entry.service.js';
import { EnquiryEventService } from './enquiry-event.service.js';
import { EnquiryFormService } from './enquiry-form.service.js';
import { EnquiryFormKeyService } from './enquiry-form-key.service.js';
import { EnquiryHandlingResolver } from './enquiry-handling.resolver.js';
import { EnquiryHandlingService } from './enquiry-handling.service.js';
import { EnquiryIntakeService } from './enquiry-intake.service.js';
import { EnquiryLetterService } from './enquiry-letter.service.js';
import { EnquiryMessageService } from './enquiry-message.service.js';
import { EnquiryPartsService } from './enquiry-parts.service.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { EnquiryRegistrationService } from './enquiry-registration.service.js';
import { EnquiryRetentionService } from './enquiry-retention.service.js';
import { EnquirySubmissionService } from './enquiry-submission.service.js';
import { InboundAttachmentService } from './inbound-attachment.service.js';
import { InboundMailJobs } from './inbound-mail.jobs.js';
import { InboundMailResolver } from './inbound-mail.resolver.js';
import { InboundMailService } from './inbound-mail.service.js';
import { InboundMailKeepingService } from './inbound-mail-keeping.service.js';
import { InboundMailboxService } from './inbound-mailbox.service.js';
import { InboundThreadService } from './inbound-thread.service.js';
import { MatchService } from './match.service.js';
import { PatientEnquiriesMergeService } from './patient-enquiries-merge.service.js';
import { PrivacyNoticeController } from './privacy-notice.controller.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';
import { RedFlagJobs } from './red-flag.jobs.js';
import { RedFlagResolver } from './red-flag.resolver.js';
import { RedFlagAlertService } from './red-flag-alert.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';
import { RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';
import { ReferralRedFlagService } from './referral-red-flag.service.js';

@Module({
  imports: [
    CalendarModule,
    PatientsModule,
    RecordRegistersModule,
    DocumentsModule,
    ConsentModule,
    ReferralsModule,
    VisitsModule,
    PublicFormsModule,
  ],
  controllers: [PrivacyNoticeController],
  providers: [
    CallBackService,
    CallBackEntryService,
    CallBackEscalationService,
    CallBackFollowService,
    CallBackLetterService,
    CallBackPolicyService,
    CallBackQueueService,
    CallBackRecordService,
    CallBackTaskService,
    CallBackResolver,
    CallBackEnquiryResolver,
    CallBackPolicyResolver,
    CallBackJobs,
    ConversionService,
    ConversionConsentService,
    ConversionJoinService,
    ConversionPatientService,
    ConversionPeopleService,
    ConversionRecordService,
    ConversionTargetService,
    ConversionUndoService,
    ConversionResolver,
    PatientRedFlagsResolver,
    ReferralRedFlagsResolver,
    MatchService,
    EnquiryAccessService,
    EnquiryRetentionService,
    PatientEnquiriesMergeService,
    EnquiryService,
    EnquiryDocumentsService,
    InboundMailboxService,
    InboundThreadService,
    InboundMailKeepingService,
    InboundAttachmentService,
    InboundMailService,
    InboundMailResolver,
    InboundMailJobs,
    EnquiryEntryService,
    EnquiryEventService,
    EnquiryFormService,
    EnquiryFormKeyService,
    EnquiryHandlingService,
    EnquiryIntakeService,
    EnquiryLetterService,
    EnquiryMessageService,
    EnquiryPartsService,
    EnquiryRecordService,
    EnquiryRegistrationService,
    EnquirySubmissionService,
    PrivacyNoticeService,
    RedFlagAlertService,
    RedFlagAskingService,
    RedFlagQuestionnaireService,
    ReferralRedFlagService,
    EnquiryResolver,
    EnquiryHandlingResolver,
    RedFlagResolver,
    RedFlagJobs,
  ],
  exports: [EnquiryService, CallBackLetterService, EnquiryLetterService, RedFlagQuestionnaireService],
})
export class EnquiriesModule {}
