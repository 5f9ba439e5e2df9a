import {
  type GateCode,
  ScanBookingStatus,
  ScheduledStepStatus,
} from '../../platform/database/generated/enums.js';
import { formatDate, formatLocalDateTime, Temporal } from '../../platform/time/index.js';
import type { HiddenReason } from './worklist.rules.js';

export const ExplanationVerdict = {
  SEEN: 'SEEN',
  NOT_ASKED: 'NOT_ASKED',
  NOT_MATCHED: 'NOT_MATCHED',
  HIDDEN: 'HIDDEN',
  NOT_LET_IN: 'NOT_LET_IN',
} as const;
export type ExplanationVerdict = (typeof ExplanationVerdict)[keyof typeof ExplanationVerdict];

/** A step of the booking, and what of the scanner's profile keeps it from it. */
export interface StepStanding {
  readonly modality: string;
  readonly status: ScheduledStepStatus;
  readonly startsAt: Temporal.Instant;
  readonly hidden: HiddenReason | null;
  /** Of a step that a gate hides: what is to be done, in a sentence. */
  readonly closedBecause: string | null;
  readonly closedGate: GateCode | null;
}

export interface BookingStanding {
  readonly status: ScanBookingStatus;
  readonly cameraName: string;
  /** The scanner that stands at its camera; null: none. */
  readonly scannerAtCamera: { readonly id: string; readonly name: string } | null;
  readonly steps: readonly StepStanding[];
}

export interface AskingScanner {
  readonly id: string;
  readonly name: string;
  readonly isRetired: boolean;
  readonly ownItemsOnly: boolean;
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly timeZone: string;
}

/** Everything that keeps the booking from the scanner whatever is asked, in sentences; none when a step is offered. */
export function reasonsAgainst(booking: BookingStanding, scanner: AskingScanner): string[] {
  if (scanner.isRetired) return [`${scanner.name} is no longer connected to Facet.`];
  if (booking.status === ScanBookingStatus.CANCELLED)
    return ['The booking is cancelled, so no scanner is shown it.'];
  const other = booking.scannerAtCamera;
  if (other === null)
    return [`No scanner is connected at ${booking.cameraName}. Connect one, or move the booking.`];
  if (booking.steps.length === 0) {
    const over = wordsWhenOver(booking.status);
    if (over !== null) return [over];
    return [
      'The booking is live and has no entry on the worklist. Facet puts that right within the hour; if it stays so, tell whoever looks after Facet.',
    ];
  }
  if (booking.steps.some(({ hidden }) => hidden === null)) return [];
  const sentences = booking.steps.map((step) => sentenceOf(step, booking, scanner, booking.steps.length > 1));
  return [...new Set(sentences)];
}

function wordsWhenOver(status: ScanBookingStatus): string | null {
  if (status === ScanBookingStatus.COMPLETED) return 'The scan is done, so it is no longer offered.';
  if (status === ScanBookingStatus.UNCONFIRMED)
    return 'The scanner began this scan and never said how it ended. Say how it ended: complete or discontinue it by hand (completeScan, discontinueScan).';
  if (status === ScanBookingStatus.NO_SHOW)
    return 'It was said that the patient did not come. If that was a mistake, undo it on the visit (undoVisitStep).';
  if (status === ScanBookingStatus.DISCONTINUED)
    return 'The scan was broken off, so it is no longer offered.';
  return null;
}

