import type { Temporal } from '../time/index.js';

/** Somebody's address, and the name that is written with it. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** A letter, ready to go. */
export interface MailMessage {
  /** RFC 5322 Message-ID with its angle brackets; the same for every attempt at the same letter. */
  readonly messageId: string;
  /** What kind of letter it is, such as `scan-booked`: only for the name of a captured file. */
  readonly name: string;
  /** When the letter was written down as due: only for the name of a captured file. */
  readonly writtenAt: Temporal.Instant;
  readonly to: Mailbox;
  /** Further recipients of the same message, who see one another. */
  readonly alsoTo?: readonly Mailbox[];
  /** Where answers go; none: to the sender. */
  readonly replyTo?: string;
  /** Message-IDs, with their angle brackets, of the e-mails before it in its thread, oldest first: it answers the last. */
  readonly references?: readonly string[];
  /** Who wrote it (RFC 3834): this program by itself (unless said otherwise), this program in answer to an e-mail, or a person. */
  readonly writtenBy?: 'PROGRAM' | 'PROGRAM_IN_ANSWER' | 'PERSON';
  /** To be read before others. */
  readonly isUrgent?: boolean;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47 tag of the language it is written in. */
  readonly language: string;
  readonly calendar?: MailCalendar;
}

/** An iCalendar object. It is sent twice, as clients expect: as a part that they act on and as a file. */
export interface MailCalendar {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
  readonly fileName: string;
}

/** Of several recipients the server took the message for some, and refused others. */
export const SOME_REFUSED = 'SOME_ADDRESSES_REFUSED';

/**
 * What came of one attempt. `code` is short and safe to keep and to log: never a server's own words, which may
 * quote an address.
 *
 * - `accepted`: the server has taken it; with a code when not for all of several recipients.
 * - `transient`: it was certainly not taken; try again later.
 * - `permanent`: it was certainly not taken, and never will be.
 * - `ambiguous`: the connection was lost after the message had begun to go out. It may have been taken; only a
 *   person may decide to send it again.
 */
export type MailOutcome =
  | { readonly kind: 'accepted'; readonly code?: typeof SOME_REFUSED }
  | { readonly kind: 'transient' | 'permanent' | 'ambiguous'; readonly code: string };

/** Where letters leave the building. */
export abstract class Mail {
  /** May a message whose fate is unknown be sent again without harm? True where a repeat replaces the first. */
  abstract readonly repeatIsHarmless: boolean;

  /** One attempt, at most 90 s. Failures are values; it throws only for a fault of ours. */
  abstract send(message: MailMessage): Promise<MailOutcome>;

  abstract close(): Promise<void>;
}
