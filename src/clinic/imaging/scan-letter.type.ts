import type { ContactPreference, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { ScanCancelReason } from './scan-cancel-reason.rules.js';

/** Topics that imaging posts: the subject is the booking, the version the booking's. */
export const SCAN_TOPICS = {
  booked: 'scan.booked',
  moved: 'scan.moved',
  cancelled: 'scan.cancelled',
} as const;
export type ScanTopic = (typeof SCAN_TOPICS)[keyof typeof SCAN_TOPICS];

/**
 * Topics of notices to the clinic about a scan: the subject is the booking, the version how often consent to it has been
 * withdrawn by then.
 */
export const SCAN_NOTICE_TOPICS = { consentWithdrawn: 'scan.consent-withdrawn' } as const;

/** A booked scan whose patient no longer consents, for the clinic to see to. */
export interface ConsentWithdrawnMatter {
  readonly bookingId: string;
  readonly patientId: string;
  readonly accessionNumber: string;
  readonly withdrawnAt: Temporal.Instant;
}

/** What a letter about a booking needs to say, as it stands now. */
export interface ScanLetterFacts {
  readonly bookingId: string;
  readonly version: number;
  readonly status: ScanBookingStatus;
  readonly bookedAt: Temporal.Instant;
  readonly changedAt: Temporal.Instant;
  readonly injectionStartsAt: Temporal.Instant;
  readonly injectionEndsAt: Temporal.Instant;
  readonly scanStartsAt: Temporal.Instant;
  readonly scanEndsAt: Temporal.Instant;
  readonly procedureName: string;
  readonly cancelReason: ScanCancelReason | null;
  readonly patientId: string;
  readonly patient: {
    readonly familyName: string;
    readonly givenName: string;
    readonly namePrefix: string | null;
    readonly email: string | null;
    readonly contactPreference: ContactPreference;
  };
  /** Earlier versions of the booking in which its patient was told what holds now: the same times and places. */
  readonly toldTheSame: ReadonlySet<number>;
  readonly places: { readonly injectionRoom: string; readonly camera: string };
}
