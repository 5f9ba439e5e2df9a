import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { AdviceEscalationService } from './advice-escalation.service.js';
import { TRIAGE_WORK } from './triage-due.type.js';
import { TriageEscalationService } from './triage-escalation.service.js';

/** A day has passed by which a referral was to be decided, or a question answered. Doing it twice is doing it once. */
@Injectable()
export class TriageJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(TriageEscalationService) escalation: TriageEscalationService,
    @Inject(AdviceEscalationService) advice: AdviceEscalationService,
  ) {
    handlers.register({
      topic: TRIAGE_WORK.due,
      handle: async ({ subjectId }) => {
        const comeAgainAt = await escalation.passDeadline(subjectId);
        if (comeAgainAt !== null) throw new HandleLater(comeAgainAt);
      },
    });
    handlers.register({
      topic: TRIAGE_WORK.adviceDue,
      handle: async ({ subjectId }) => {
        const comeAgainAt = await advice.passDeadline(subjectId);
        if (comeAgainAt !== null) throw new HandleLater(comeAgainAt);
      },
    });
  }
}
