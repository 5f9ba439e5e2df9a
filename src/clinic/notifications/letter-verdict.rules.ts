import type { ContactPreference, LetterKind, LetterStatus } from '../../platform/database/generated/enums.js';
import { HANDED_TO_STAFF_CODES, type SuppressedCode } from './letter.rules.js';

/** What is to be done with a letter that has come up. */
export type Verdict =
  | { readonly verdict: 'SEND'; readonly address: string }
  | { readonly verdict: 'SUPERSEDED'; readonly code: 'BOOKING_MOVED_ON' }
  | { readonly verdict: 'SUPPRESSED'; readonly code: SuppressedCode };

export const SUPERSEDED: Verdict = { verdict: 'SUPERSEDED', code: 'BOOKING_MOVED_ON' };

export const suppressed = (code: SuppressedCode): Verdict => ({ verdict: 'SUPPRESSED', code });

export interface Reachable {
  readonly email: string | null;
  readonly contactPreference: ContactPreference;
}

/**
 * E-mail is used when there is an address and the patient has not asked for post or a call. SMS has no driver yet:
 * who prefers it and has an address gets the e-mail, since a text message would point to it anyway.
 */
export function channelFor({ email, contactPreference }: Reachable): Verdict {
  switch (contactPreference) {
    case 'LETTER':
      return suppressed('PREFERS_POST');
    case 'TELEPHONE':
      return suppressed('PREFERS_TELEPHONE');
    case 'EMAIL':
    case 'SMS':
      return email === null ? suppressed('NO_EMAIL_ADDRESS') : { verdict: 'SEND', address: email };
  }
}

/** A letter about an earlier version of the same subject. */
export interface EarlierLetter {
  readonly kind: LetterKind;
  readonly subjectVersion: number;
  readonly status: LetterStatus;
  readonly outcomeCode: string | null;
}

/**
 * The last of them that the patient may have heard of; null when there is none. It counts when it left or may have
 * left; also when staff were told to post, to phone, or that a letter failed: then they have probably told the
 * patient, and a cancellation must follow.
 */
export function lastHeard<Letter extends EarlierLetter>(earlier: readonly Letter[]): Letter | null {
  const heard = earlier.filter(mayHaveReachedPatient);
  return heard.toSorted((a, b) => b.subjectVersion - a.subjectVersion)[0] ?? null;
}

function mayHaveReachedPatient({ status, outcomeCode }: EarlierLetter): boolean {
  switch (status) {
    case 'SENT':
    case 'SENDING':
    case 'AMBIGUOUS':
    case 'FAILED':
      return true;
    case 'SUPPRESSED':
      return outcomeCode !== null && HANDED_TO_STAFF_CODES.has(outcomeCode);
    case 'DUE':
    case 'CLAIMED':
    case 'SUPERSEDED':
      return false;
  }
}
