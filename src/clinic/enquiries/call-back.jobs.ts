import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { CallBackEscalationService } from './call-back-escalation.service.js';
import { CALL_BACK_WORK } from './call-back-letter.type.js';

/** The time has come at which the clinic is told that nobody rang. May be repeated. */
@Injectable()
export class CallBackJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(CallBackEscalationService) escalations: CallBackEscalationService,
  ) {
    handlers.register({
      topic: CALL_BACK_WORK.due,
      handle: async ({ subjectId }) => {
        const again = await escalations.escalate(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
