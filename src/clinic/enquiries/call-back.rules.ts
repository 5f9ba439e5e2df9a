import {
  CallBackAttemptOutcome,
  type CallBackLetter,
  CallBackOutcome,
  CallBackStatus,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  CallBackAction,
  CallBackClaimedByOther,
  CallBackNotOpen,
  MessageNotSafe,
} from './call-back.refusals.js';
import type { ServiceLevel } from './call-back-times.rules.js';

/** What can be done with a call-back, and where it may lead. */
const ACTIONS = {
  WAITING: {
    CLAIM: ['WAITING'],
    RELEASE: ['WAITING'],
    GIVE_NUMBER: ['WAITING'],
    RECORD_ATTEMPT: ['WAITING', 'REACHED'],
    CLOSE: ['CLOSED'],
  },
  REACHED: {
    CLAIM: ['REACHED'],
    RELEASE: ['REACHED'],
    GIVE_NUMBER: ['REACHED'],
    RECORD_ATTEMPT: ['WAITING', 'REACHED'],
    CLOSE: ['CLOSED'],
  },
  CLOSED: { REOPEN: ['WAITING'] },
} as const satisfies Record<CallBackStatus, Partial<Record<CallBackAction, readonly CallBackStatus[]>>>;

export function allowedCallBackActions(status: CallBackStatus): readonly CallBackAction[] {
  return Object.values(CallBackAction).filter((action) => Object.hasOwn(ACTIONS[status], action));
}

/** Where an action may lead from a state; nowhere: it cannot be done. */
export function leadsTo(status: CallBackStatus, action: CallBackAction): readonly CallBackStatus[] {
  const row: Partial<Record<CallBackAction, readonly CallBackStatus[]>> = ACTIONS[status];
  return row[action] ?? [];
}

export function canDoWithCallBack(status: CallBackStatus, action: CallBackAction): CallBackNotOpen | null {
  return leadsTo(status, action).length > 0
    ? null
    : new CallBackNotOpen(status, allowedCallBackActions(status));
}

export function statusAfterAttempt(outcome: CallBackAttemptOutcome): CallBackStatus {
  return outcome === CallBackAttemptOutcome.SPOKE ? CallBackStatus.REACHED : CallBackStatus.WAITING;
}

/** Nobody remembers what they said further back, or plans a call further ahead. */
const RING_AHEAD_MAX_DAYS = 60;
const RANG_BEFORE_MAX_DAYS = 60;
/** Clocks of telephones and of desks differ. */
const CLOCK_SKEW_MAX_MINUTES = 5;

/** What is wrong with an attempt as it is told, in a sentence; null: nothing. */
export function faultOfAttempt(
  attempt: { readonly outcome: CallBackAttemptOutcome; readonly ringAgainAt?: Temporal.Instant | null },
  task: { readonly phoneAsEntered: string | null },
  now: Temporal.Instant,
): string | null {
  if (task.phoneAsEntered === null) return 'callBackId: there is no number to ring. Give one first.';
  const { outcome, ringAgainAt = null } = attempt;
  if (ringAgainAt === null) return null;
  if (outcome !== CallBackAttemptOutcome.ASKED_TO_RING_LATER)
    return 'ringAgainAt: only when they asked to be rung later.';
  const isAhead = Temporal.Instant.compare(ringAgainAt, now) > 0;
  const isNear = Temporal.Instant.compare(ringAgainAt, now.add({ hours: 24 * RING_AHEAD_MAX_DAYS })) <= 0;
  return isAhead && isNear ? null : `ringAgainAt: must be within the next ${RING_AHEAD_MAX_DAYS} days.`;
}

/** What is wrong with the end of a call-back as it is told, in a sentence; null: nothing. */
export function faultOfClosing(closing: {
  readonly outcome: CallBackOutcome;
  readonly letter?: CallBackLetter | null;
  readonly comment?: string | null;
}): string | null {
  const { outcome, letter = null, comment = null } = closing;
  if ((outcome === CallBackOutcome.UNREACHABLE) !== (letter !== null))
    return 'letter: say what was sent to somebody who could not be reached, and only then.';
  if (outcome === CallBackOutcome.NO_FURTHER_ACTION && comment === null)
    return 'comment: say why nothing more is to be done.';
  return null;
}

