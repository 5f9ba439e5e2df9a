import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { EntitlementsModule } from '../entitlements/entitlements.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { GuidelineResolver } from './guideline.resolver.js';
import { GuidelineService } from './guideline.service.js';
import { GuidelineAuthorisationService } from './guideline-authorisation.service.js';
import { ImagingRequestResolver } from './imaging-request.resolver.js';
import { ReferralRequestsResolver } from './referral-requests.resolver.js';
import { RequestClaimService } from './request-claim.service.js';
import { RequestContentService } from './request-content.service.js';
import { RequestEntryService } from './request-entry.service.js';
import { RequestEscalationService } from './request-escalation.service.js';
import { RequestExposureService } from './request-exposure.service.js';
import { RequestGroundService } from './request-ground.service.js';
import { RequestHistoryResolver } from './request-history.resolver.js';
import { RequestLapseService } from './request-lapse.service.js';
import { RequestLogService } from './request-log.service.js';
import { RequestRecordService } from './request-record.service.js';
import { RequestSteeringResolver } from './request-steering.resolver.js';
import { RequestSteeringService } from './request-steering.service.js';
import { RequestViewService } from './request-view.service.js';
import { VettingJobs } from './vetting.jobs.js';
import { VettingService } from './vetting.service.js';
import { VettingAccessService } from './vetting-access.service.js';
import { VettingAuthorisationService } from './vetting-authorisation.service.js';
import { VettingDecisionResolver } from './vetting-decision.resolver.js';
import { VettingDecisionService } from './vetting-decision.service.js';
import { VettingDueService } from './vetting-due.service.js';
import { VettingGroundService } from './vetting-ground.service.js';
import { VettingLetterService } from './vetting-letter.service.js';
import { VettingPolicyResolver } from './vetting-policy.resolver.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import { VettingQueueResolver } from './vetting-queue.resolver.js';
import { VettingQueueService } from './vetting-queue.service.js';
import { VettingRetentionService } from './vetting-retention.service.js';
import { VettingTellingService } from './vetting-telling.service.js';

@Module({
  imports: [CalendarModule, PatientsModule, RecordRegistersModule, ReferralsModule, EntitlementsModule],
  providers: [
    GuidelineAuthorisationService,
    GuidelineResolver,
    GuidelineService,
    ImagingRequestResolver,
    ReferralRequestsResolver,
    RequestClaimService,
    RequestContentService,
    RequestEntryService,
    RequestEscalationService,
    RequestExposureService,
    RequestGroundService,
    RequestHistoryResolver,
    RequestLapseService,
    RequestLogService,
    RequestRecordService,
    RequestSteeringResolver,
    RequestSteeringService,
    RequestViewService,
    VettingAccessService,
    VettingAuthorisationService,
    VettingDecisionResolver,
    VettingDecisionService,
    VettingDueService,
    VettingGroundService,
    VettingJobs,
    VettingLetterService,
    VettingPolicyResolver,
    VettingPolicyService,
    VettingQueueResolver,
    VettingQueueService,
    VettingRetentionService,
    VettingService,
    VettingTellingService,
  ],
  exports: [
    GuidelineAuthorisationService,
    GuidelineService,
    RequestEntryService,
    RequestExposureService,
    VettingDecisionService,
    VettingLetterService,
    VettingService,
  ],
})
export class VettingModule {}
