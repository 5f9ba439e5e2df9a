import type {
  ContactPreference,
  VisitModality,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { VisitNews } from './visit-news.rules.js';

/** Topics about ordinary visits: the subject is the visit, the version the visit's. Scans have topics of their own. */
export const VISIT_TOPICS = {
  booked: 'visit.booked',
  moved: 'visit.moved',
  cancelled: 'visit.cancelled',
} as const satisfies Record<VisitNews, string>;

/** A notice to the clinic: the subject is the visit, the version grows with the moment at which the consent ended. */
export const VISIT_NOTICE_TOPICS = { consentWithdrawn: 'visit.consent-withdrawn' } as const;

/** `VisitConsentService.matter(client, visitId)`; null once it is over, or the patient has consented anew. */
export interface VisitConsentMatter {
  readonly visitId: string;
  readonly patientId: string;
  /** What staff find the visit by. */
  readonly reference: string;
  readonly startsAt: Temporal.Instant;
}

/** Topics about a place that fell free: the subject is the offer of it to one who waits, the version the offer's. */
export const FREED_PLACE_TOPICS = {
  offered: 'visit.freed-place-offered',
  gone: 'visit.freed-place-gone',
} as const;

/** Whom a letter is for. */
export interface LetterRecipient {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

/** Where somebody has to come. */
export interface LetterSite {
  readonly name: string;
  /** Empty: the clinic has one address, which its configuration knows. */
  readonly addressLines: readonly string[];
}

/** An earlier version of a visit, beside the visit as it stands. */
export interface VisitAsItWas {
  readonly startsAt: Temporal.Instant;
  /** It began at the same time and at the same site. */
  readonly beginsTheSame: boolean;
  /** And each step was at the same time: nothing has changed of what its patient is told. */
  readonly isToldTheSame: boolean;
}

/** What a letter about a visit needs to say, as it stands now. */
export interface VisitLetterFacts {
  readonly visitId: string;
  readonly version: number;
  readonly status: VisitStatus;
  readonly startsAt: Temporal.Instant;
  readonly visitTypeName: string;
  readonly modality: VisitModality;
  /** Those at which the patient is there, in order; at least one. */
  readonly attended: readonly {
    readonly name: string;
    readonly startsAt: Temporal.Instant;
    readonly endsAt: Temporal.Instant;
  }[];
  readonly cancelReasonCode: string | null;
  readonly bookedAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
  readonly patientId: string;
  readonly patient: LetterRecipient;
  readonly site: LetterSite;
  /** As it was, by the number of the version: those that were asked for and exist. */
  readonly was: ReadonlyMap<number, VisitAsItWas>;
}
