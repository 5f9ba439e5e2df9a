import { Inject } from '@nestjs/common';
import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CalendarService } from './calendar.service.js';
import { BankHoliday, DeskHoursFromDay, SetDeskHoursInput, SetDeskHoursResult } from './calendar.type.js';

@Resolver()
export class CalendarResolver {
  constructor(@Inject(CalendarService) private readonly calendar: CalendarService) {}

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => [BankHoliday], {
    description: 'Bank holidays of England in a year. Weekly hours do not hold on them. Needs READ_SCHEDULE.',
  })
  bankHolidays(@Args('year', { type: () => Int, description: 'The year, four digits.' }) year: number) {
    return this.calendar.bankHolidays(year);
  }

  @Allow(Permission.READ_SCHEDULE)
  @Query(() => DeskHoursFromDay, {
    description: 'When somebody is at the desk, by the hours that hold on a day. Needs READ_SCHEDULE.',
  })
  deskHours(
    @Args('on', { type: () => LocalDate, nullable: true, description: 'The day; today when left out.' })
    on: string | null,
  ) {
    return this.calendar.deskHoursOn(on ?? null);
  }

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => SetDeskHoursResult, {
    description:
      'Sets when somebody is at the desk, from a day on. What is running keeps the deadline that it was given. Needs MANAGE_SCHEDULE.',
  })
  setDeskHours(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new week, from when, and why.' }) input: SetDeskHoursInput,
  ) {
    return this.calendar.setDeskHours(actor, input);
  }
}
