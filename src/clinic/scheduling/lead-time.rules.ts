import { localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { BeyondDiary, InThePast, TooSoonForLeadTime } from './schedule.refusals.js';

/** The days of a lead-time policy. All are days on the calendar of the clinic, weekends and bank holidays included. */
export interface LeadTimeDays {
  /** Notice from today: 0 is today, 7 is this day next week. */
  readonly earliestDays: number;
  /** From the day of receipt of the referral: the promise. */
  readonly targetDays: number;
  /** From today: the last day for which the diary is open. */
  readonly latestDays: number;
}

export interface BookableWindow {
  readonly earliestOn: Temporal.PlainDate;
  readonly targetOn: Temporal.PlainDate;
  readonly latestOn: Temporal.PlainDate;
  /** Midnight at which `earliestOn` begins; now, where that day is today. */
  readonly from: Temporal.Instant;
  /** Midnight at which `targetOn` is over. May lie before `from`: the promise can no longer be kept. */
  readonly targetUntil: Temporal.Instant;
  /** Midnight at which `latestOn` is over. */
  readonly until: Temporal.Instant;
}

/**
 * The days that may be booked and the days that keep the promise. Days are counted on the calendar and become
 * instants only at the end, so a change of the clocks in between moves nothing.
 */
export function bookableWindow(
  policy: LeadTimeDays,
  now: Temporal.Instant,
  receivedOn: Temporal.PlainDate,
  timeZone: string,
): BookableWindow {
  const today = localDate(now, timeZone);
  const earliestOn = today.add({ days: policy.earliestDays });
  const targetOn = receivedOn.add({ days: policy.targetDays });
  const latestOn = today.add({ days: policy.latestDays });
  const midnight = startOfDay(earliestOn, timeZone);
  return {
    earliestOn,
    targetOn,
    latestOn,
    from: Temporal.Instant.compare(midnight, now) > 0 ? midnight : now,
    targetUntil: startOfDay(targetOn.add({ days: 1 }), timeZone),
    until: startOfDay(latestOn.add({ days: 1 }), timeZone),
  };
}

/** May a visit that starts then be booked now? */
export function canBookAt(
  startsAt: Temporal.Instant,
  policy: LeadTimeDays,
  now: Temporal.Instant,
  timeZone: string,
): InThePast | TooSoonForLeadTime | BeyondDiary | null {
  const startsOn = localDate(startsAt, timeZone);
  const today = localDate(now, timeZone);
  const earliestOn = today.add({ days: policy.earliestDays });
  const latestOn = today.add({ days: policy.latestDays });
  if (Temporal.Instant.compare(startsAt, now) <= 0) return new InThePast();
  if (Temporal.PlainDate.compare(startsOn, earliestOn) < 0) return new TooSoonForLeadTime(earliestOn);
  if (Temporal.PlainDate.compare(startsOn, latestOn) > 0) return new BeyondDiary(latestOn);
  return null;
}

/** What is wrong with the days of a policy, in a sentence; null when they can be used. */
export function faultOfDays(days: LeadTimeDays): string | null {
  const inOrder =
    0 <= days.earliestDays && days.earliestDays <= days.targetDays && days.targetDays <= days.latestDays;
  return inOrder ? null : 'The days must satisfy 0 <= earliestDays <= targetDays <= latestDays.';
}
