import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ScanBooking } from '../imaging/scan-booking.type.js';
import { DayBoardRow } from '../visits/day-board.type.js';
import { UptakeService } from './uptake.service.js';
import {
  ExplainUptakeInput,
  ExplainUptakeResult,
  OutsideUptakeFilterInput,
  ScanOutsideUptakePage,
  UptakeClock,
} from './uptake.type.js';

const CLOCKS = Symbol('uptake clocks by visit');

function loadClock(uptakes: UptakeService, request: RequestContext, visitId: string) {
  return requestLoader(request, CLOCKS, (ids) => uptakes.clocksOf(ids)).load(visitId);
}

/** Scans that began at another time than the tracer asks for. */
@Resolver()
export class UptakeResolver {
  constructor(@Inject(UptakeService) private readonly uptakes: UptakeService) {}

  @Allow(Permission.READ_ADMINISTRATION)
  @Query(() => ScanOutsideUptakePage, {
    description:
      'Scans whose delayed images began outside of the uptake window of their dose protocol, by their planned start: those that wait for a reason, or all. Needs READ_ADMINISTRATION; the look is recorded.',
  })
  scansStartedOutsideUptake(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => OutsideUptakeFilterInput, description: 'Of which days.' })
    filter: OutsideUptakeFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.uptakes.scansStartedOutsideUptake(actor, filter, page);
  }

  @Allow(Permission.RECORD_ADMINISTRATION)
  @Mutation(() => ExplainUptakeResult, {
    description:
      'Says why the delayed images of a scan began outside of the uptake window. Refused when there is nothing to explain, or somebody has. Needs RECORD_ADMINISTRATION.',
  })
  explainUptake(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ExplainUptakeInput, description: 'Which scan, and why.' })
    input: ExplainUptakeInput,
  ) {
    return this.uptakes.explainUptake(actor, input);
  }
}

/** The clock of each patient on the board of the day: the room that owns the injections adds the field. */
@Resolver(() => DayBoardRow)
export class DayUptakeResolver {
  constructor(@Inject(UptakeService) private readonly uptakes: UptakeService) {}

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => UptakeClock, {
    nullable: true,
    description:
      'Of a scan: since when the tracer settles, and when the scan may begin; null for every other visit. Needs READ_SCAN. The look at the board covers it.',
  })
  uptake(@Parent() row: DayBoardRow, @CurrentRequest() request: RequestContext) {
    return loadClock(this.uptakes, request, row.visitId);
  }
}

/** The same of one scan. */
@Resolver(() => ScanBooking)
export class ScanUptakeResolver {
  constructor(@Inject(UptakeService) private readonly uptakes: UptakeService) {}

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => UptakeClock, {
    nullable: true,
    description: 'Since when the tracer settles, and when the scan may begin. Needs READ_SCAN.',
  })
  uptake(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    return loadClock(this.uptakes, request, booking.id);
  }
}
