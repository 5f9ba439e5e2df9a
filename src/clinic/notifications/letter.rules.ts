import type { LetterStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** Why a letter was not sent although it was due. Shown to staff; each says what is left to do. */
export type SuppressedCode =
  | 'NO_SUCH_BOOKING'
  | 'PATIENT_DIED'
  | 'NEVER_ANNOUNCED'
  | 'VISIT_PASSED'
  | 'ALREADY_TOLD'
  | 'ANSWER_TIME_PASSED'
  | 'PREFERS_POST'
  | 'PREFERS_TELEPHONE'
  | 'NO_EMAIL_ADDRESS'
  /** Staff have chosen post for it. */
  | 'TO_BE_POSTED'
  /** Whoever enquired is rung or written to in any case, and left no address or asked for that. */
  | 'ANSWERED_OTHERWISE'
  /** What came in was written by a machine. */
  | 'AUTOMATIC_MAIL'
  /** The address is one of the clinic's own: the letter would come in again. */
  | 'OWN_ADDRESS'
  /** Their entry in the directory of referrers is retired. */
  | 'RECIPIENT_RETIRED'
  /** Nobody at the clinic is named for notices. */
  | 'NO_CLINIC_ADDRESS';

/** Codes with which a letter was handed to a person: the patient still has to hear of it. */
export const HANDED_TO_STAFF_CODES: ReadonlySet<string> = new Set<SuppressedCode>([
  'PREFERS_POST',
  'PREFERS_TELEPHONE',
  'NO_EMAIL_ADDRESS',
  'TO_BE_POSTED',
]);

/** What a person may do with a letter: action → next state. What workers do is guarded in letter-delivery.service. */
export const LETTER_ACTIONS = {
  DUE: {},
  CLAIMED: {},
  SENDING: {},
  SENT: {},
  AMBIGUOUS: { resend: 'DUE' },
  FAILED: { resend: 'DUE' },
  SUPERSEDED: {},
  SUPPRESSED: { resend: 'DUE' },
} as const satisfies Record<LetterStatus, Readonly<Record<string, LetterStatus>>>;

/** The state after a person asks for a letter again; null when that cannot be asked. */
export function afterResend(status: LetterStatus): LetterStatus | null {
  const actions: Readonly<Record<string, LetterStatus>> = LETTER_ACTIONS[status];
  return actions.resend ?? null;
}

export function allowedActions(status: LetterStatus): readonly string[] {
  return Object.keys(LETTER_ACTIONS[status]);
}

/** States from which nothing follows by itself. */
export const SETTLED_STATUSES: readonly LetterStatus[] = [
  'SENT',
  'AMBIGUOUS',
  'FAILED',
  'SUPERSEDED',
  'SUPPRESSED',
];

/** How long a worker may hold a letter that it prepares: a few statements and a template, with room to spare. */
export const CLAIM_LEASE_MS = 30_000;

/** How long a worker may be sending. Longer than one sending takes at most (90 s), so that nobody calls it lost before. */
export const SENDING_LEASE_MS = 120_000;

/** Attempts at a letter that fails for the time being: with the back-off below, about fifteen hours. */
export const ATTEMPTS_MAX = 20;

/** A server that asks us to come back later (greylisting) means minutes. Doubled after each attempt … */
const BACK_OFF_FIRST_MS = 30_000;
/** … up to an hour: a letter should go out soon after the server is back. */
const BACK_OFF_MAX_MS = 3_600_000;

/** When a letter is tried again after so many attempts; null when that is enough. */
export function nextAttemptAt(attempts: number, now: Temporal.Instant): Temporal.Instant | null {
  if (attempts >= ATTEMPTS_MAX) return null;
  const doubled = BACK_OFF_FIRST_MS * 2 ** Math.max(attempts - 1, 0);
  return now.add({ milliseconds: Math.min(doubled, BACK_OFF_MAX_MS) });
}

export interface HeldLetter {
  readonly status: LetterStatus;
  readonly dueAt: Temporal.Instant;
  readonly claimedUntil: Temporal.Instant | null;
}

/** Why a letter could not be claimed: it is done with, it is not time yet, or its worker died while sending it. */
export type NotClaimed =
  | { readonly kind: 'SETTLED' }
  | { readonly kind: 'WAIT'; readonly until: Temporal.Instant }
  | { readonly kind: 'WORKER_LOST' };

export function whyNotClaimed(letter: HeldLetter, now: Temporal.Instant): NotClaimed {
  if (SETTLED_STATUSES.includes(letter.status)) return { kind: 'SETTLED' };
  const until = letter.claimedUntil ?? letter.dueAt;
  if (Temporal.Instant.compare(until, now) > 0) return { kind: 'WAIT', until };
  if (letter.status === 'SENDING') return { kind: 'WORKER_LOST' };
  // Free a moment ago and taken by another in between: look again at once.
  return { kind: 'WAIT', until: now };
}
