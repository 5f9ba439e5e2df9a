import { Inject, Injectable } from '@nestjs/common';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from './booker.type.js';
import { IdempotencyService } from './idempotency.service.js';
import type { Visit } from './visit.type.js';
import { BOOK_REFUSALS, CONFIRM_REFUSALS, RELEASE_REFUSALS } from './visit-answer.type.js';
import { VISIT_CONSTRAINTS, VisitBookingService } from './visit-booking.service.js';
import { type BookVisitInput, type HeldVisitInput } from './visit-booking.type.js';

/**
 * A time kept for somebody who is still deciding. It stands in everybody's way until it ends by itself, which is judged
 * when it is read and when it is confirmed. Each verb is one transaction.
 */
@Injectable()
export class VisitHoldService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
  ) {}

  async holdVisit(booker: Booker, input: BookVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'holdVisit', input, refusals: BOOK_REFUSALS },
      (tx) => this.booking.bookIn(tx, booker, input, VisitStatus.HELD),
      VISIT_CONSTRAINTS,
    );
  }

  async confirmVisit(booker: Booker, input: HeldVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'confirmVisit', input, refusals: CONFIRM_REFUSALS },
      (tx) => this.booking.confirmIn(tx, booker, input),
      VISIT_CONSTRAINTS,
    );
  }

  async releaseHold(booker: Booker, input: HeldVisitInput): Promise<Visit | Refusal> {
    return this.idempotency.once<Visit>(
      { booker, operation: 'releaseHold', input, refusals: RELEASE_REFUSALS },
      (tx) => this.booking.releaseIn(tx, booker, input),
    );
  }
}
