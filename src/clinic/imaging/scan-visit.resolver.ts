import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { DayBoardRow } from '../visits/day-board.type.js';
import { Visit } from '../visits/visit.type.js';
import { ScanBooking } from './scan-booking.type.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScanVisitService } from './scan-visit.service.js';

const SCANS = Symbol('scan bookings by visit');
const VISITS = Symbol('visits by scan booking');

function loadScan(records: ScanRecordService, request: RequestContext, visitId: string) {
  return requestLoader(request, SCANS, (ids) => records.ofVisits(ids)).load(visitId);
}

/** From a scan to its visit. */
@Resolver(() => ScanBooking)
export class ScanVisitResolver {
  constructor(@Inject(ScanVisitService) private readonly visits: ScanVisitService) {}

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => Visit, {
    description:
      'The visit that it is: its request, its steps, and what reception says of it. Needs READ_VISIT.',
  })
  visit(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, VISITS, (ids) => this.visits.visitsOf(ids)).load(booking.id);
  }
}

/** From a visit to its scan: the room that owns the scans adds the field. */
@Resolver(() => Visit)
export class VisitScanResolver {
  constructor(@Inject(ScanRecordService) private readonly records: ScanRecordService) {}

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => ScanBooking, {
    nullable: true,
    description:
      'What the scanner knows of it, when it is a scan that is booked; null for a hold and for every other visit. Needs READ_SCAN.',
  })
  scanBooking(@Parent() visit: Visit, @CurrentRequest() request: RequestContext) {
    return visit.companion === null ? null : loadScan(this.records, request, visit.id);
  }
}

/** The same on the board of the day. */
@Resolver(() => DayBoardRow)
export class DayScanResolver {
  constructor(@Inject(ScanRecordService) private readonly records: ScanRecordService) {}

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => ScanBooking, {
    nullable: true,
    description:
      'What the scanner knows of it, when it is a scan; null for every other visit. Needs READ_SCAN.',
  })
  scanBooking(@Parent() row: DayBoardRow, @CurrentRequest() request: RequestContext) {
    return loadScan(this.records, request, row.visitId);
  }
}
