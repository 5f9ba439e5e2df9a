import { ReferralAction, TriageEventKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/**
 * Referral to treatment: SI 2012/2996 (NHS Commissioning Board and Clinical Commissioning Groups, Responsibilities and
 * Standing Rules), regulation 45, and NHS England's RTT rules suite of October 2022. Pauses ended on 1 October 2015:
 * between its start and its stop the clock runs.
 */
export const RTT_BREACH_WEEKS = 18;
const WEEK_DAYS = 7;

/** Why a clock stopped. */
export const RttStopReason = {
  FIRST_TREATMENT: 'FIRST_TREATMENT',
  ACTIVE_MONITORING: 'ACTIVE_MONITORING',
  NOT_TO_TREAT: 'NOT_TO_TREAT',
  PATIENT_DECLINED: 'PATIENT_DECLINED',
  DECLINED: 'DECLINED',
  REDIRECTED: 'REDIRECTED',
  RETURNED_WITH_ADVICE: 'RETURNED_WITH_ADVICE',
  WITHDRAWN: 'WITHDRAWN',
} as const;
export type RttStopReason = (typeof RttStopReason)[keyof typeof RttStopReason];

/** What a person records for the clock. */
export const RttKind = {
  FIRST_TREATMENT: 'FIRST_TREATMENT',
  ACTIVE_MONITORING: 'ACTIVE_MONITORING',
  NOT_TO_TREAT: 'NOT_TO_TREAT',
  PATIENT_DECLINED: 'PATIENT_DECLINED',
  NEW_START: 'NEW_START',
  RECORDED_IN_ERROR: 'RECORDED_IN_ERROR',
} as const;
export type RttKind = (typeof RttKind)[keyof typeof RttKind];

export const EVENT_OF_KIND = {
  FIRST_TREATMENT: TriageEventKind.RTT_FIRST_TREATMENT,
  ACTIVE_MONITORING: TriageEventKind.RTT_ACTIVE_MONITORING,
  NOT_TO_TREAT: TriageEventKind.RTT_NOT_TO_TREAT,
  PATIENT_DECLINED: TriageEventKind.RTT_PATIENT_DECLINED,
  NEW_START: TriageEventKind.RTT_NEW_START,
  RECORDED_IN_ERROR: TriageEventKind.RTT_RECORDED_IN_ERROR,
} as const satisfies Record<RttKind, TriageEventKind>;

type RecordedStop = Exclude<RttKind, 'NEW_START' | 'RECORDED_IN_ERROR'>;

/** Stops that come with a move of the referral. */
const STOP_OF_MOVE: Partial<Record<ReferralAction, RttStopReason>> = {
  DECLINE: RttStopReason.DECLINED,
  REDIRECT: RttStopReason.REDIRECTED,
  RETURN_WITH_ADVICE: RttStopReason.RETURNED_WITH_ADVICE,
  WITHDRAW: RttStopReason.WITHDRAWN,
};

/** One entry of the log of a referral: a move, or what was recorded for the clock. */
export type ClockEntry =
  | { readonly on: Temporal.PlainDate; readonly move: ReferralAction }
  | { readonly on: Temporal.PlainDate; readonly id: string; readonly recorded: RecordedStop | 'NEW_START' }
  | { readonly inError: string };

export interface RttTime {
  readonly startedOn: Temporal.PlainDate;
  readonly stop: { readonly on: Temporal.PlainDate; readonly reason: RttStopReason } | null;
}

/**
 * The clock of a referral that was received on a day, from its log in the order in which it was written. The first stop
 * holds. A referral that is opened again has not been stopped by the move that is taken back; after a stop that was
 * recorded only a new start, which begins a new clock, lets it run again.
 */
export function rttTime(receivedOn: Temporal.PlainDate, log: readonly ClockEntry[]): RttTime {
  const errors = new Set(log.flatMap((entry) => ('inError' in entry ? [entry.inError] : [])));
  let time: RttTime = { startedOn: receivedOn, stop: null };
  for (const entry of log) {
    if ('inError' in entry || ('id' in entry && errors.has(entry.id))) continue;
    time = 'move' in entry ? afterMove(time, entry) : afterRecord(time, entry);
  }
  return time;
}

function afterMove(
  time: RttTime,
  { move, on }: { readonly move: ReferralAction; readonly on: Temporal.PlainDate },
): RttTime {
  if (move === ReferralAction.REOPEN && time.stop !== null && isByMove(time.stop.reason)) {
    return { ...time, stop: null };
  }
  const reason = STOP_OF_MOVE[move];
  return reason === undefined || time.stop !== null ? time : { ...time, stop: { on, reason } };
}

function afterRecord(
  time: RttTime,
  entry: { readonly recorded: RecordedStop | 'NEW_START'; readonly on: Temporal.PlainDate },
): RttTime {
  const { recorded, on } = entry;
  if (recorded === 'NEW_START') return time.stop === null ? time : { startedOn: on, stop: null };
  return time.stop === null ? { ...time, stop: { on, reason: RttStopReason[recorded] } } : time;
}

function isByMove(reason: RttStopReason): boolean {
  return Object.values(STOP_OF_MOVE).includes(reason);
}

/** Whole weeks from the start to the stop, or to today. */
export function weeksWaited({ startedOn, stop }: RttTime, today: Temporal.PlainDate): number {
  const until = stop?.on ?? today;
  const { days } = startedOn.until(until, { largestUnit: 'day' });
  return Math.max(0, Math.floor(days / WEEK_DAYS));
}

/** The day on which eighteen weeks are full: after it the wait is a breach. */
export function breachOn({ startedOn }: Pick<RttTime, 'startedOn'>): Temporal.PlainDate {
  return startedOn.add({ days: RTT_BREACH_WEEKS * WEEK_DAYS });
}

/** What is wrong with the day of an entry; null when nothing is. */
export function happenedOnProblem(
  happenedOn: Temporal.PlainDate,
  bounds: { readonly receivedOn: Temporal.PlainDate; readonly today: Temporal.PlainDate },
): string | null {
  if (Temporal.PlainDate.compare(happenedOn, bounds.today) > 0)
    return 'happenedOn: must not be in the future.';
  if (Temporal.PlainDate.compare(happenedOn, bounds.receivedOn) < 0)
    return 'happenedOn: must not be before the referral was received.';
  return null;
}
