import { Inject, Injectable } from '@nestjs/common';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { REPORT_FOR_TEAM } from '../reports/report-letter.type.js';
import { RESPONSE_JUDGED } from '../responses/response.type.js';
import { CaseSuggestionService } from './case-suggestion.service.js';
import { AGENDA_CLOSING } from './meeting.type.js';
import { MeetingPlanningService } from './meeting-planning.service.js';

/** The list of a meeting closes at its hour, whether or not anybody looks at it; what was found and what did not help comes to the team. */
@Injectable()
export class MeetingJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(MeetingPlanningService) planning: MeetingPlanningService,
    @Inject(CaseSuggestionService) suggestions: CaseSuggestionService,
  ) {
    handlers.register({
      topic: AGENDA_CLOSING,
      handle: async ({ subjectId }) => {
        const later = await planning.closeAgenda(subjectId);
        if (later !== null) throw new HandleLater(later);
      },
    });
    handlers.register({
      topic: RESPONSE_JUDGED,
      handle: ({ subjectId }) => suggestions.afterResponse(subjectId),
    });
    handlers.register({
      topic: REPORT_FOR_TEAM,
      handle: ({ subjectId }) => suggestions.afterReport(subjectId),
    });
  }
}
