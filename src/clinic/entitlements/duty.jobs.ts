import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { ENTITLEMENT_WORK } from './duty-letter.type.js';
import { DutyReviewService } from './duty-review.service.js';

/** An entitlement comes up again until it is given anew, ended or over. Doing it twice is doing it once. */
@Injectable()
export class DutyJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(DutyReviewService) reviews: DutyReviewService,
  ) {
    handlers.register({
      topic: ENTITLEMENT_WORK.reviewDue,
      handle: async ({ subjectId }) => {
        const again = await reviews.look(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
