import type {
  ContactPreference,
  LetterAbout,
  LetterKind,
  LetterStatus,
} from '../../platform/database/generated/enums.js';
import { HANDED_TO_STAFF_CODES, type SuppressedCode } from './letter.rules.js';

/** What is to be done with a letter that has come up. */
export type Verdict =
  | { readonly verdict: 'SEND'; readonly address: string }
  | { readonly verdict: 'SUPERSEDED'; readonly code: SupersededCode }
  | { readonly verdict: 'SUPPRESSED'; readonly code: SuppressedCode };

/** Why a newer letter, or none at all, takes the place of one: its appointment has changed, or something else has. */
export type SupersededCode = 'BOOKING_MOVED_ON' | 'MATTER_MOVED_ON';

/** Why it is not sent. */
export type Refused = Exclude<Verdict, { readonly verdict: 'SEND' }>;

export const SUPERSEDED: Refused = { verdict: 'SUPERSEDED', code: 'BOOKING_MOVED_ON' };

/** What it was about is closed, withdrawn or decided since. */
export const MOVED_ON: Refused = { verdict: 'SUPERSEDED', code: 'MATTER_MOVED_ON' };

export function supersededCode(aboutType: LetterAbout): SupersededCode {
  switch (aboutType) {
    case 'SCAN_BOOKING':
    case 'VISIT':
    case 'FREED_PLACE_OFFER':
      return 'BOOKING_MOVED_ON';
    case 'ENQUIRY':
    case 'CALL_BACK':
    case 'REFERRAL':
    case 'ADVICE_THREAD':
    case 'COMPLAINT':
    case 'SCAN_REPORT':
    case 'RISK_TASK':
    case 'TREATMENT':
    case 'MEETING':
    case 'CASE_DECISION':
    case 'LICENCE':
    case 'ENTITLEMENT':
    case 'INCIDENT':
    case 'DOSE_ORDER':
      return 'MATTER_MOVED_ON';
  }
}

export const suppressed = (code: SuppressedCode): Refused => ({ verdict: 'SUPPRESSED', code });

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

/** Mail between professionals goes by e-mail where there is an address; else it is printed and posted. */
export function channelForAddress(email: string | null): Verdict {
  return email === null ? suppressed('NO_EMAIL_ADDRESS') : { verdict: 'SEND', address: email };
}

/** Is it one of the clinic's own addresses? A letter to it would come in again, and be answered again. */
export function isOwnAddress(address: string, ownAddresses: readonly string[]): boolean {
  return ownAddresses.some((own) => own.toLowerCase() === address.trim().toLowerCase());
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
