import type { LetterKind, Letter as LetterRow } from '../../platform/database/generated/client.js';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import type { LetterOpening } from './letter-opening.rules.js';
import type { EarlierLetter, Verdict } from './letter-verdict.rules.js';

/** What is told: a version of a subject, in a letter of one of some kinds. */
export interface Tidings<Kind extends LetterKind = LetterKind> {
  readonly kind: Kind;
  readonly subjectId: string;
  readonly subjectVersion: number;
}

/** A letter as it stands in the ledger, of one of some kinds. */
export type LetterAtHand<Kind extends LetterKind = LetterKind> = Tidings<Kind> &
  Pick<LetterRow, 'messageId' | 'createdAt'>;

/** A letter that may go, or why it does not. */
export type Written =
  | { readonly verdict: 'SEND'; readonly message: MailMessage }
  | Exclude<Verdict, { readonly verdict: 'SEND' }>;

/** What letters of some kinds are about: scans, visits, freed places, enquiries, referrals and so on. */
export interface LetterMatter<Kind extends LetterKind = LetterKind> {
  /** The kinds of letters that it knows. A kind belongs to one matter. */
  readonly kinds: readonly Kind[];

  /** Whom a letter is for; null when there is nothing to write about, or it is not for anybody of this kind. */
  opening(tidings: Tidings<Kind>): Promise<LetterOpening | null>;

  /** Reads the subject afresh, decides, and puts the letter into words. `earlier`: letters about its earlier versions. */
  write(
    letter: LetterAtHand<Kind>,
    earlier: readonly EarlierLetter[],
    now: Temporal.Instant,
  ): Promise<Written>;

  /** The letter as it would read now, whoever may get it: to print it. Null: there is nothing to be said any more. */
  wording(letter: LetterAtHand<Kind>, earlier: readonly EarlierLetter[]): Promise<MailMessage | null>;

  /** Lines of the address on the envelope, where it is known with what the letter is about. */
  postTo?(letter: LetterAtHand<Kind>): Promise<readonly string[]>;
}
