import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ScanBooking } from './scan-booking.type.js';
import { ScanClosingService } from './scan-closing.service.js';
import {
  CloseScanInput,
  CompleteScanResult,
  DiscontinueScanResult,
  ReopenScanInput,
  ReopenScanResult,
} from './scan-closing.type.js';

/** What a person says in the scanner's place. */
@Resolver(() => ScanBooking)
export class ScanClosingResolver {
  constructor(@Inject(ScanClosingService) private readonly closing: ScanClosingService) {}

  @Allow(Permission.CLOSE_SCAN)
  @Mutation(() => CompleteScanResult, {
    description:
      'Says by hand that a scan was done, because its scanner has not said so. It outranks what the scanner says later, which is still kept. Needs CLOSE_SCAN.',
  })
  completeScan(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => CloseScanInput, description: 'Which booking, and why a person says so.' })
    input: CloseScanInput,
  ) {
    return this.closing.completeScan(actor, input);
  }

  @Allow(Permission.CLOSE_SCAN)
  @Mutation(() => DiscontinueScanResult, {
    description:
      'Says by hand that a scan was broken off, or that the patient never came. The referral can be booked again. It outranks what the scanner says later, which is still kept. Needs CLOSE_SCAN.',
  })
  discontinueScan(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => CloseScanInput, description: 'Which booking, and why a person says so.' })
    input: CloseScanInput,
  ) {
    return this.closing.discontinueScan(actor, input);
  }

  @Allow(Permission.CLOSE_SCAN)
  @Mutation(() => ReopenScanResult, {
    description:
      'Undoes a closing by hand: the booking goes back to what its performed steps say. One that had been broken off and is to come again needs its whole place again, and a request and a referral that still want it; when somebody else has part of its place by now, the request was closed or the referral is over, it stays closed. Needs CLOSE_SCAN.',
  })
  reopenScan(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ReopenScanInput, description: 'Which booking, and why.' })
    input: ReopenScanInput,
  ) {
    return this.closing.reopenScan(actor, input);
  }
}
