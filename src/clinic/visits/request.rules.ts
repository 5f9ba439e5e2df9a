import type {
  ClockStart,
  ReferralPriority,
  ReferralStatus,
  VisitRequestStatus,
} from '../../platform/database/generated/enums.js';
import { formatTime, Temporal } from '../../platform/time/index.js';

/** Where a request stands to the promise that was made for it. */
export const ClockState = {
  INSIDE_PROMISE: 'INSIDE_PROMISE',
  BEYOND_PROMISE: 'BEYOND_PROMISE',
  BREACHED: 'BREACHED',
} as const;
export type ClockState = (typeof ClockState)[keyof typeof ClockState];

/** The days of a request's clock, all local dates of the clinic. */
export interface ClockDays {
  readonly startedOn: Temporal.PlainDate;
  /** The last day that keeps the promise. */
  readonly targetOn: Temporal.PlainDate;
  /** The last day that is no breach. */
  readonly breachOn: Temporal.PlainDate;
}

/** Both border days belong to the better side: a visit on the target day keeps the promise. */
export function clockState(days: ClockDays, judgedOn: Temporal.PlainDate): ClockState {
  if (Temporal.PlainDate.compare(judgedOn, days.targetOn) <= 0) return ClockState.INSIDE_PROMISE;
  if (Temporal.PlainDate.compare(judgedOn, days.breachOn) <= 0) return ClockState.BEYOND_PROMISE;
  return ClockState.BREACHED;
}

/** Calendar days from the start of the clock; 0 on its first day. */
export function daysWaited(startedOn: Temporal.PlainDate, judgedOn: Temporal.PlainDate): number {
  return Math.max(0, startedOn.until(judgedOn, { largestUnit: 'day' }).days);
}

/** The day by which a clock is judged: it runs until the visit, until the request was closed, or else until today. */
export function judgedOn(ends: {
  readonly status: VisitRequestStatus;
  readonly visitOn: Temporal.PlainDate | null;
  readonly closedOn: Temporal.PlainDate | null;
  readonly today: Temporal.PlainDate;
}): Temporal.PlainDate {
  if (ends.status === 'CLOSED') return ends.closedOn ?? ends.today;
  if (ends.status === 'BOOKED') return ends.visitOn ?? ends.today;
  return ends.today;
}

/** What a referral says about the start of a clock. */
export interface ReferralDays {
  readonly receivedOn: Temporal.PlainDate;
  readonly acceptedOn: Temporal.PlainDate | null;
}

export interface StartedClock {
  readonly startedOn: Temporal.PlainDate;
  readonly startedBy: ClockStart;
}

/**
 * The day from which a wait is counted, and what happened on it. Where the policy names the referral and there is none,
 * the wait began with the request. No clock begins after today.
 */
export function startOfClock(
  by: ClockStart,
  referral: ReferralDays | null,
  today: Temporal.PlainDate,
): StartedClock {
  const atRequest = { startedOn: today, startedBy: 'REQUESTED' } as const;
  if (by === 'REQUESTED' || referral === null) return atRequest;
  const day = by === 'REFERRAL_RECEIVED' ? referral.receivedOn : referral.acceptedOn;
  if (day === null || Temporal.PlainDate.compare(day, today) > 0) return atRequest;
  return { startedOn: day, startedBy: by };
}

/** The urgency of a request: as said, else as the referrer said, else routine. */
export function priorityOf(
  said: ReferralPriority | null,
  referral: { readonly priority: ReferralPriority } | null,
): ReferralPriority {
  return said ?? referral?.priority ?? 'ROUTINE';
}

/** Whether the referral stands for a visit now: accepted, whether or not another visit of it is booked. */
export function isReferralAccepted(referral: { readonly status: ReferralStatus }): boolean {
  return referral.status === 'ACCEPTED' || referral.status === 'BOOKED';
}

/** Enough for a week of mornings and afternoons and some holidays. */
export const STATED_TIMES_MAX = 20;

/** A time that the patient can, or cannot, come, as it was said. */
export interface StatedTime {
  readonly isoWeekday: number | null;
  /** `HH:MM` on the clinic's wall clock. */
  readonly fromTime: string | null;
  readonly untilTime: string | null;
  /** Local dates, both included. */
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly isExcluded: boolean;
}

/** What is wrong with a stated time, in a phrase; null when it can be kept. */
export function faultOfTime(time: StatedTime): string | null {
  const parts = [time.isoWeekday, time.fromTime, time.untilTime, time.firstOn, time.lastOn];
  if (parts.every((part) => part === null)) return 'must name a weekday, a time of day or a day';
  const { fromTime, untilTime, firstOn, lastOn } = time;
  if (fromTime !== null && untilTime !== null && fromTime >= untilTime) {
    return 'fromTime must be before untilTime';
  }
  if (firstOn !== null && lastOn !== null && firstOn > lastOn) return 'firstOn must not be after lastOn';
  return null;
}

/** The first fault in a list of stated times, with its place; null when all can be kept. */
export function faultOfTimes(times: readonly StatedTime[]): string | null {
  for (const [index, time] of times.entries()) {
    const fault = faultOfTime(time);
    if (fault !== null) return `times.${index}: ${fault}`;
  }
  return null;
}

/** `HH:MM` of a time column, which is read as that time on 1 January 1970 in UTC. */
export function wallTime(instant: Temporal.Instant): string {
  return formatTime(instant.toZonedDateTimeISO('UTC').toPlainTime());
}

/** The other way round. */
export function instantOfWallTime(text: string): Temporal.Instant {
  return Temporal.Instant.from(`1970-01-01T${text}:00Z`);
}
