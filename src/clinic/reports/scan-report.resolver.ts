import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ScanBooking } from '../imaging/scan-booking.type.js';
import { ScanReport } from './report.type.js';
import { ReportRecordService } from './report-record.service.js';

const REPORTS = Symbol('reports of scan bookings');

/** ScanBooking.report: the room that owns the reports adds the field. */
@Resolver(() => ScanBooking)
export class ScanReportResolver {
  constructor(@Inject(ReportRecordService) private readonly records: ReportRecordService) {}

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => ScanReport, {
    nullable: true,
    description:
      'Its clinical evaluation; null: nobody has begun one. The look is recorded. Needs READ_FINDINGS.',
  })
  report(
    @Parent() booking: ScanBooking,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, REPORTS, (ids) => this.records.ofScans(actor, ids)).load(booking.id);
  }
}
