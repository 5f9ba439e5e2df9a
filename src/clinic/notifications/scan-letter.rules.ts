import {
  type ContactPreference,
  LetterKind,
  LetterStatus,
  type ScanBookingStatus,
  type ScanCancelReason,
} from '../../platform/database/generated/enums.js';
import {
  formatLocalDate,
  formatLocalDateTime,
  formatLocalTime,
  Temporal,
} from '../../platform/time/index.js';
import { HANDED_TO_STAFF_CODES, type SuppressedCode } from './letter.rules.js';

/** The booking as it stands when the letter is about to be sent. */
export interface ScanFacts {
  readonly version: number;
  readonly status: ScanBookingStatus;
  readonly cancelReason: ScanCancelReason | null;
  readonly injectionStartsAt: Temporal.Instant;
  readonly injectionEndsAt: Temporal.Instant;
  readonly scanStartsAt: Temporal.Instant;
  readonly scanEndsAt: Temporal.Instant;
  readonly patient: {
    readonly familyName: string;
    readonly givenName: string;
    readonly namePrefix: string | null;
    readonly email: string | null;
    readonly contactPreference: ContactPreference;
  };
}

export interface LetterAtHand {
  readonly kind: LetterKind;
  readonly subjectVersion: number;
}

/** What is to be done with a letter that has come up. */
export type Verdict =
  | { readonly verdict: 'SEND'; readonly address: string }
  | { readonly verdict: 'SUPERSEDED'; readonly code: 'BOOKING_MOVED_ON' }
  | { readonly verdict: 'SUPPRESSED'; readonly code: SuppressedCode };

const suppressed = (code: SuppressedCode): Verdict => ({ verdict: 'SUPPRESSED', code });

/** The state of the booking that each kind of letter is about. */
const SPEAKS_OF: Record<LetterKind, ScanBookingStatus> = {
  SCAN_BOOKED: 'BOOKED',
  SCAN_MOVED: 'BOOKED',
  SCAN_CANCELLED: 'CANCELLED',
};

/**
 * Send it, or not, and why not. `announced`: has the patient heard of this booking, from us or from a member of
 * staff whom we asked to tell them?
 */
export function decideScanLetter(
  letter: LetterAtHand,
  facts: ScanFacts | null,
  announced: boolean,
  now: Temporal.Instant,
): Verdict {
  if (facts === null) return suppressed('NO_SUCH_BOOKING');
  if (facts.version !== letter.subjectVersion || facts.status !== SPEAKS_OF[letter.kind]) {
    return { verdict: 'SUPERSEDED', code: 'BOOKING_MOVED_ON' };
  }
  if (facts.cancelReason === 'PATIENT_DIED') return suppressed('PATIENT_DIED');
  if (letter.kind === 'SCAN_CANCELLED' && !announced) return suppressed('NEVER_ANNOUNCED');
  if (Temporal.Instant.compare(facts.injectionStartsAt, now) <= 0) return suppressed('VISIT_PASSED');
  return channelFor(facts.patient.email, facts.patient.contactPreference);
}

/**
 * E-mail is used when there is an address and the patient has not asked for post or a call. SMS has no driver yet:
 * who prefers it and has an address gets the e-mail, since a text message would point to it anyway.
 */
function channelFor(email: string | null, preference: ContactPreference): Verdict {
  switch (preference) {
    case 'LETTER':
      return suppressed('PREFERS_POST');
    case 'TELEPHONE':
      return suppressed('PREFERS_TELEPHONE');
    case 'EMAIL':
    case 'SMS':
      return email === null ? suppressed('NO_EMAIL_ADDRESS') : { verdict: 'SEND', address: email };
  }
}

export interface EarlierLetter {
  readonly status: LetterStatus;
  readonly outcomeCode: string | null;
}

/**
 * Has the patient heard of the booking? Yes when a letter left or may have left; also when staff were told to post,
 * to phone, or that a letter failed: then they have probably told the patient, and a cancellation must follow.
 */
