import { CaseSuggestionService } from '../../src/clinic/meetings/case-suggestion.service.js';
import { ResponseService } from '../../src/clinic/responses/response.service.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { FixedClock } from './fixed-clock.js';
import { meetingsOn } from './meetings.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { reportsOn } from './reports.factory.js';
import { responsesOn } from './responses.factory.js';

/** The meetings' room with the rooms whose news brings patients to the team. */
export function suggestionsOn(database: Database, clock: FixedClock) {
  const responses = responsesOn(database, clock);
  const reports = reportsOn(database, clock);
  const judged = new ResponseService(responses.rooms.treatments, responses.sources);
  const referrals = referralServiceOn(database, clock);
  const meetings = meetingsOn(database, clock, { referrals, responses: judged });
  const { ground, proposals } = meetings;
  return {
    ...{ responses, reports, meetings, proposals },
    suggestions: new CaseSuggestionService(database, ground, proposals, judged, reports.records),
  };
}
