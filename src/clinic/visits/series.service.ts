import { Inject, Injectable } from '@nestjs/common';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Booker } from './booker.type.js';
import { IdempotencyService } from './idempotency.service.js';
import {
  BOOK_SERIES_REFUSALS,
  type BookSeriesInput,
  CANCEL_SERIES_REFUSALS,
  type CancelSeriesInput,
  type VisitSeries,
} from './series.type.js';
import { SeriesBookingService } from './series-booking.service.js';
import { SeriesCancelService } from './series-cancel.service.js';
import { VISIT_CONSTRAINTS } from './visit-booking.service.js';

/** Booking and cancelling visits as one: each verb is one transaction, and the same key gives the same answer. */
@Injectable()
export class SeriesService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(SeriesBookingService) private readonly booking: SeriesBookingService,
    @Inject(SeriesCancelService) private readonly cancels: SeriesCancelService,
  ) {}

  /** Throws BAD_INPUT when it is no series: out of order, or longer than a year. */
  async bookSeries(booker: Booker, input: BookSeriesInput): Promise<VisitSeries | Refusal> {
    return this.idempotency.once<VisitSeries>(
      { booker, operation: 'bookSeries', input, refusals: BOOK_SERIES_REFUSALS },
      (tx) => this.booking.bookIn(tx, booker, input),
      VISIT_CONSTRAINTS,
    );
  }

  async cancelSeries(booker: Booker, input: CancelSeriesInput): Promise<VisitSeries | Refusal> {
    return this.idempotency.once<VisitSeries>(
      { booker, operation: 'cancelSeries', input, refusals: CANCEL_SERIES_REFUSALS },
      (tx) => this.cancels.cancelIn(tx, booker, input),
    );
  }
}
