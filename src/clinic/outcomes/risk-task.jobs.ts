import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { RISK_TASK_DUE } from './risk-task.type.js';
import { RiskTaskAlarmService } from './risk-task-alarm.service.js';

/** A risk task that nobody has closed in time comes again until somebody has. Nothing else ends it. */
@Injectable()
export class RiskTaskJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(RiskTaskAlarmService) alarm: RiskTaskAlarmService,
  ) {
    handlers.register({
      topic: RISK_TASK_DUE,
      handle: async ({ subjectId }) => {
        const again = await alarm.escalate(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
