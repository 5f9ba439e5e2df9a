import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { ACTION_WATCH } from './decision-action.type.js';
import { DecisionReminderService } from './decision-reminder.service.js';

/** An action that nobody has settled comes again until somebody has. */
@Injectable()
export class DecisionJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(DecisionReminderService) reminders: DecisionReminderService,
  ) {
    handlers.register({
      topic: ACTION_WATCH,
      handle: async ({ subjectId }) => {
        const again = await reminders.remind(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
