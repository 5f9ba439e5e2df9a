import type {
  AuthorisationMode,
  BreastFeedingSaid,
  ImagingRequestStatus,
  PregnancySaid,
  ReferralPriority,
  RequestMobility,
  RequestReferrer,
  WeightSource,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { MissingItem } from './request-completeness.rules.js';

/** A practitioner's decision that stands. */
export interface StandingJustification {
  readonly id: string;
  /** The practitioner who answers for it: of one under a guideline, who issued the guideline. */
  readonly byId: string;
  readonly byName: string;
  readonly at: Temporal.Instant;
  /** Benefit, detriment and alternatives, as they are shown. */
  readonly text: string;
  readonly practitionerLicenceNumber: string | null;
  readonly siteCode: string;
}

/** That it may go ahead, as it stands. */
export interface StandingAuthorisation {
  readonly id: string;
  readonly byId: string;
  readonly byName: string;
  readonly at: Temporal.Instant;
  readonly mode: AuthorisationMode;
  /** Code and version of the guideline, such as BONE_SPECT v2; null: a practitioner authorised it. */
  readonly guideline: string | null;
}

/** Another examination with a radionuclide, as the referrer says. */
export interface SaidStudy {
  readonly what: string;
  /** Such as Tc-99m; null: not known. */
  readonly radionuclide: string | null;
  readonly performedOn: Temporal.PlainDate;
  readonly place: string | null;
}

/** Whether the referrer may refer for exposures, on the day of the request. */
export interface StandingReferrer {
  readonly kind: RequestReferrer;
  readonly name: string | null;
  readonly isEntitled: boolean;
  /** A sentence that says what to do when they are not. */
  readonly reason: string;
}

/** How the imaging request of a referral stands, for the gates of a booking. */
export interface VettingStanding {
  readonly requestId: string;
  readonly referralId: string;
  readonly state: ImagingRequestStatus;
  /** Judged afresh with what is known of the patient and the referrer now. */
  readonly isComplete: boolean;
  /** Sentences that say what to do; empty: nothing is missing. */
  readonly missing: readonly string[];
  readonly missingItems: readonly MissingItem[];
  /** As the practitioner decided; until then as it was asked for. */
  readonly procedureCode: string;
  readonly urgency: ReferralPriority;
  readonly requestedBy: { readonly id: string; readonly name: string };
  readonly requestedAt: Temporal.Instant;
  readonly requestedOn: Temporal.PlainDate;
  readonly patientBornOn: Temporal.PlainDate;
  readonly referrer: StandingReferrer;
  readonly justified: StandingJustification | null;
  readonly authorised: StandingAuthorisation | null;
  /** Whose licence counts on the day of administration; null: nobody has justified it. */
  readonly practitionerId: string | null;
  /** The last local day on which the authorisation holds; null: not authorised. */
  readonly authorisedUntil: Temporal.PlainDate | null;
  /** When the exposure took place that it was for; null: it has not. */
  readonly exposedAt: Temporal.Instant | null;
  /** When that was for another visit than the one that is asked about; null: it was not. A request is for one exposure. */
  readonly usedElsewhereAt: Temporal.Instant | null;
  readonly weightKg: number | null;
  readonly weightOn: Temporal.PlainDate | null;
  readonly weightSource: WeightSource | null;
  /** As the practitioner decided, in MBq; null: as the protocol says. */
  readonly activityMbq: number | null;
  readonly mobility: RequestMobility | null;
  readonly specialNeeds: string | null;
  /** As the referrer says. What counts for the injection is asked on the day. */
  readonly pregnancySaid: PregnancySaid | null;
  readonly breastFeedingSaid: BreastFeedingSaid | null;
  readonly recentStudies: readonly SaidStudy[];
  /** Why it has to be decided again; null: it has not been decided before. */
  readonly decideAgainReason: string | null;
  /** Why it ended; null: it has not. */
  readonly endReason: string | null;
}
