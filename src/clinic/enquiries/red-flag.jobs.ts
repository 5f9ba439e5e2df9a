import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { RED_FLAG_DUE, RedFlagAlertService } from './red-flag-alert.service.js';

/** An open alert comes again until a clinician has closed it. Its patience is bounded by them: nothing else ends it. */
@Injectable()
export class RedFlagJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(RedFlagAlertService) alerts: RedFlagAlertService,
  ) {
    handlers.register({
      topic: RED_FLAG_DUE,
      handle: async ({ subjectId }) => {
        const again = await alerts.remind(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
