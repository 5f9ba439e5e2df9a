import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from './booker.type.js';
import { VisitService } from './visit.service.js';
import { Visit, VisitFilterInput, VisitPage } from './visit.type.js';
import {
  BookVisitResult,
  CancelVisitResult,
  ConfirmVisitResult,
  HoldVisitResult,
  MoveVisitResult,
  ReleaseHoldResult,
  SwapVisitsResult,
} from './visit-answer.type.js';
import {
  BookVisitInput,
  CancelVisitInput,
  HeldVisitInput,
  MoveVisitInput,
  SwapVisitsInput,
} from './visit-booking.type.js';
import { VisitHoldService } from './visit-hold.service.js';
import { VisitRecordService } from './visit-record.service.js';

/** What every mutation here has in common, for its description. */
const REPEATABLE = 'With the header `Idempotency-Key`, the same request sent again gets the same answer.';

@Resolver(() => Visit)
export class VisitResolver {
  constructor(
    @Inject(VisitService) private readonly bookings: VisitService,
    @Inject(VisitHoldService) private readonly holds: VisitHoldService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
  ) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => Visit, {
    description:
      'One visit; of one that was replaced, `replacedBy` is what stands in its place. Needs READ_VISIT; the look is recorded.',
  })
  visit(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the visit.' }, ParseUUIDPipe) id: string,
  ) {
    return this.records.visit(actor, id);
  }

  @Allow(Permission.READ_VISIT)
  @Query(() => VisitPage, {
    description: 'Visits by their start. Needs READ_VISIT; the look is recorded.',
  })
  visits(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => VisitFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: VisitFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.visits(actor, filter, page);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => HoldVisitResult, {
    description: `Keeps the time of a visit for somebody who is still deciding, for the minutes of its kind. Everything is judged as at booking, but for the consent. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  holdVisit(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => BookVisitInput, description: 'For whom, when and with what.' })
    input: BookVisitInput,
  ) {
    return this.holds.holdVisit(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => ConfirmVisitResult, {
    description: `Books what is held, if the hold still stands at this moment. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  confirmVisit(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => HeldVisitInput, description: 'Which hold.' }) input: HeldVisitInput,
  ) {
    return this.holds.confirmVisit(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => ReleaseHoldResult, {
    description: `Gives back what is held before the hold ends by itself. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  releaseHold(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => HeldVisitInput, description: 'Which hold.' }) input: HeldVisitInput,
  ) {
    return this.holds.releaseHold(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => BookVisitResult, {
    description: `Books a visit: every step with its resources, and the patient’s time; all of it or nothing. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  bookVisit(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => BookVisitInput, description: 'For whom, when and with what.' })
    input: BookVisitInput,
  ) {
    return this.bookings.bookVisit(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => MoveVisitResult, {
    description: `Moves a booked visit as a whole: the new time is taken and the old one freed as one change. The id stays. How often and how late its kind limits. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  moveVisit(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => MoveVisitInput, description: 'Which visit, and where it goes.' })
    input: MoveVisitInput,
  ) {
    return this.bookings.moveVisit(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => SwapVisitsResult, {
    description: `Two booked visits of one kind change places, times and resources, as one change. For each it counts as a move. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  swapVisits(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => SwapVisitsInput, description: 'Which two.' }) input: SwapVisitsInput,
  ) {
    return this.bookings.swapVisits(booker, input);
  }

  @Allow(Permission.BOOK_VISIT)
  @Mutation(() => CancelVisitResult, {
    description: `Cancels a booked visit for one of \`cancelReasons\`. Its time is free at once and its request waits again; with PATIENT_DIED, PATIENT_DECLINED, CLINICALLY_NOT_NEEDED or BOOKED_IN_ERROR the wish is over and the request is closed. Once its time has come, only for a reason of the clinic’s own, until it is begun. ${REPEATABLE} Needs BOOK_VISIT.`,
  })
  cancelVisit(
    @CurrentBooker() booker: Booker,
    @Args('input', { type: () => CancelVisitInput, description: 'Which visit, and why.' })
    input: CancelVisitInput,
  ) {
    return this.bookings.cancelVisit(booker, input);
  }
}
