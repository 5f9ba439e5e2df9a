import type { ContactPreference } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Topics about enquiries that call for a letter. */
export const ENQUIRY_TOPICS = {
  /** Subject: the enquiry. An acknowledgement to whoever sent it, and a notice to the clinic. */
  received: 'enquiry.received',
  /** Subject: the message that staff wrote. */
  replied: 'enquiry.replied',
} as const;

/** Topics about red flags: the subject is the alert, the version the alert's. Notices to the clinic. */
export const RED_FLAG_TOPICS = {
  raised: 'red-flag.raised',
  overdue: 'red-flag.overdue',
} as const;

/** Who enquired, as they may be written to. */
export interface EnquirerFacts {
  /** As given; null: none was, or it does not look like a name. */
  readonly name: string | null;
  /** Null: none was given, or, for an acknowledgement, this address has had enough of them of late. */
  readonly email: string | null;
}

/**
 * What letters about an enquiry need to know of it, as it stands now. `EnquiryLetterService.matter(tx, enquiryId)`
 * gives it; null once nothing is to be said any more: spam, closed, converted.
 */
export interface EnquiryMatter {
  readonly enquiryId: string;
  /** As it is told to the enquirer. */
  readonly reference: string;
  readonly receivedAt: Temporal.Instant;
  /** Null until it was matched. */
  readonly patientId: string | null;
  readonly enquirer: EnquirerFacts;
  /** Null: none was told. */
  readonly preferredWay: ContactPreference | null;
  /** It was written by a machine (an out-of-office answer, a mailing list): it is never answered by one. */
  readonly isAutomatic: boolean;
  /** When the clinic rings or writes back at the latest, by its service level. */
  readonly answerBy: Temporal.Instant;
  /** A sign of danger was named, and its alert is open. */
  readonly hasRedFlag: boolean;
  /** What is said to everybody about emergencies: the text in force. */
  readonly emergencyAdvice: string;
  /** Message-ID of the e-mail that it came by, with its angle brackets; null: it came otherwise. */
  readonly emailMessageId: string | null;
}

/**
 * Message-ID of the acknowledgement, without its domain: an answer to it names it, and by it the enquiry. `version`: of the
 * message that called for it.
 */
export function acknowledgementName(enquiryId: string, version: number): string {
  return `acknowledgement-${enquiryId}-${version}`;
}

const ACKNOWLEDGEMENT = /^<acknowledgement-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,9}@/;

/** The enquiry that this Message-ID acknowledged; null: it is no acknowledgement of ours. */
export function acknowledgedEnquiry(emailMessageId: string): string | null {
  return ACKNOWLEDGEMENT.exec(emailMessageId)?.[1] ?? null;
}

/** A reply that staff wrote. `EnquiryLetterService.replyMatter(tx, messageId)`; null: it is not to be sent any more. */
export interface EnquiryReplyMatter {
  readonly enquiryId: string;
  readonly reference: string;
  readonly patientId: string | null;
  readonly enquirer: EnquirerFacts;
  /** What staff wrote. */
  readonly text: string;
  /** Message-ID that the thread keeps for this reply, with its angle brackets: an answer names it. */
  readonly emailMessageId: string;
  /** Message-IDs of the e-mails of the thread before it, oldest first: what it answers is the last. */
  readonly references: readonly string[];
  readonly emergencyAdvice: string;
}

/** An open alert. `EnquiryLetterService.alertMatter(tx, alertId, version)`; null once it is closed, or seen to otherwise. */
export interface RedFlagMatter {
  readonly about: { readonly type: 'ENQUIRY' | 'REFERRAL'; readonly id: string };
  readonly reference: string;
  readonly patientId: string | null;
  readonly raisedAt: Temporal.Instant;
}