function sentenceOf(
  { hidden, modality, status, startsAt, closedGate, closedBecause }: StepStanding,
  { cameraName, scannerAtCamera }: BookingStanding,
  scanner: AskingScanner,
  isOneOfSeveral: boolean,
): string {
  const step = isOneOfSeveral ? `The ${modality} step` : 'The booking';
  const at = formatLocalDateTime(startsAt, scanner.timeZone);
  switch (hidden) {
    case 'OTHER_SCANNER':
      return `The booking is on ${cameraName}, which is ${scannerAtCamera?.name ?? 'another scanner'}’s. ${scanner.name} is shown its own patients only. Look for it there, or move the booking.`;
    case 'GATE':
      return `The gate ${closedGate ?? ''} is closed, so no scanner is shown the patient. ${closedBecause ?? ''}`.trim();
    case 'STATUS':
      return `${step} ${STEP_WORDS[status]}, and the profile of ${scanner.name} hides such steps.`;
    case 'TOO_LONG_AGO':
      return `${step} is on ${at}. The profile of ${scanner.name} goes back ${days(scanner.daysBefore)}.`;
    case 'TOO_FAR_AHEAD':
      return `${step} is on ${at}. The profile of ${scanner.name} looks ahead ${days(scanner.daysAfter)}.`;
    case null:
      return '';
  }
}

const STEP_WORDS: Readonly<Record<ScheduledStepStatus, string>> = {
  SCHEDULED: 'is still to be done',
  STARTED: 'has been begun at the scanner',
  COMPLETED: 'is done',
  DISCONTINUED: 'was broken off',
};

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

/** What of a replayed query decides. */
export interface QueryStanding {
  readonly receivedAt: Temporal.Instant;
  readonly shown: boolean | null;
  /** Why it cannot be said whether it was shown; null: it can. */
  readonly unsaid: string | null;
  /** The first thing to do about it, if there is one. */
  readonly advice: string | null;
}

/** A query that was answered, held against the booking. */
export interface AnsweredQuery {
  readonly receivedAt: Temporal.Instant;
  /** DIMSE status of the last answer; null: the connection ended before it. */
  readonly status: number | null;
  readonly answerCount: number;
  /** Does the booking as it is now match? Null: what is kept of the query does not tell. */
  readonly isMatch: boolean | null;
}

/** Was the booking among the answers? Only what is certain is said; for the rest the reason why it is not. */
export function shownBy(
  { receivedAt, status, answerCount, isMatch }: AnsweredQuery,
  booking: {
    readonly bookedAt: Temporal.Instant;
    readonly changedAt: Temporal.Instant;
    readonly isOffered: boolean;
  },
): Pick<QueryStanding, 'shown' | 'unsaid'> {
  const not = { shown: false, unsaid: null };
  if (isBefore(receivedAt, booking.bookedAt)) return not;
  // Refused as a whole (PS3.4 §K.4.1.1.4: A900), or answered with nothing.
  if (answerCount === 0 && (status === 0 || status === NOT_UNDERSTOOD)) return not;
  if (isBefore(receivedAt, booking.changedAt))
    return { shown: null, unsaid: 'the booking was changed after it' };
  if (!booking.isOffered || isMatch === false) return not;
  const unsaid = status === 0 ? null : wordsOfBreak(status);
  if (unsaid !== null) return { shown: null, unsaid };
  return isMatch === null
    ? { shown: null, unsaid: 'what is kept of the query does not tell' }
    : { shown: true, unsaid: null };
}

const NOT_UNDERSTOOD = 0xa900;

/** Answers that may have ended before this booking's turn: nobody knows whether it was among them. */
function wordsOfBreak(status: number | null): string {
  if (status === null) return 'the connection ended before the answer was complete';
  if (status === 0xfe00) return 'it was cancelled at the console';
  if (status === 0xa700) return 'there were more answers than the scanner may be sent';
  if (status >= 0xc000 && status <= 0xcfff) return 'the worklist could not be read';
  return `it ended with the DICOM status ${status.toString(16).padStart(4, '0').toUpperCase()}`;
}

export interface Findings {
  readonly reasons: readonly string[];
  /** Newest first. */
  readonly queries: readonly QueryStanding[];
  /** When it last asked for its worklist, however long ago; null: never. */
  readonly lastAskedAt: Temporal.Instant | null;
  /** Turned away last: when, why and what to do; null: it was not. */
  readonly rejection: {
    readonly rejectedAt: Temporal.Instant;
    readonly reason: string;
    readonly advice: string;
  } | null;
  readonly bookedAt: Temporal.Instant;
}

