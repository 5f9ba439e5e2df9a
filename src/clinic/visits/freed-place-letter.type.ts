import type { FreedPlaceOfferStatus, VisitModality } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { LetterRecipient, LetterSite } from './visit-letter.type.js';

/** Topics of this room's own work with freed places: the subject is the place. */
export const FREED_PLACE_WORK = {
  /** It fell free, and its kind of visit is offered to those who wait without being asked. */
  freed: 'visit.place-freed',
  /** Somebody who was asked has said no: others are asked, unless they were at once. */
  declined: 'visit.freed-place-declined',
  /** A deadline has passed: of those who were asked, or of the place itself. */
  due: 'visit.freed-place-due',
} as const;

/** What a letter about the offer of a freed place needs to say, as it stands now. */
export interface FreedPlaceLetterFacts {
  readonly offerId: string;
  readonly version: number;
  /** SENT: it can still be answered, until `answerBy`. GONE: somebody else has it, or it is no longer to be had. */
  readonly status: FreedPlaceOfferStatus;
  readonly visitTypeName: string;
  readonly modality: VisitModality;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  /** When the appointment begins that they have and that stays until they say yes; null: they have none. */
  readonly presentStartsAt: Temporal.Instant | null;
  /** Null: nobody was asked. */
  readonly sentAt: Temporal.Instant | null;
  /** From this moment on it is too late to say yes. */
  readonly answerBy: Temporal.Instant | null;
  readonly siteCode: string;
  readonly site: LetterSite;
  readonly patientId: string;
  /** A visit of theirs was cancelled because they have died: nothing is sent. */
  readonly hasDied: boolean;
  readonly patient: LetterRecipient;
}
