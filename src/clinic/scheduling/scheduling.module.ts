import { Module } from '@nestjs/common';
import { BankHolidayService } from './bank-holiday.service.js';
import { CalendarService } from './calendar.service.js';
import { ClaimService } from './claim.service.js';
import { ClaimHolders } from './claim-holders.service.js';
import { ClaimRefusalService } from './claim-refusal.service.js';
import { ClosedTimeService } from './closed-time.service.js';
import { DiaryService } from './diary.service.js';
import { FreeTimeService } from './free-time.service.js';
import { FreedPlaceOfferingResolver } from './freed-place-offering.resolver.js';
import { FreedPlaceOfferingService } from './freed-place-offering.service.js';
import { LeadTimeService } from './lead-time.service.js';
import { ResourceResolver } from './resource.resolver.js';
import { ResourceService } from './resource.service.js';
import { ScheduleResolver } from './schedule.resolver.js';
import { ScheduleService } from './schedule.service.js';
import { SiteResolver } from './site.resolver.js';
import { SiteService } from './site.service.js';
import { VisitTypeResolver } from './visit-type.resolver.js';
import { VisitTypeService } from './visit-type.service.js';

@Module({
  providers: [
    FreeTimeService,
    ClaimService,
    ClaimRefusalService,
    ScheduleService,
    DiaryService,
    ClosedTimeService,
    ClaimHolders,
    CalendarService,
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
  ],
  exports: [
    ScheduleService,
    ClaimService,
    ClaimHolders,
    DiaryService,
    ClosedTimeService,
    CalendarService,
    LeadTimeService,
    BankHolidayService,
    VisitTypeService,
  ],
})
export class SchedulingModule {}