export function wasAnnounced(earlier: readonly EarlierLetter[]): boolean {
  return earlier.some(mayHaveReachedPatient);
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

/** Everything that the templates may name. All of it is text for people. */
export interface ScanLetterVariables {
  readonly clinicName: string;
  readonly greetingName: string;
  /** Thursday 3 December 2026 */
  readonly visitDate: string;
  /** Thursday 3 December 2026 at 09:30 */
  readonly visitDateTime: string;
  readonly injectionTime: string;
  readonly scanTime: string;
  readonly finishTime: string;
  readonly injectionRoom: string;
  readonly camera: string;
  /** about 4 hours and 30 minutes */
  readonly visitLength: string;
  /** between the injection and the scan */
  readonly waitLength: string;
  /** Has an earlier letter about this visit left? */
  readonly announced: boolean;
  readonly reason: string;
  readonly wordingVersion: string;
}

export interface Places {
  readonly injectionRoom: string;
  readonly camera: string;
}

export interface Setting {
  readonly clinicName: string;
  readonly timeZone: string;
  readonly wordingVersion: string;
  readonly announced: boolean;
}

export function toScanLetterVariables(
  facts: ScanFacts,
  places: Places,
  setting: Setting,
): ScanLetterVariables {
  const { timeZone } = setting;
  return {
    clinicName: setting.clinicName,
    greetingName: greetingOf(facts.patient),
    visitDate: formatLocalDate(facts.injectionStartsAt, timeZone),
    visitDateTime: formatLocalDateTime(facts.injectionStartsAt, timeZone),
    injectionTime: formatLocalTime(facts.injectionStartsAt, timeZone),
    scanTime: formatLocalTime(facts.scanStartsAt, timeZone),
    finishTime: formatLocalTime(facts.scanEndsAt, timeZone),
    injectionRoom: places.injectionRoom,
    camera: places.camera,
    visitLength: lengthInWords(facts.injectionStartsAt.until(facts.scanEndsAt)),
    waitLength: lengthInWords(facts.injectionEndsAt.until(facts.scanStartsAt)),
    announced: setting.announced,
    reason: facts.cancelReason === null ? '' : CANCEL_REASONS[facts.cancelReason],
    wordingVersion: setting.wordingVersion,
  };
}

/** `Ms Ng` when there is a title, else the whole name. */
function greetingOf(patient: ScanFacts['patient']): string {
  return `${patient.namePrefix ?? patient.givenName} ${patient.familyName}`;
}

/** `2 hours and 30 minutes`. */
export function lengthInWords(length: Temporal.Duration): string {
  const { hours, minutes } = length.round({ largestUnit: 'hour', smallestUnit: 'minute' });
  const parts = [counted(hours, 'hour'), counted(minutes, 'minute')].filter((part) => part !== '');
  return parts.length === 0 ? '0 minutes' : parts.join(' and ');
}

function counted(count: number, noun: string): string {
  if (count === 0) return '';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What a patient is told of the reason. Nothing clinical, and nothing that lays blame. */
const CANCEL_REASONS: Record<ScanCancelReason, string> = {
  PATIENT_REQUEST: 'You asked us to cancel it.',
  PATIENT_ILL: 'You told us that you are unwell. We wish you a good recovery.',
  PATIENT_DIED: '',
  CLINICALLY_UNSUITABLE: 'Your clinical team will talk to you about what happens next.',
  EQUIPMENT_FAILURE: 'Our equipment cannot be used on that day. We are sorry for the inconvenience.',
  TRACER_UNAVAILABLE:
    'What we need for the scan cannot be delivered for that day. We are sorry for the inconvenience.',
  STAFF_UNAVAILABLE: 'We do not have the staff that we need on that day. We are sorry for the inconvenience.',
  BOOKED_IN_ERROR: 'It was booked by mistake. We are sorry for the confusion.',
  OTHER: '',
};
