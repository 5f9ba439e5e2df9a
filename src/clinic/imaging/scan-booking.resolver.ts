import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { ScanBookingService } from './scan-booking.service.js';
import {
  BookScanInput,
  BookScanResult,
  CancelScanInput,
  CancelScanResult,
  MoveScanInput,
  MoveScanResult,
  ScanBooking,
  ScanBookingFilterInput,
  ScanBookingPage,
} from './scan-booking.type.js';
import { ScanOfferService } from './scan-offer.service.js';
import { ScanOfferFilterInput, ScanOffers } from './scan-offer.type.js';
import { ScanRecordService } from './scan-record.service.js';
import { WorklistService } from './worklist.service.js';
import { WorklistEntry } from './worklist.type.js';

const ENTRIES = Symbol('worklist entries by booking');

@Resolver(() => ScanBooking)
export class ScanBookingResolver {
  constructor(
    @Inject(ScanBookingService) private readonly bookings: ScanBookingService,
    @Inject(ScanOfferService) private readonly offers: ScanOfferService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(WorklistService) private readonly worklist: WorklistService,
  ) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => ScanOffers, {
    description:
      'Visits that could be booked now for a referral, best first. Needs READ_SCAN. Books nothing.',
  })
  scanOffers(
    @CurrentActor() actor: StaffActor,
    @Args('referralId', { type: () => ID, description: 'The referral to book for.' }, ParseUUIDPipe)
    referralId: string,
    @Args('filter', {
      type: () => ScanOfferFilterInput,
      defaultValue: {},
      description: 'What suits the patient.',
    })
    filter: ScanOfferFilterInput,
  ) {
    return this.offers.scanOffers(actor, referralId, filter);
  }

  @Allow(Permission.READ_SCAN)
  @Query(() => ScanBooking, { description: 'One scan booking. Needs READ_SCAN; the look is recorded.' })
  scanBooking(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the booking.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.scanBooking(actor, id);
  }

  @Allow(Permission.READ_SCAN)
  @Query(() => ScanBookingPage, {
    description: 'Scan bookings by the start of their acquisition. Needs READ_SCAN; the look is recorded.',
  })
  scanBookings(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => ScanBookingFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: ScanBookingFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.scanBookings(actor, filter, page);
  }

  @Allow(Permission.BOOK_SCAN)
  @Mutation(() => BookScanResult, {
    description:
      'Books a visit: injection, uptake, acquisition. The scanner sees it at once; the patient gets a letter. With an `Idempotency-Key` it is done once. Needs BOOK_SCAN.',
  })
  bookScan(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => BookScanInput, description: 'For whom, when and with what.' })
    input: BookScanInput,
  ) {
    return this.bookings.bookScan(booker, input);
  }

  @Allow(Permission.BOOK_SCAN)
  @Mutation(() => MoveScanResult, {
    description:
      'Moves a visit as a whole. The worklist moves with it and the patient gets a letter. With an `Idempotency-Key` it is done once. Needs BOOK_SCAN.',
  })
  moveScan(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => MoveScanInput, description: 'Which booking, and its new times.' })
    input: MoveScanInput,
  ) {
    return this.bookings.moveScan(booker, input);
  }

  @Allow(Permission.BOOK_SCAN)
  @Mutation(() => CancelScanResult, {
    description:
      'Cancels a visit. It leaves the worklist at once and the patient gets a letter. With an `Idempotency-Key` it is done once. Needs BOOK_SCAN.',
  })
  cancelScan(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => CancelScanInput, description: 'Which booking, and why.' })
    input: CancelScanInput,
  ) {
    return this.bookings.cancelScan(booker, input);
  }

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => [WorklistEntry], {
    description: 'What the scanner is offered for this booking; empty when it is cancelled.',
  })
  async worklistEntries(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, ENTRIES, (ids) => this.worklist.entriesOf(ids));
    return (await loader.load(booking.id)) ?? [];
  }
}
