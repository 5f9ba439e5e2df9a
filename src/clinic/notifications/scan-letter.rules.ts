import type {
  ContactPreference,
  LetterKind,
  ScanBookingStatus,
} from '../../platform/database/generated/enums.js';
import {
  formatLocalDate,
  formatLocalDateTime,
  formatLocalTime,
  Temporal,
} from '../../platform/time/index.js';
import {
  channelFor,
  type EarlierLetter,
  lastHeard,
  SUPERSEDED,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  lengthInWords,
  toLetterVariables,
} from './letter-words.rules.js';

export type ScanLetterKind = Extract<LetterKind, 'SCAN_BOOKED' | 'SCAN_MOVED' | 'SCAN_CANCELLED'>;

/** Why a scan is cancelled, in imaging's words. */
type ScanReason =
  | 'PATIENT_REQUEST'
  | 'PATIENT_ILL'
  | 'PATIENT_DIED'
  | 'CLINICALLY_UNSUITABLE'
  | 'EQUIPMENT_FAILURE'
  | 'TRACER_UNAVAILABLE'
  | 'STAFF_UNAVAILABLE'
  | 'BOOKED_IN_ERROR'
  | 'OTHER';

/** The booking as it stands when the letter is about to be sent. */
export interface ScanFacts {
  readonly version: number;
  readonly status: ScanBookingStatus;
  readonly cancelReason: ScanReason | null;
  /** Earlier versions in which the patient was told what holds now. */
  readonly toldTheSame: ReadonlySet<number>;
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

/** The state of the booking that each kind of letter is about. */
const SPEAKS_OF: Record<ScanLetterKind, ScanBookingStatus> = {
  SCAN_BOOKED: 'BOOKED',
  SCAN_MOVED: 'BOOKED',
  SCAN_CANCELLED: 'CANCELLED',
};

/**
 * Send it, or not, and why not. A letter is overtaken only when the booking has another time or place than the letter
 * speaks of, or stands otherwise. What was moved and moved back before anybody heard of it is told to nobody.
 */
export function decideScanLetter(
  letter: { readonly kind: ScanLetterKind; readonly subjectVersion: number },
  facts: ScanFacts | null,
  earlier: readonly EarlierLetter[],
  now: Temporal.Instant,
): Verdict {
  if (facts === null) return suppressed('NO_SUCH_BOOKING');
  if (facts.status !== SPEAKS_OF[letter.kind] || !holdsStill(letter.subjectVersion, facts)) return SUPERSEDED;
  if (facts.cancelReason === 'PATIENT_DIED') return suppressed('PATIENT_DIED');
  const heard = lastHeard(earlier);
  if (letter.kind === 'SCAN_CANCELLED' && heard === null) return suppressed('NEVER_ANNOUNCED');
  if (heard !== null && hasSaidIt(heard, facts)) return suppressed('ALREADY_TOLD');
  if (Temporal.Instant.compare(facts.injectionStartsAt, now) <= 0) return suppressed('VISIT_PASSED');
  return channelFor(facts.patient);
}

/** Is what was told of this version what holds now? */
function holdsStill(version: number, facts: ScanFacts): boolean {
  return version === facts.version || facts.toldTheSame.has(version);
}

/** It left for certain, or was handed to staff as a task of theirs, and said what this one would say. */
function hasSaidIt(heard: EarlierLetter, facts: ScanFacts): boolean {
  if (heard.status !== 'SENT' && heard.status !== 'SUPPRESSED') return false;
  const wasCancelled = heard.kind === 'SCAN_CANCELLED';
  if (facts.status === 'CANCELLED') return wasCancelled;
  return !wasCancelled && holdsStill(heard.subjectVersion, facts);
}

/** Everything that the templates may name. All of it is text for people. */
export interface ScanLetterVariables extends LetterVariables {
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
}

export interface Places {
  readonly injectionRoom: string;
  readonly camera: string;
}

export function toScanLetterVariables(
  facts: ScanFacts,
  places: Places,
  setting: LetterSetting,
  announced: boolean,
): ScanLetterVariables {
  const { timeZone } = setting;
  return {
    ...toLetterVariables(facts.patient, setting),
    visitDate: formatLocalDate(facts.injectionStartsAt, timeZone),
    visitDateTime: formatLocalDateTime(facts.injectionStartsAt, timeZone),
    injectionTime: formatLocalTime(facts.injectionStartsAt, timeZone),
    scanTime: formatLocalTime(facts.scanStartsAt, timeZone),
    finishTime: formatLocalTime(facts.scanEndsAt, timeZone),
    injectionRoom: places.injectionRoom,
    camera: places.camera,
    visitLength: lengthInWords(facts.injectionStartsAt.until(facts.scanEndsAt)),
    waitLength: lengthInWords(facts.injectionEndsAt.until(facts.scanStartsAt)),
    announced,
    reason: facts.cancelReason === null ? '' : CANCEL_REASONS[facts.cancelReason],
  };
}

/** What a patient is told of the reason. Nothing clinical, and nothing that lays blame. */
const CANCEL_REASONS: Record<ScanReason, string> = {
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
