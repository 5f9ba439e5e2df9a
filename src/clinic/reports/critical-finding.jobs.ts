import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { CRITICAL_FINDING_DUE } from './critical-finding.type.js';
import { CriticalFindingAlarmService } from './critical-finding-alarm.service.js';

/** A critical finding that nobody has read back comes again until somebody has. Nothing else ends it. */
@Injectable()
export class CriticalFindingJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(CriticalFindingAlarmService) alarm: CriticalFindingAlarmService,
  ) {
    handlers.register({
      topic: CRITICAL_FINDING_DUE,
      handle: async ({ subjectId }) => {
        const again = await alarm.escalate(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
