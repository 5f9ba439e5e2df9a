import type { LetterKind, Letter as LetterRow } from '../../platform/database/generated/client.js';
import type { MailMessage } from '../../platform/mail/index.js';
import type { Temporal } from '../../platform/time/index.js';
import type { EarlierLetter, Verdict } from './letter-verdict.rules.js';

/** A letter as it stands in the ledger, of one of some kinds. */
export type LetterAtHand<Kind extends LetterKind = LetterKind> = Pick<
  LetterRow,
  'subjectId' | 'subjectVersion' | 'messageId' | 'createdAt'
> & { readonly kind: Kind };

/** A letter that may go, or why it does not. */
export type Written =
  | { readonly verdict: 'SEND'; readonly message: MailMessage }
  | Exclude<Verdict, { readonly verdict: 'SEND' }>;

/** What letters of some kinds are about: scans, visits, freed places. */
export interface LetterMatter<Kind extends LetterKind> {
  /** Whom a letter about it is for; null when there is no such thing. */
  patientIdOf(subjectId: string): Promise<string | null>;

  /** Reads the subject afresh, decides, and puts the letter into words. `earlier`: letters about its earlier versions. */
  write(
    letter: LetterAtHand<Kind>,
    earlier: readonly EarlierLetter[],
    now: Temporal.Instant,
  ): Promise<Written>;
}
