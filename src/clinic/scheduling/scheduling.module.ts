import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { BankHolidayService } from './bank-holiday.service.js';
import { ClaimService } from './claim.service.js';
import { ClaimHolders } from './claim-holders.service.js';
import { ClaimRefusalService } from './claim-refusal.service.js';
import { ClosedTimeService } from './closed-time.service.js';
import { DiaryService } from './diary.service.js';
import { FreeTimeService } from './free-time.service.js';
import { FreedPlaceOfferingResolver } from './freed-place-offering.resolver.js';
import { FreedPlaceOfferingService } from './freed-place-offering.service.js';
import { LeadTimeService } from './lead-time.service.js';
import { OpeningService } from './opening.service.js';
import { PatientPresenceService } from './patient-presence.service.js';
import { ResourceResolver } from './resource.resolver.js';
import { ResourceService } from './resource.service.js';
import { ScheduleResolver } from './schedule.resolver.js';
import { ScheduleService } from './schedule.service.js';
import { SiteResolver } from './site.resolver.js';
import { SiteService } from './site.service.js';
import { VisitTypeResolver } from './visit-type.resolver.js';
import { VisitTypeService } from './visit-type.service.js';

@Module({
  imports: [CalendarModule],
  providers: [
    FreeTimeService,
    ClaimService,
    ClaimRefusalService,
    ScheduleService,
    DiaryService,
    ClosedTimeService,
    ClaimHolders,
    OpeningService,
    ResourceService,
    LeadTimeService,
    BankHolidayService,
    VisitTypeService,
    ScheduleResolver,
    ResourceResolver,
    VisitTypeResolver,
    FreedPlaceOfferingService,
    FreedPlaceOfferingResolver,
    SiteService,
    SiteResolver,
    PatientPresenceService,
  ],
  exports: [
    ScheduleService,
    ClaimService,
    ClaimHolders,
    DiaryService,
    ClosedTimeService,
    OpeningService,
    LeadTimeService,
    BankHolidayService,
    VisitTypeService,
    PatientPresenceService,
    SiteService,
  ],
})
export class SchedulingModule {}
