import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { LeadTimeReportService } from './lead-time-report.service.js';
import { LeadTimeReport, LeadTimeReportFilterInput } from './lead-time-report.type.js';

@Resolver()
export class LeadTimeReportResolver {
  constructor(@Inject(LeadTimeReportService) private readonly reports: LeadTimeReportService) {}

  @Allow(Permission.READ_REPORT)
  @Query(() => LeadTimeReport, {
    description:
      'How long patients waited for visits that take place in a period: from the start of the clock of their request to the day of the visit, in calendar days. Visits that were booked for a request and are booked, going on or over count; cancelled and missed ones, and scans, which are booked in their own way, do not. Needs READ_REPORT.',
  })
  leadTimeReport(
    @Args('filter', { description: 'The period, which visits, and how they are grouped.' })
    filter: LeadTimeReportFilterInput,
  ) {
    return this.reports.leadTimeReport(filter);
  }
}
