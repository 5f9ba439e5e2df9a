import { Inject, Injectable } from '@nestjs/common';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from './booker.type.js';
import { IdempotencyService } from './idempotency.service.js';
import type { Visit } from './visit.type.js';
import {
  BOOK_REFUSALS,
  CANCEL_REFUSALS,
  MOVE_REFUSALS,
  SWAP_REFUSALS,
  type VisitSwap,
} from './visit-answer.type.js';
import { VISIT_CONSTRAINTS, VisitBookingService } from './visit-booking.service.js';
import {
  type BookVisitInput,
  type CancelVisitInput,
  type MoveVisitInput,
  type SwapVisitsInput,
} from './visit-booking.type.js';
import { VisitCancelService } from './visit-cancel.service.js';
import { VisitMoveService } from './visit-move.service.js';

/** Booking, moving and cancelling a visit: each verb is one transaction, and the same key gives the same answer. */
@Injectable()
export class VisitService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
    @Inject(VisitMoveService) private readonly moves: VisitMoveService,
    @Inject(VisitCancelService) private readonly cancels: VisitCancelService,
  ) {}

  async bookVisit(booker: Booker, input: BookVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'bookVisit', input, refusals: BOOK_REFUSALS },
      (tx) => this.booking.bookIn(tx, booker, input, VisitStatus.BOOKED),
      VISIT_CONSTRAINTS,
    );
  }

  async moveVisit(booker: Booker, input: MoveVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'moveVisit', input, refusals: MOVE_REFUSALS },
      (tx) => this.moves.moveIn(tx, booker, input),
      VISIT_CONSTRAINTS,
    );
  }

  async swapVisits(booker: Booker, input: SwapVisitsInput): Promise<VisitSwap | Refusal> {
    if (input.firstVisitId === input.secondVisitId) {
      throw badInput('input.secondVisitId: must be another visit than input.firstVisitId.');
    }
    return this.idempotency.once<VisitSwap>(
      { booker, operation: 'swapVisits', input, refusals: SWAP_REFUSALS },
      (tx) => this.moves.swapIn(tx, booker, input),
      VISIT_CONSTRAINTS,
    );
  }

  async cancelVisit(booker: Booker, input: CancelVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'cancelVisit', input, refusals: CANCEL_REFUSALS },
      (tx) => this.cancels.cancelIn(tx, booker, input),
    );
  }
}
