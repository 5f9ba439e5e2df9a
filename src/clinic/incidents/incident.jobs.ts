import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { INCIDENT_WORK } from './incident-letter.type.js';
import { IncidentWatchService } from './incident-watch.service.js';

/** A notifiable incident comes up again until a regulator was told. Doing it twice is doing it once. */
@Injectable()
export class IncidentJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(IncidentWatchService) watching: IncidentWatchService,
  ) {
    handlers.register({
      topic: INCIDENT_WORK.watched,
      handle: async ({ subjectId }) => {
        const again = await watching.look(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
  }
}
