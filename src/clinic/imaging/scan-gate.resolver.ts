import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { JudgedGate } from '../gates/gate.type.js';
import { ScanBooking } from './scan-booking.type.js';
import { ScanGateService } from './scan-gate.service.js';

const GATES = Symbol('gates of scan bookings');

@Resolver(() => ScanBooking)
export class ScanGateResolver {
  constructor(@Inject(ScanGateService) private readonly gates: ScanGateService) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => [JudgedGate], {
    description:
      'Every gate of a booking as it stands now, from the booking to the report: passed, waiting or failed, by whom and when, and what to do. Needs READ_SCAN; the look is recorded.',
  })
  scanGates(
    @CurrentActor() actor: StaffActor,
    @Args('scanBookingId', { type: () => ID, description: 'Which booking.' }, ParseUUIDPipe)
    scanBookingId: string,
  ) {
    return this.gates.scanGates(actor, scanBookingId);
  }

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => [JudgedGate], {
    name: 'gates',
    description:
      'Its gates as they stand now, those that only advise too: passed, waiting or failed, by whom and when, and what to do. Needs READ_SCAN; the look is recorded.',
  })
  async gatesOf(
    @Parent() booking: ScanBooking,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, GATES, (ids) => this.gates.ofBookings(actor, ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
