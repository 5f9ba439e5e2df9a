import { Module } from '@nestjs/common';
import { BankHolidayService } from './bank-holiday.service.js';
import { CalendarService } from './calendar.service.js';
import { LeadTimeService } from './lead-time.service.js';
import { ScheduleResolver } from './schedule.resolver.js';
import { ScheduleService } from './schedule.service.js';

@Module({
  providers: [ScheduleService, CalendarService, LeadTimeService, BankHolidayService, ScheduleResolver],
  exports: [ScheduleService, CalendarService, LeadTimeService, BankHolidayService],
})
export class SchedulingModule {}
