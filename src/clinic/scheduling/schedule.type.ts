import type { Tx } from '../../platform/database/database.service.js';
import type { ClockStart, ReferralPriority, ResourceKind } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { Chain } from './chain.rules.js';
import type { ResourceSpan, Span } from './free-span.rules.js';
import type { BookableWindow } from './lead-time.rules.js';

// What later rooms say and hear when they build a visit from free time. No GraphQL: they have their own doors.

export type { Chain, ChainStep as VisitStepPlan, Need } from './chain.rules.js';
export type { ChainOffer, ChainSearch, ClaimedSpan } from './chain-offer.rules.js';
export type { DiaryResource, MsSpan } from './diary.rules.js';
export type { FreeSpan, ResourceSpan, Span } from './free-span.rules.js';
export type { BookableWindow, LeadTimeDays } from './lead-time.rules.js';

/** A transaction, or the client outside one. */
export type Reader = Pick<Tx, '$queryRawUnsafe' | 'resource' | 'patientPresence'>;

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
  /** Sessions that are for other kinds of visit only are closed to this one; null or left out: every session counts. */
  readonly visitTypeCode?: string | null;
  /** Holds that end then or before do not count; left out: now. */
  readonly asOf?: Temporal.Instant;
}

export interface ClaimRequest {
  /** The visit that takes the spans. */
  readonly holderId: string;
  readonly spans: readonly ResourceSpan[];
  /** When it is taken: now. */
  readonly at: Temporal.Instant;
  /** Which kind of visit it is, for sessions that serve only some; null or left out: every session will do. */
  readonly visitTypeCode?: string | null;
}

/** A claim of resources, for good or until a moment. */
export interface SpansToClaim extends ClaimRequest {
  /** When the hold ends by itself; null or left out: taken for good. */
  readonly expiresAt?: Temporal.Instant | null;
}

/** A claim of resources and of the patient's time, all or nothing. */
export interface VisitClaim extends SpansToClaim {
  readonly expiresAt: Temporal.Instant | null;
  /** When the patient has to be there; spans that overlap or touch count as one. Null: nobody has to. */
  readonly presence: { readonly patientId: string; readonly spans: readonly Span[] } | null;
  readonly visitTypeCode: string | null;
}

/** Whose free time a search reads. */
export interface DiaryQuery {
  readonly chain: Chain;
  readonly visitTypeCode: string;
  readonly window: Span;
  /** The claims of this visit do not count: a visit that is moved never stands in its own way. */
  readonly ignoreHolderId?: string;
  /** Of each kind that is named here, only these resources; kinds that are not named stay open. */
  readonly wantedResourceIds?: readonly string[];
}

export interface PatientFreeOptions {
  readonly ignoreHolderId?: string;
  /** The way to the clinic or from it; kept free before and after every other visit. */
  readonly travelMinutes: number;
}

/** Whose lead time is asked for. */
export interface LeadTimeQuery {
  readonly visitType: string;
  /** Null: the policy for any priority. */
  readonly priority: ReferralPriority | null;
  readonly startedOn: Temporal.PlainDate;
}

/** What was promised to one patient. */
export interface LeadTimeClock {
  readonly startedOn: Temporal.PlainDate;
  /** The last day that keeps the promise. */
  readonly targetOn: Temporal.PlainDate;
  /** The last day before the promise counts as broken. */
  readonly breachOn: Temporal.PlainDate;
  /** The row that says so. */
  readonly policyId: string;
  /** What starts the clock by that row. */
  readonly clockStart: ClockStart;
}

export interface BookableTime extends BookableWindow {
  /** Midnight at which the last day before the breach is over. */
  readonly breachUntil: Temporal.Instant;
}
