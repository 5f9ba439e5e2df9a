import type { ContactPreference } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Topics about referrals that call for a letter. */
export const REFERRAL_TOPICS = {
  /** Subject: the telling, which is to the referrer or to the patient. */
  told: 'referral.told',
  /** Subject: the referral. A notice to the clinic. */
  overdue: 'referral.overdue',
} as const;

/** What has become of a referral, as those who wait for it are told. */
export type ReferralNews =
  | 'INFORMATION_REQUESTED'
  | 'ACCEPTED'
  | 'REDIRECTED'
  | 'DECLINED'
  | 'RETURNED_WITH_ADVICE'
  | 'WITHDRAWN'
  | 'COMPLETED';

export interface ReferralLetterPatient {
  readonly familyName: string;
  readonly givenName: string;
  readonly namePrefix: string | null;
  readonly dateOfBirth: Temporal.PlainDate;
  /** Null: not known, or the letter is to go by post. */
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

export interface ReferralLetterReferrer {
  /** In the directory; null: named on the referral only. */
  readonly referrerId: string | null;
  readonly name: string;
  readonly organisation: string | null;
  /** Null: not known. */
  readonly email: string | null;
}

/**
 * What one party is told of a referral. `ReferralLetterService.matter(tx, tellingId, version)` gives it; null once it
 * no longer holds (the referral has moved on, or its patient has died).
 */
export interface ReferralTellingMatter {
  readonly referralId: string;
  /** What staff find it by. */
  readonly reference: string;
  readonly to: 'REFERRER' | 'PATIENT';
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly news: ReferralNews;
  /** Of ACCEPTED: an appointment at the clinic, or a scan first. */
  readonly isStraightToTest: boolean;
  readonly receivedOn: Temporal.PlainDate;
  readonly patientId: string;
  readonly patient: ReferralLetterPatient;
  /** Null: the patient referred themselves. */
  readonly referrer: ReferralLetterReferrer | null;
  /** What staff wrote for whoever is told: what is asked for, where it was sent on to, the advice, why. Null: nothing. */
  readonly words: string | null;
  /** Lines of the address that it is posted to when it goes by post; empty: none is known. */
  readonly postTo: readonly string[];
  /** Of INFORMATION_REQUESTED: until when. */
  readonly answerBy: Temporal.PlainDate | null;
}

/** `ReferralLetterService.overdueMatter(tx, referralId, version)`; null once it was decided. */
export interface ReferralOverdueMatter {
  readonly referralId: string;
  readonly reference: string;
  readonly patientId: string;
  readonly dueOn: Temporal.PlainDate;
}
