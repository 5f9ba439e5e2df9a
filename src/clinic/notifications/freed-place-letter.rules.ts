import type { FreedPlaceOfferStatus, LetterKind } from '../../platform/database/generated/enums.js';
import {
  formatLocalDate,
  formatLocalDateTime,
  formatLocalTime,
  Temporal,
} from '../../platform/time/index.js';
import {
  channelFor,
  type EarlierLetter,
  lastHeard,
  type Reachable,
  SUPERSEDED,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  lengthInWords,
  type NamedPerson,
  type PlaceFacts,
  type PlaceVariables,
  toLetterVariables,
  toPlaceVariables,
} from './letter-words.rules.js';

export type FreedPlaceLetterKind = Extract<LetterKind, `FREED_PLACE_${string}`>;

/** The offer as it stands when the letter is about to be sent. */
export interface OfferFacts extends PlaceFacts {
  readonly status: FreedPlaceOfferStatus;
  readonly visitTypeName: string;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  /** When the appointment begins that they have and that stays until they say yes; null: they have none. */
  readonly presentStartsAt: Temporal.Instant | null;
  /** From this moment on it is too late to say yes; null: nobody was asked. */
  readonly answerBy: Temporal.Instant | null;
  readonly patient: NamedPerson & Reachable;
  /** A visit of theirs was cancelled because they have died. */
  readonly hasDied: boolean;
}

/** The states of the offer that each kind of letter is about. Who has said yes or no knows. */
const SPEAKS_OF: Record<FreedPlaceLetterKind, readonly FreedPlaceOfferStatus[]> = {
  FREED_PLACE_OFFERED: ['SENT'],
  FREED_PLACE_GONE: ['GONE', 'LAPSED'],
};

/** Send it, or not, and why not. That a place has gone is told only to whom it was offered, and while it could matter. */
export function decideFreedPlaceLetter(
  kind: FreedPlaceLetterKind,
  facts: OfferFacts | null,
  earlier: readonly EarlierLetter[],
  now: Temporal.Instant,
): Verdict {
  if (facts === null) return suppressed('NO_SUCH_BOOKING');
  if (!SPEAKS_OF[kind].includes(facts.status)) return SUPERSEDED;
  if (facts.hasDied) return suppressed('PATIENT_DIED');
  if (kind === 'FREED_PLACE_GONE' && lastHeard(earlier) === null) return suppressed('NEVER_ANNOUNCED');
  if (isOver(facts.startsAt, now)) return suppressed('VISIT_PASSED');
  if (kind === 'FREED_PLACE_OFFERED' && (facts.answerBy === null || isOver(facts.answerBy, now))) {
    return suppressed('ANSWER_TIME_PASSED');
  }
  return channelFor(facts.patient);
}

function isOver(moment: Temporal.Instant, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(moment, now) <= 0;
}

/** Everything that the templates may name. All of it is text for people. */
export interface FreedPlaceLetterVariables extends LetterVariables, PlaceVariables {
  /** Monday 30 March 2026 */
  readonly visitDate: string;
  /** Monday 30 March 2026 at 09:30 */
  readonly visitDateTime: string;
  readonly visitTypeName: string;
  readonly beginTime: string;
  readonly finishTime: string;
  readonly visitLength: string;
  /** Monday 13 April 2026 at 14:00; empty: they have no appointment yet. */
  readonly presentDateTime: string;
  /** Friday 27 March 2026 at 12:00; empty: it cannot be answered any more. */
  readonly answerBy: string;
}

export function toFreedPlaceLetterVariables(
  facts: OfferFacts,
  setting: LetterSetting,
): FreedPlaceLetterVariables {
  const { timeZone } = setting;
  return {
    ...toLetterVariables(facts.patient, setting),
    ...toPlaceVariables(facts, setting),
    visitDate: formatLocalDate(facts.startsAt, timeZone),
    visitDateTime: formatLocalDateTime(facts.startsAt, timeZone),
    visitTypeName: facts.visitTypeName,
    beginTime: formatLocalTime(facts.startsAt, timeZone),
    finishTime: formatLocalTime(facts.endsAt, timeZone),
    visitLength: lengthInWords(facts.startsAt.until(facts.endsAt)),
    presentDateTime:
      facts.presentStartsAt === null ? '' : formatLocalDateTime(facts.presentStartsAt, timeZone),
    answerBy: facts.answerBy === null ? '' : formatLocalDateTime(facts.answerBy, timeZone),
  };
}
