import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { ResourceSpan, Span } from './free-span.rules.js';
import type { VisitChain } from './visit-chain.rules.js';
import type { VisitOffer } from './visit-offer.rules.js';
import type { WhyNone } from './why-no-offer.rules.js';

// What later rooms say and hear when they build a visit from free time. No GraphQL: they have their own doors.

export type { FreeSpan, ResourceSpan, Span } from './free-span.rules.js';
export type { BookableWindow, LeadTimeDays } from './lead-time.rules.js';
export type { ChainStep, ChainWait, VisitChain } from './visit-chain.rules.js';
export type { OfferedResource, OfferedStep, VisitOffer } from './visit-offer.rules.js';
export type { WhyNone } from './why-no-offer.rules.js';

/** A transaction, or the client outside one. */
export type Reader = Pick<Tx, '$queryRawUnsafe' | 'resource'>;

/** Which free time is asked for. Lists that are left out stand for "all". */
export interface FreeSpanQuery {
  /** Half-open; spans are cut at both ends. */
  readonly window: Span;
  readonly kinds?: readonly ResourceKind[];
  readonly resourceIds?: readonly string[];
  /** Of each kind that is named here, only these resources; kinds that are not named stay open. */
  readonly wantedResourceIds?: readonly string[];
  /** Claims of this holder do not count: a visit that is moved never stands in its own way. */
  readonly ignoreHolderId?: string;
}

/** What a caller would like. Everything left out does not matter. */
export interface Wanted {
  /** Of each kind that is named here, only these resources. */
  readonly resourceIds?: readonly string[];
  /** First and last local date, `YYYY-MM-DD`. */
  readonly onOrAfter?: string;
  readonly onOrBefore?: string;
  /** The whole visit lies between these times on the wall, `HH:MM`. */
  readonly localTimeFrom?: string;
  readonly localTimeUntil?: string;
}

export interface VisitOfferQuery {
  readonly chain: VisitChain;
  /** `from` and `until` are where the whole visit must lie; the promise is kept before `targetUntil`. */
  readonly window: {
    readonly from: Temporal.Instant;
    readonly until: Temporal.Instant;
    readonly targetUntil: Temporal.Instant;
  };
  readonly limit: number;
  readonly ignoreHolderId?: string;
  readonly wanted?: Wanted;
}

/** The possible visits, best first; when there is none, `whyNone` says what stands in the way. */
export interface VisitOffers {
  readonly offers: readonly VisitOffer[];
  readonly whyNone: WhyNone | null;
}

export interface ClaimRequest {
  /** The visit that takes the spans. */
  readonly holderId: string;
  readonly spans: readonly ResourceSpan[];
  /** When it is taken: now. */
  readonly at: Temporal.Instant;
}
