import type {
  ContactPreference,
  EnquiryChannel,
  EnquirySpamReason,
  EnquiryTime,
  HeardOfUs,
  PainArea,
  RedFlagReply,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** What somebody told of themselves, however they came. */
export interface EnquirerEntry {
  readonly name?: string | null;
  /** YYYY-MM-DD. */
  readonly dateOfBirth?: string | null;
  readonly nhsNumber?: string | null;
  /** As it was written or shown by the telephone; kept also when it is no number. */
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly preferredWay?: ContactPreference | null;
  readonly bestTimes?: readonly EnquiryTime[] | null;
  readonly bestTimesText?: string | null;
  readonly safeToLeaveMessage?: SafeToLeaveMessage | null;
  readonly painAreas?: readonly PainArea[] | null;
  readonly painAreaOther?: string | null;
  readonly heardOfUs?: HeardOfUs | null;
  readonly heardOfUsText?: string | null;
}

/** What came with it, when it came as an e-mail. */
export interface EnquiryMail {
  readonly subject: string | null;
  /** Message-ID, with its angle brackets: one e-mail is taken in once. */
  readonly emailMessageId: string | null;
  readonly inReplyTo: string | null;
}

/** A wording that was agreed to or read, and when; `byId`: who read it out, null: they did it themselves. */
export interface WordingSeen {
  readonly wordingId: string;
  readonly at: Temporal.Instant;
  readonly byId: string | null;
}

export interface RedFlagAnswerEntry {
  readonly code: string;
  readonly answer: RedFlagReply;
}

/** All questions of a questionnaire with their answers, or why nobody was asked. */
export type RedFlagsEntry =
  | { readonly questionnaireId: string; readonly answers: readonly RedFlagAnswerEntry[] }
  | { readonly notAskedWhy: string };

/** An enquiry as it comes in, by whichever door. Judged by its door; `receiveIn` keeps what it is given. */
export interface EnquiryEntry extends EnquirerEntry {
  readonly channel: EnquiryChannel;
  /** When it came; now when left out. */
  readonly receivedAt?: Temporal.Instant;
  /** What was told, as plain text; null: nothing in words. */
  readonly message?: string | null;
  readonly mail?: EnquiryMail | null;
  /** Documents that are stored already. */
  readonly documentIds?: readonly string[];
  readonly redFlags: RedFlagsEntry;
  /** Null: not shown yet. */
  readonly privacyNotice?: WordingSeen | null;
  /** Null: no news is sent. */
  readonly marketing?: WordingSeen | null;
  readonly spamReason?: EnquirySpamReason | null;
  /** Written by a machine: it is never answered by one. */
  readonly isAutomatic?: boolean;
  /** Evidence of the tick in the website's form. */
  readonly form?: {
    readonly submissionKey: string;
    readonly shownAt: Temporal.Instant;
    readonly address: string | null;
    readonly userAgent: string | null;
  } | null;
}
