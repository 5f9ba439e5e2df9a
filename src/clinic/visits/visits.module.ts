import { Module } from '@nestjs/common';
import { LiveModule } from '../../platform/graphql/live/live.module.js';
import { PublicDoorsModule } from '../../platform/http/public-doors.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { RecordRegistersModule } from '../records/registers.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { AvailabilityResolver } from './availability.resolver.js';
import { AvailabilityService } from './availability.service.js';
import { CancelReasonResolver } from './cancel-reason.resolver.js';
import { CancelReasonService } from './cancel-reason.service.js';
import { ClaimHolderService } from './claim-holder.service.js';
import { ClosureResolver } from './closure.resolver.js';
import { ClosureService } from './closure.service.js';
import { ClosureApplyService } from './closure-apply.service.js';
import { ClosureChangeService } from './closure-change.service.js';
import { ClosureFactsService } from './closure-facts.service.js';
import { ClosureGroundService } from './closure-ground.service.js';
import { ClosureLockService } from './closure-lock.service.js';
import { ClosurePreviewService } from './closure-preview.service.js';
import { ClosureRecordService } from './closure-record.service.js';
import { ClosureRestoreService } from './closure-restore.service.js';
import { ClosureSearchService } from './closure-search.service.js';
import { ClosureUndoService } from './closure-undo.service.js';
import { ConsentVisitsService } from './consent-visits.service.js';
import { DayBoardResolver } from './day-board.resolver.js';
import { DayBoardService } from './day-board.service.js';
import { FreedPlaceJobs } from './freed-place.jobs.js';
import { FreedPlaceResolver } from './freed-place.resolver.js';
import { FreedPlaceService } from './freed-place.service.js';
import { FreedPlaceAnswerService } from './freed-place-answer.service.js';
import { FreedPlaceCandidateService } from './freed-place-candidate.service.js';
import { FreedPlaceEntryService } from './freed-place-entry.service.js';
import { FreedPlaceKindService } from './freed-place-kind.service.js';
import { FreedPlaceLedgerService } from './freed-place-ledger.service.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import { FreedPlacePeopleResolver } from './freed-place-people.resolver.js';
import { FreedPlacePreviewService } from './freed-place-preview.service.js';
import { FreedPlaceRecordService } from './freed-place-record.service.js';
import { FreedPlaceReplyService } from './freed-place-reply.service.js';
import { FreedPlaceRequestResolver } from './freed-place-request.resolver.js';
import { FreedPlaceRoundService } from './freed-place-round.service.js';
import { FreedPlaceWaitingService } from './freed-place-waiting.service.js';
import { IdempotencyService } from './idempotency.service.js';
import { LeadTimeReportResolver } from './lead-time-report.resolver.js';
import { LeadTimeReportService } from './lead-time-report.service.js';
import { LiveDayResolver } from './live-day.resolver.js';
import { LiveDayService } from './live-day.service.js';
import { OpenableTimeService } from './openable-time.service.js';
import { PatientRequestsResolver } from './patient-requests.resolver.js';
import { PatientVisitsResolver } from './patient-visits.resolver.js';
import { PatientVisitsMergeService } from './patient-visits-merge.service.js';
import { ReferralVisitsService } from './referral-visits.service.js';
import { RequestResolver } from './request.resolver.js';
import { RequestService } from './request.service.js';
import { RequestFactsService } from './request-facts.service.js';
import { RequestPeopleService } from './request-people.service.js';
import { RequestRecordService } from './request-record.service.js';
import { SearchGroundService } from './search-ground.service.js';
import { SeriesResolver } from './series.resolver.js';
import { SeriesService } from './series.service.js';
import { SeriesBookingService } from './series-booking.service.js';
import { SeriesCancelService } from './series-cancel.service.js';
import { SeriesOfferService } from './series-offer.service.js';
import { SeriesRecordService } from './series-record.service.js';
import { SeriesSearchService } from './series-search.service.js';
import { SoonerResolver } from './sooner.resolver.js';
import { SoonerService } from './sooner.service.js';
import { SwapHelpService } from './swap-help.service.js';
import { VisitResolver } from './visit.resolver.js';
import { VisitService } from './visit.service.js';
import { VisitAccessService } from './visit-access.service.js';
import { VisitBookingService } from './visit-booking.service.js';
import { VisitCancelService } from './visit-cancel.service.js';
import { VisitChangeService } from './visit-change.service.js';
import { VisitCompanions } from './visit-companion.service.js';
import { VisitConsentService } from './visit-consent.service.js';
import { VisitDayResolver } from './visit-day.resolver.js';
import { VisitDayService } from './visit-day.service.js';
import { VisitHoldService } from './visit-hold.service.js';
import { VisitLegResolver } from './visit-leg.resolver.js';
import { VisitLegService } from './visit-leg.service.js';
import { VisitMoveService } from './visit-move.service.js';
import { VisitNewsService } from './visit-news.service.js';
import { VisitOfferResolver } from './visit-offer.resolver.js';
import { VisitOfferService } from './visit-offer.service.js';
import { VisitPeopleResolver } from './visit-people.resolver.js';
import { VisitPeopleService } from './visit-people.service.js';
import { VisitPlaceService } from './visit-place.service.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitRetentionService } from './visit-retention.service.js';
import { VisitSearchService } from './visit-search.service.js';
import { VisitSettleService } from './visit-settle.service.js';
import { VisitStandingService } from './visit-standing.service.js';
import { VisitStepService } from './visit-step.service.js';
import { VisitTimeService } from './visit-time.service.js';