/** What is wrong with the time at which somebody is said to have rung, in a sentence; null: nothing. */
export function faultOfCallTime(receivedAt: Temporal.Instant, now: Temporal.Instant): string | null {
  const latest = now.add({ minutes: CLOCK_SKEW_MAX_MINUTES });
  if (Temporal.Instant.compare(receivedAt, latest) > 0) return 'receivedAt: must not be in the future.';
  const earliest = now.subtract({ hours: 24 * RANG_BEFORE_MAX_DAYS });
  return Temporal.Instant.compare(receivedAt, earliest) < 0
    ? `receivedAt: must be within the last ${RANG_BEFORE_MAX_DAYS} days.`
    : null;
}

/** Whoever shares the telephone may hear it: a message is left only where the enquirer said that it may be. */
export function canLeaveMessage(safe: SafeToLeaveMessage): MessageNotSafe | null {
  return safe === SafeToLeaveMessage.YES ? null : new MessageNotSafe(safe);
}

export interface Claim {
  readonly claimedById: string | null;
  readonly claimedUntil: Temporal.Instant | null;
}

/** The claim as it holds at a moment: one that has lapsed is none. */
export function claimAt({ claimedById, claimedUntil }: Claim, now: Temporal.Instant): Claim {
  const holds = claimedUntil !== null && Temporal.Instant.compare(now, claimedUntil) < 0;
  return holds ? { claimedById, claimedUntil } : { claimedById: null, claimedUntil: null };
}

/** Marks that nobody sees and that turn the direction of what is read. */
const UNSEEN = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** What somebody told, as it is kept: what can be read of it, composed; null: nothing. */
export function toldText(text: string | null | undefined): string | null {
  return text?.normalize('NFC').replace(UNSEEN, '').trim() || null;
}

/** One person has it in hand at a time. */
export function canHandle(
  claim: Claim,
  staffId: string,
  now: Temporal.Instant,
): CallBackClaimedByOther | null {
  const { claimedById, claimedUntil } = claimAt(claim, now);
  if (claimedById === null || claimedUntil === null || claimedById === staffId) return null;
  return new CallBackClaimedByOther(claimedById, claimedUntil);
}

/** Tried as often as the clinic tries, or there is no number to try. */
export function isExhausted(
  task: { readonly attemptCount: number; readonly phoneAsEntered: string | null },
  { attemptsMax }: Pick<ServiceLevel, 'attemptsMax'>,
): boolean {
  return task.phoneAsEntered === null || task.attemptCount >= attemptsMax;
}

/**
 * May a call without a word of who it was be kept with an enquiry from the same number? Names of which each says a word
 * that the other does not are two people at one telephone, also when they share a family name.
 */
export function namesAgree(one: string | null, other: string | null): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)];
  return isWithin(words, others) || isWithin(others, words);
}

/**
 * Whose call it was, of those who are known at its number, the newest first; null: nobody's of these, or it is not clear
 * whose. Who said the same name, or none, as this call is taken before who said another that does not contradict it.
 */
export function whoRang<Known extends { readonly name: string | null }>(
  known: readonly Known[],
  name: string | null,
): Known | null {
  const agreeing = known.filter((one) => namesAgree(one.name, name));
  const [same] = agreeing.filter((one) => areSame(wordsOf(one.name), wordsOf(name)));
  if (same !== undefined) return same;
  const alike = agreeing.filter((one) => wordsOf(one.name).size > 0 && wordsOf(name).size > 0);
  const [only, other] = alike.length > 0 ? alike : agreeing;
  return only === undefined || other !== undefined ? null : only;
}

function isWithin(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...words].every((word) => others.has(word));
}

function areSame(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return words.size === others.size && [...words].every((word) => others.has(word));
}

/** `Mr` and an initial say nothing of who somebody is. */
const WORD_MIN_CHARACTERS = 3;

function wordsOf(name: string | null): ReadonlySet<string> {
  const words = (name ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}]+/u);
  return new Set(words.filter((word) => word.length >= WORD_MIN_CHARACTERS && !TITLES.has(word)));
}

const TITLES: ReadonlySet<string> = new Set(['mrs', 'miss', 'mister', 'doctor', 'prof', 'professor', 'sir']);
