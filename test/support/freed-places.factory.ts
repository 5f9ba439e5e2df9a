import { AuditService } from '../../src/clinic/audit/audit.service.js';
import { FreedPlaceService } from '../../src/clinic/visits/freed-place.service.js';
import type { FreedPlace, FreedPlaceOffer } from '../../src/clinic/visits/freed-place.type.js';
import { FreedPlaceAnswerService } from '../../src/clinic/visits/freed-place-answer.service.js';
import { FreedPlaceCandidateService } from '../../src/clinic/visits/freed-place-candidate.service.js';
import { FreedPlaceEntryService } from '../../src/clinic/visits/freed-place-entry.service.js';
import { FreedPlaceKindService } from '../../src/clinic/visits/freed-place-kind.service.js';
import { FreedPlaceLedgerService } from '../../src/clinic/visits/freed-place-ledger.service.js';
import { FreedPlaceLetterService } from '../../src/clinic/visits/freed-place-letter.service.js';
import { FreedPlacePreviewService } from '../../src/clinic/visits/freed-place-preview.service.js';
import { FreedPlaceRecordService } from '../../src/clinic/visits/freed-place-record.service.js';
import { FreedPlaceReplyService } from '../../src/clinic/visits/freed-place-reply.service.js';
import { FreedPlaceRoundService } from '../../src/clinic/visits/freed-place-round.service.js';
import { FreedPlaceWaitingService } from '../../src/clinic/visits/freed-place-waiting.service.js';
import { SoonerService } from '../../src/clinic/visits/sooner.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import type { Clock } from '../../src/platform/time/index.js';
import { consentServiceOn } from './consent.factory.js';
import { referralServiceOn } from './referrals.factory.js';
import { schedulingOn } from './scheduling.factory.js';
import { visitsOn } from './visits.factory.js';

/** The visits room with what it does about places that fall free. */
export function freedPlacesOn(database: Database, clock: Clock) {
  const config = readConfig({}, '/tmp');
  const audit = new AuditService(database, clock);
  const room = visitsOn(database, clock);
  const { schedule, claims, leadTimes, visitTypes, diary, calendarRoom } = schedulingOn(database, clock);
  const kinds = new FreedPlaceKindService(visitTypes, leadTimes, room.grounds, room.search, room.companions);
  const waiting = new FreedPlaceWaitingService(
    room.requestRecords,
    referralServiceOn(database, clock),
    consentServiceOn(database, clock),
    diary,
    room.grounds,
    config,
  );
  const candidates = new FreedPlaceCandidateService(kinds, waiting, schedule, config);
  const records = new FreedPlaceRecordService(database, schedule, audit, clock, config);
  const ledger = new FreedPlaceLedgerService(audit);
  const rounds = new FreedPlaceRoundService(candidates, claims, room.outbox, audit, ledger, calendarRoom);
  const entries = new FreedPlaceEntryService(schedule, room.outbox, clock);
  const sooner = new SoonerService(database, room.records, room.moves, audit, clock);
  const replies = new FreedPlaceReplyService(rounds, entries, room.booking, sooner);
  const freedPlaces = new FreedPlaceService(database, records, rounds, kinds, room.outbox, clock);
  const { idempotency } = room;
  /** Answers, with whatever carries the round on after a "no". */
  const answersThat = (places: FreedPlaceService) =>
    new FreedPlaceAnswerService(idempotency, records, replies, places, kinds, clock);
  return {
    ...room,
    schedule,
    sooner,
    freedPlaces,
    answers: answersThat(freedPlaces),
    answersThat,
    freedRecords: records,
    previews: new FreedPlacePreviewService(database, records, candidates, kinds, audit, clock),
    offerLetters: new FreedPlaceLetterService(database),
  };
}

export type FreedPlacesRoom = ReturnType<typeof freedPlacesOn>;

export function mustBePlace(result: object): FreedPlace {
  if (isRefusal(result)) throw new Error(`no place: ${result.code}: ${result.message}`);
  return result as FreedPlace;
}

export function mustBeOffer(result: object): FreedPlaceOffer {
  if (isRefusal(result)) throw new Error(`no offer: ${result.code}: ${result.message}`);
  return result as FreedPlaceOffer;
}