@Module({
  imports: [
    RecordRegistersModule,
    AuthModule,
    AuditModule,
    CalendarModule,
    PatientsModule,
    ReferralsModule,
    ConsentModule,
    SchedulingModule,
    PublicDoorsModule,
    LiveModule,
  ],
  providers: [
    VisitRetentionService,
    VisitAccessService,
    ReferralVisitsService,
    ConsentVisitsService,
    IdempotencyService,
    OpenableTimeService,
    PatientVisitsMergeService,
    PatientVisitsResolver,
    VisitResolver,
    VisitService,
    VisitBookingService,
    VisitCancelService,
    VisitHoldService,
    VisitMoveService,
    VisitNewsService,
    VisitOfferResolver,
    VisitOfferService,
    VisitPeopleResolver,
    VisitPeopleService,
    VisitPlaceService,
    SwapHelpService,
    ClaimHolderService,
    VisitSearchService,
    VisitSettleService,
    VisitStandingService,
    CancelReasonResolver,
    CancelReasonService,
    ClosureResolver,
    ClosureService,
    ClosureApplyService,
    ClosureChangeService,
    ClosureFactsService,
    ClosureGroundService,
    ClosureLockService,
    ClosurePreviewService,
    ClosureRecordService,
    ClosureRestoreService,
    ClosureSearchService,
    ClosureUndoService,
    DayBoardResolver,
    DayBoardService,
    FreedPlaceAnswerService,
    FreedPlaceCandidateService,
    FreedPlaceEntryService,
    FreedPlaceJobs,
    FreedPlaceKindService,
    FreedPlaceLedgerService,
    FreedPlaceLetterService,
    FreedPlacePeopleResolver,
    FreedPlacePreviewService,
    FreedPlaceRecordService,
    FreedPlaceReplyService,
    FreedPlaceRequestResolver,
    FreedPlaceResolver,
    FreedPlaceRoundService,
    FreedPlaceService,
    FreedPlaceWaitingService,
    VisitChangeService,
    VisitCompanions,
    VisitConsentService,
    VisitDayResolver,
    VisitDayService,
    VisitLegResolver,
    VisitLegService,
    VisitRecordService,
    VisitStepService,
    VisitTimeService,
    RequestService,
    RequestRecordService,
    RequestFactsService,
    RequestPeopleService,
    RequestResolver,
    PatientRequestsResolver,
    SearchGroundService,
    SeriesBookingService,
    SeriesCancelService,
    SeriesOfferService,
    SeriesRecordService,
    SeriesResolver,
    SeriesSearchService,
    SeriesService,
    SoonerResolver,
    SoonerService,
    AvailabilityService,
    AvailabilityResolver,
    LeadTimeReportService,
    LeadTimeReportResolver,
    LiveDayService,
    LiveDayResolver,
  ],
  exports: [
    FreedPlaceLetterService,
    VisitCompanions,
    VisitConsentService,
    VisitNewsService,
    IdempotencyService,
    RequestService,
    RequestRecordService,
    RequestFactsService,
    VisitBookingService,
    VisitMoveService,
    VisitCancelService,
    VisitRecordService,
    VisitSearchService,
    VisitSettleService,
    VisitStepService,
  ],
})
export class VisitsModule {}
