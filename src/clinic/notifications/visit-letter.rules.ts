import type { LetterKind, VisitStatus } from '../../platform/database/generated/enums.js';
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
  type Reachable,
  SUPERSEDED,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  lengthInWords,
  type NamedPerson,
  type PlaceFacts,
  type PlaceVariables,
  toLetterVariables,
  toPlaceVariables,
} from './letter-words.rules.js';

export type VisitLetterKind = Extract<LetterKind, 'VISIT_BOOKED' | 'VISIT_MOVED' | 'VISIT_CANCELLED'>;

interface AttendedStep {
  readonly name: string;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** The visit as it stands when the letter is about to be sent, beside what it was when letters were written. */
export interface VisitFacts extends PlaceFacts {
  readonly status: VisitStatus;
  readonly startsAt: Temporal.Instant;
  readonly visitTypeName: string;
  /** The steps at which the patient is there, in order. */
  readonly attended: readonly AttendedStep[];
  readonly cancelReasonCode: string | null;
  readonly patient: NamedPerson & Reachable;
  /** By the number of the version. */
  readonly was: ReadonlyMap<number, VisitAsItWas>;
}

export interface VisitAsItWas {
  readonly startsAt: Temporal.Instant;
  readonly beginsTheSame: boolean;
  readonly isToldTheSame: boolean;
}

/** The reason for which nobody is written to. */
const PATIENT_DIED = 'PATIENT_DIED';

/** The state of the visit that each kind of letter is about. */
const SPEAKS_OF: Record<VisitLetterKind, VisitStatus> = {
  VISIT_BOOKED: 'BOOKED',
  VISIT_MOVED: 'BOOKED',
  VISIT_CANCELLED: 'CANCELLED',
};

/**
 * Send it, or not, and why not. A visit's version also rises when nothing is news to the patient (a step slips,
 * another room), so a letter is overtaken only when the visit it speaks of begins at another time or site, or stands
 * otherwise. What was moved and moved back before anybody heard of it is told to nobody.
 */
export function decideVisitLetter(
  letter: { readonly kind: VisitLetterKind; readonly subjectVersion: number },
  facts: VisitFacts | null,
  earlier: readonly EarlierLetter[],
  now: Temporal.Instant,
): Verdict {
  if (facts === null) return suppressed('NO_SUCH_BOOKING');
  const meant = facts.was.get(letter.subjectVersion);
  if (facts.status !== SPEAKS_OF[letter.kind] || !meant?.beginsTheSame) return SUPERSEDED;
  if (facts.cancelReasonCode === PATIENT_DIED) return suppressed('PATIENT_DIED');
  const heard = lastHeard(earlier);
  if (letter.kind === 'VISIT_CANCELLED' && heard === null) return suppressed('NEVER_ANNOUNCED');
  if (heard !== null && hasSaidIt(heard, facts)) return suppressed('ALREADY_TOLD');
  if (Temporal.Instant.compare(toldStart(letter.kind, facts, heard), now) <= 0)
    return suppressed('VISIT_PASSED');
  return channelFor(facts.patient);
}

/** It left for certain, or was handed to staff as a task of theirs, and said what this one would say. */
function hasSaidIt(heard: EarlierLetter, facts: VisitFacts): boolean {
  if (heard.status !== 'SENT' && heard.status !== 'SUPPRESSED') return false;
  const wasCancelled = heard.kind === 'VISIT_CANCELLED';
  if (facts.status === 'CANCELLED') return wasCancelled;
  return !wasCancelled && facts.was.get(heard.subjectVersion)?.isToldTheSame === true;
}

/** The time that a letter speaks of: of a cancellation, the one that the patient knows, which may never have moved for them. */
function toldStart(kind: VisitLetterKind, facts: VisitFacts, heard: EarlierLetter | null): Temporal.Instant {
  const known = heard === null ? undefined : facts.was.get(heard.subjectVersion);
  if (kind === 'VISIT_CANCELLED' && known !== undefined) return known.startsAt;
  return facts.attended[0]?.startsAt ?? facts.startsAt;
}

/** One line of the course of a visit. */
export interface VisitPart {
  readonly time: string;
  readonly name: string;
  /** How long one waits after it; empty: the next follows at once. */
  readonly wait: string;
}

/** Everything that the templates may name. All of it is text for people. */
export interface VisitLetterVariables extends LetterVariables, PlaceVariables {
  /** Monday 30 March 2026 */
  readonly visitDate: string;
  /** Monday 30 March 2026 at 09:30 */
  readonly visitDateTime: string;
  readonly visitTypeName: string;
  readonly beginTime: string;
  readonly finishTime: string;
  /** 1 hour and 30 minutes */
  readonly visitLength: string;
  /** Empty unless there are several. */
  readonly parts: readonly VisitPart[];
  /** Has an earlier letter left that says that there is this visit? */
  readonly announced: boolean;
  readonly reason: string;
}

export function toVisitLetterVariables(
  kind: VisitLetterKind,
  facts: VisitFacts,
  earlier: readonly EarlierLetter[],
  setting: LetterSetting,
): VisitLetterVariables {
  const { timeZone } = setting;
  const heard = lastHeard(earlier);
  const told = toldStart(kind, facts, heard);
  const { beginsAt, finishesAt } = timeOf(facts);
  return {
    ...toLetterVariables(facts.patient, setting),
    ...toPlaceVariables(facts, setting),
    visitDate: formatLocalDate(told, timeZone),
    visitDateTime: formatLocalDateTime(told, timeZone),
    visitTypeName: facts.visitTypeName,
    beginTime: formatLocalTime(beginsAt, timeZone),
    finishTime: formatLocalTime(finishesAt, timeZone),
    visitLength: lengthInWords(beginsAt.until(finishesAt)),
    parts:
      facts.attended.length > 1
        ? facts.attended.map((step, index) => toPart(step, facts.attended[index + 1], timeZone))
        : [],
    announced: heard !== null && heard.kind !== 'VISIT_CANCELLED',
    reason: cancelReasonInWords(facts.cancelReasonCode),
  };
}

/** From when to when the patient is there, or is spoken to. */
export function timeOf(facts: Pick<VisitFacts, 'startsAt' | 'attended'>): {
  readonly beginsAt: Temporal.Instant;
  readonly finishesAt: Temporal.Instant;
} {
  const beginsAt = facts.attended[0]?.startsAt ?? facts.startsAt;
  return { beginsAt, finishesAt: facts.attended.at(-1)?.endsAt ?? beginsAt };
}

function toPart(step: AttendedStep, next: AttendedStep | undefined, timeZone: string): VisitPart {
  const waits = next !== undefined && Temporal.Instant.compare(step.endsAt, next.startsAt) < 0;
  return {
    time: formatLocalTime(step.startsAt, timeZone),
    name: step.name,
    wait: waits ? lengthInWords(step.endsAt.until(next.startsAt)) : '',
  };
}

/**
 * What a patient is told of the reasons that the clinic starts with; of one that it has added, nothing. Nothing
 * clinical, and nothing that lays blame.
 */
const CANCEL_REASONS: Readonly<Record<string, string>> = {
  PATIENT_UNWELL: 'You told us that you are unwell. We wish you a good recovery.',
  PATIENT_CANNOT_COME: 'You told us that you cannot come then.',
  PATIENT_DECLINED: 'You told us that you do not need it any more.',
  STAFF_ABSENT: 'We do not have the staff that we need on that day. We are sorry for the inconvenience.',
  EQUIPMENT_FAILED: 'Our equipment cannot be used on that day. We are sorry for the inconvenience.',
  NO_TRACER: 'What we need for it cannot be delivered for that day. We are sorry for the inconvenience.',
  CLINICALLY_NOT_NEEDED: 'Your clinical team will talk to you about what happens next.',
  BOOKED_IN_ERROR: 'It was booked by mistake. We are sorry for the confusion.',
};

/** Empty: the letter gives no reason. */
function cancelReasonInWords(code: string | null): string {
  return code === null ? '' : (CANCEL_REASONS[code] ?? '');
}
