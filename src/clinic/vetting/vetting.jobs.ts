import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { RequestEscalationService } from './request-escalation.service.js';
import { RequestLapseService } from './request-lapse.service.js';
import { VETTING_WORK } from './vetting-work.type.js';

/** A day has passed by which a request was to be decided, or on which its authorisation lapses. Twice is once. */
@Injectable()
export class VettingJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(RequestLapseService) lapses: RequestLapseService,
    @Inject(RequestEscalationService) escalation: RequestEscalationService,
  ) {
    handlers.register({
      topic: VETTING_WORK.due,
      handle: async ({ subjectId }) => {
        const comeAgainAt = await escalation.passDeadline(subjectId);
        if (comeAgainAt !== null) throw new HandleLater(comeAgainAt);
      },
    });
    handlers.register({
      topic: VETTING_WORK.lapses,
      handle: async ({ subjectId }) => {
        const comeAgainAt = await lapses.passDay(subjectId);
        if (comeAgainAt !== null) throw new HandleLater(comeAgainAt);
      },
    });
  }
}