/** The first of the steps to the console at which it fails. */
export function verdictOf({
  reasons,
  queries,
  lastAskedAt,
  rejection,
  bookedAt,
}: Findings): ExplanationVerdict {
  if (reasons.length > 0) return ExplanationVerdict.HIDDEN;
  if (queries.some(({ shown }) => shown === true)) return ExplanationVerdict.SEEN;
  if (rejection !== null && (lastAskedAt === null || isBefore(lastAskedAt, rejection.rejectedAt)))
    return ExplanationVerdict.NOT_LET_IN;
  const since = queries.filter(({ receivedAt }) => !isBefore(receivedAt, bookedAt));
  return since.length === 0 ? ExplanationVerdict.NOT_ASKED : ExplanationVerdict.NOT_MATCHED;
}

/** The verdict in a sentence or two that somebody at the desk can act on. */
export function summaryOf(
  verdict: ExplanationVerdict,
  findings: Findings,
  { name, timeZone }: Pick<AskingScanner, 'name' | 'timeZone'>,
): string {
  const { reasons, queries, lastAskedAt, rejection, bookedAt } = findings;
  switch (verdict) {
    case ExplanationVerdict.HIDDEN:
      return reasons.join(' ');
    case ExplanationVerdict.SEEN: {
      const shown = queries.find((query) => query.shown === true);
      const at = shown === undefined ? '' : ` on ${formatLocalDateTime(shown.receivedAt, timeZone)}`;
      return `${name} was shown this booking${at}. If it is not on the screen, have the console ask again and look at its own filters.`;
    }
    case ExplanationVerdict.NOT_LET_IN:
      return `${name} called and was turned away: ${rejection?.reason ?? ''} ${rejection?.advice ?? ''}`.trim();
    case ExplanationVerdict.NOT_ASKED: {
      const check = 'Check at the console that its worklist query is switched on, and its network.';
      if (lastAskedAt === null) return `${name} has never asked for its worklist. ${check}`;
      const at = formatLocalDateTime(lastAskedAt, timeZone);
      return isBefore(lastAskedAt, bookedAt)
        ? `${name} has not asked since this booking was made; it last asked on ${at}. Have the console ask again. ${check}`
        : `${name} has not asked since ${at}. ${check}`;
    }
    case ExplanationVerdict.NOT_MATCHED: {
      const since = queries.filter(({ receivedAt }) => !isBefore(receivedAt, bookedAt));
      const [newest] = since;
      if (newest !== undefined && since.every(({ shown }) => shown === null))
        return `Whether ${name} was shown this booking cannot be said: ${newest.unsaid ?? 'what is kept of the query does not tell'}. Have the console ask again. ${newest.advice ?? 'See what its queries asked for below.'}`;
      const advice = since.find(({ advice: told, shown }) => told !== null && shown === false)?.advice;
      return `${name} asked, but for something else. ${advice ?? 'See what its queries asked for below.'}`;
    }
  }
}

/** `20261203`, `20261203-20261205` or `20261203-` in words. */
export function daysInWords(asked: string): string {
  return rangeInWords(asked, (day) => {
    const digits = day.replaceAll('.', '');
    const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
    return /^\d{4}-\d{2}-\d{2}$/.test(iso) ? formatDate(Temporal.PlainDate.from(iso)) : day;
  });
}

/** `0930` or `0900-1200` in words. */
export function timesInWords(asked: string): string {
  return rangeInWords(asked, (time) => {
    const digits = time.replaceAll(':', '');
    return /^\d{4}/.test(digits) ? `${digits.slice(0, 2)}:${digits.slice(2, 4)}` : `${digits.slice(0, 2)}:00`;
  });
}

function rangeInWords(asked: string, word: (text: string) => string): string {
  const [from = '', until] = asked.split('-').map((part) => part.trim());
  if (until === undefined) return word(from);
  if (from === '') return `until ${word(until)}`;
  return until === '' ? `from ${word(from)} on` : `${word(from)} to ${word(until)}`;
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}
