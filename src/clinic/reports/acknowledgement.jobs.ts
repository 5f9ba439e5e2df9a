import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { ACKNOWLEDGEMENT_DUE } from './acknowledgement.type.js';
import { AcknowledgementTaskService } from './acknowledgement-task.service.js';

/** A result that nobody has acknowledged comes again until somebody has, or has closed the task. */
@Injectable()
export class AcknowledgementJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(AcknowledgementTaskService) tasks: AcknowledgementTaskService,
  ) {
    handlers.register({
      topic: ACKNOWLEDGEMENT_DUE,
      handle: async ({ subjectId }) => {
        const again = await tasks.passDeadline(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
