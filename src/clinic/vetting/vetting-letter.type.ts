import type { Temporal } from '../../platform/time/index.js';

/** Topics about imaging requests that call for a letter. */
export const VETTING_TOPICS = {
  /** Subject: the telling; version: that of the request after the move of which it tells. */
  told: 'imaging-request.told',
  /** Subject: the request; version: how often the clinic has been told. A notice to the clinic. */
  overdue: 'imaging-request.overdue',
} as const;

/** What has become of a request, as its referrer is told. */
export type VettingNews = 'INFORMATION_ASKED' | 'REJECTED';

/**
 * What a referrer is told of an imaging request. `VettingLetterService.matter(tx, tellingId, version)` gives it; null once
 * it no longer holds: the request has moved on.
 */
export interface VettingTellingMatter {
  readonly requestId: string;
  readonly referralId: string;
  /** What staff find the referral by. */
  readonly reference: string;
  readonly news: VettingNews;
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly receivedOn: Temporal.PlainDate;
  readonly patientId: string;
  readonly patient: {
    readonly familyName: string;
    readonly givenName: string;
    readonly namePrefix: string | null;
    readonly dateOfBirth: Temporal.PlainDate;
  };
  readonly referrer: {
    /** In the directory; null: named on the referral only. */
    readonly referrerId: string | null;
    readonly name: string;
    readonly email: string | null;
  };
  /** What staff wrote: what is wanted, or why it was rejected. */
  readonly words: string;
  /** Lines of the address that it is posted to; empty: none is known. */
  readonly postTo: readonly string[];
  /** Of INFORMATION_ASKED: until when. */
  readonly answerBy: Temporal.PlainDate | null;
}

/** `VettingLetterService.overdueMatter(tx, requestId, version)`; null once it was decided or answered. */
export interface RequestOverdueMatter {
  readonly requestId: string;
  readonly referralId: string;
  /** What staff find the referral by. */
  readonly reference: string;
  readonly patientId: string;
  readonly dueOn: Temporal.PlainDate;
}
