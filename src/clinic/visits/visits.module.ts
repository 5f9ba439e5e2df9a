import { Module } from '@nestjs/common';
import { PublicDoorsModule } from '../../platform/http/public-doors.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { ReferralsModule } from '../referrals/referrals.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { AvailabilityResolver } from './availability.resolver.js';
import { AvailabilityService } from './availability.service.js';
import { CancelReasonResolver } from './cancel-reason.resolver.js';
import { CancelReasonService } from './cancel-reason.service.js';
import { DayBoardResolver } from './day-board.resolver.js';
import { DayBoardService } from './day-board.service.js';
import { IdempotencyService } from './idempotency.service.js';
import { LeadTimeReportResolver } from './lead-time-report.resolver.js';
import { LeadTimeReportService } from './lead-time-report.service.js';
import { OpenableTimeService } from './openable-time.service.js';
import { PatientRequestsResolver } from './patient-requests.resolver.js';
import { PatientVisitsResolver } from './patient-visits.resolver.js';
import { RequestResolver } from './request.resolver.js';
import { RequestService } from './request.service.js';
import { RequestFactsService } from './request-facts.service.js';
import { RequestPeopleService } from './request-people.service.js';
import { RequestRecordService } from './request-record.service.js';
import { VisitResolver } from './visit.resolver.js';
import { VisitService } from './visit.service.js';
import { VisitBookingService } from './visit-booking.service.js';
import { VisitCancelService } from './visit-cancel.service.js';
import { VisitChangeService } from './visit-change.service.js';
import { VisitDayResolver } from './visit-day.resolver.js';
import { VisitDayService } from './visit-day.service.js';
import { VisitHoldService } from './visit-hold.service.js';
import { VisitLegResolver } from './visit-leg.resolver.js';
import { VisitLegService } from './visit-leg.service.js';
import { VisitMoveService } from './visit-move.service.js';
import { VisitOfferResolver } from './visit-offer.resolver.js';
import { VisitOfferService } from './visit-offer.service.js';
import { VisitPeopleResolver } from './visit-people.resolver.js';
import { VisitPeopleService } from './visit-people.service.js';
import { VisitPlaceService } from './visit-place.service.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitSearchService } from './visit-search.service.js';
import { VisitStandingService } from './visit-standing.service.js';
import { VisitTimeService } from './visit-time.service.js';

@Module({
  imports: [
    AuthModule,
    AuditModule,
    PatientsModule,
    ReferralsModule,
    ConsentModule,
    SchedulingModule,
    PublicDoorsModule,
  ],
  providers: [
    IdempotencyService,
    OpenableTimeService,
    PatientVisitsResolver,
    VisitResolver,
    VisitService,
    VisitBookingService,
    VisitCancelService,
    VisitHoldService,
    VisitMoveService,
    VisitOfferResolver,
    VisitOfferService,
    VisitPeopleResolver,
    VisitPeopleService,
    VisitPlaceService,
    VisitSearchService,
    VisitStandingService,
    CancelReasonResolver,
    CancelReasonService,
    DayBoardResolver,
    DayBoardService,
    VisitChangeService,
    VisitDayResolver,
    VisitDayService,
    VisitLegResolver,
    VisitLegService,
    VisitRecordService,
    VisitTimeService,
    RequestService,
    RequestRecordService,
    RequestFactsService,
    RequestPeopleService,
    RequestResolver,
    PatientRequestsResolver,
    AvailabilityService,
    AvailabilityResolver,
    LeadTimeReportService,
    LeadTimeReportResolver,
  ],
})
export class VisitsModule {}
