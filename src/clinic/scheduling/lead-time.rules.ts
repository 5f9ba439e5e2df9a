import type { DayKind, LeadTimePriority, Role } from '../../platform/database/generated/enums.js';
import { daysAhead, type Holidays, localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { BeyondDiary, InThePast, OverrideNotAllowed, TooSoonForLeadTime } from './schedule.refusals.js';

/** The days of a lead-time policy, counted on the calendar of the clinic. */
export interface LeadTimeDays {
  /** Notice from today: 0 is today, 7 is this day next week. */
  readonly earliestDays: number;
  /** From the start of the clock, such as the day of receipt of the referral: the promise. */
  readonly targetDays: number;
  /** From the start of the clock: after that day the promise counts as broken. Left out: with the target. */
  readonly breachDays?: number;
  /** From today: the last day for which the diary is open. Always calendar days. */
  readonly latestDays: number;
  /** What the first three are counted in. Left out: calendar days, weekends and bank holidays included. */
  readonly dayKind?: DayKind;
}

/** A policy with those who may book outside it. */
export interface LeadTimeBounds extends LeadTimeDays {
  readonly earliestOverriddenBy: readonly Role[];
  readonly latestOverriddenBy: readonly Role[];
}

/** When it is now, and which days are bank holidays. Only working days ask for those. */
export interface LeadTimeMoment {
  readonly now: Temporal.Instant;
  readonly timeZone: string;
  readonly holidays: Holidays;
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

/** The days of a promise to one patient. */
export interface PromisedDays {
  readonly targetOn: Temporal.PlainDate;
  readonly breachOn: Temporal.PlainDate;
}

const NO_HOLIDAYS: Holidays = new Set();

/** Monday to Friday: so many working days are a week, and the first that is started has a weekend in it, too. */
const WEEK_WORKING_DAYS = 5;
const WEEKEND_DAYS = 2;
/**
 * By how many calendar days one run of bank holidays can put off a few working days. Easter takes two days, with their
 * weekend four in a row; Christmas and New Year take three, and push what is counted beyond one more weekend.
 */
const HOLIDAY_RUN_MAX_DAYS = 5;
/**
 * Longer counts meet more bank holidays: for each so many working days, one calendar day more. A year has eight, and
 * one now and then by proclamation, each with its share of a weekend. The spec compares with decades of the calendar.
 */
const WORKING_DAYS_PER_HOLIDAY_DAY = 14;

/** The last day that keeps the promise, and the last before it counts as broken, when the clock started on that day. */
export function promisedDays(
  policy: LeadTimeDays,
  startedOn: Temporal.PlainDate,
  holidays: Holidays,
): PromisedDays {
  const kind = policy.dayKind ?? 'CALENDAR';
  return {
    targetOn: daysAhead(startedOn, policy.targetDays, kind, holidays),
    breachOn: daysAhead(startedOn, policy.breachDays ?? policy.targetDays, kind, holidays),
  };
}

/**
 * The days that may be booked and the days that keep the promise. Days are counted on the calendar and become
 * instants only at the end, so a change of the clocks in between moves nothing.
 */
export function bookableWindow(
  policy: LeadTimeDays,
  now: Temporal.Instant,
  startedOn: Temporal.PlainDate,
  timeZone: string,
  holidays: Holidays = NO_HOLIDAYS,
): BookableWindow {
  const { earliestOn, latestOn } = bookableDays(policy, { now, timeZone, holidays });
  const { targetOn } = promisedDays(policy, startedOn, holidays);
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
  holidays: Holidays = NO_HOLIDAYS,
): InThePast | TooSoonForLeadTime | BeyondDiary | null {
  const startsOn = localDate(startsAt, timeZone);
  const { earliestOn, latestOn } = bookableDays(policy, { now, timeZone, holidays });
  if (Temporal.Instant.compare(startsAt, now) <= 0) return new InThePast();
  if (Temporal.PlainDate.compare(startsOn, earliestOn) < 0) return new TooSoonForLeadTime(earliestOn);
  if (Temporal.PlainDate.compare(startsOn, latestOn) > 0) return new BeyondDiary(latestOn);
  return null;
}

/**
 * The same for somebody who may have a reason to go beyond the notice or the end of the diary. Nobody books in the
 * past; without a reason the bounds hold for everybody.
 */
export function mayBookAt(
  startsAt: Temporal.Instant,
  policy: LeadTimeBounds,
  moment: LeadTimeMoment,
  asking: { readonly roles: readonly Role[]; readonly overrideReason: string | null },
): InThePast | TooSoonForLeadTime | BeyondDiary | OverrideNotAllowed | null {
  const refusal = canBookAt(startsAt, policy, moment.now, moment.timeZone, moment.holidays);
  if (refusal === null || refusal instanceof InThePast) return refusal;
  if (asking.overrideReason === null || asking.overrideReason.trim() === '') return refusal;
  const allowed =
    refusal instanceof TooSoonForLeadTime ? policy.earliestOverriddenBy : policy.latestOverriddenBy;
  if (asking.roles.some((role) => allowed.includes(role))) return null;
  const { earliestOn, latestOn } = bookableDays(policy, moment);
  return new OverrideNotAllowed(allowed, earliestOn, latestOn);
}

/** How many calendar days so many working days can last at most, over weekends and bank holidays. */
export function longestCalendarDays(workingDays: number): number {
  if (workingDays <= 0) return 0;
  const weekends = Math.ceil(workingDays / WEEK_WORKING_DAYS) * WEEKEND_DAYS;
  const holidays = HOLIDAY_RUN_MAX_DAYS + Math.floor(workingDays / WORKING_DAYS_PER_HOLIDAY_DAY);
  return workingDays + weekends + holidays;
}

/** What is wrong with the days of a policy, in a sentence; null when they can be used. */
export function faultOfDays(days: LeadTimeDays): string | null {
  const { earliestDays, targetDays, latestDays, breachDays = targetDays } = days;
  const inOrder = 0 <= earliestDays && earliestDays <= targetDays && targetDays <= latestDays;
  if (!inOrder) return 'The days must satisfy 0 <= earliestDays <= targetDays <= latestDays.';
  if (targetDays > breachDays) return 'breachDays must not be fewer than targetDays.';
  // The target is no sooner than the notice, so where it fits, both do.
  const needed = days.dayKind === 'WORKING' ? longestCalendarDays(targetDays) : targetDays;
  if (needed <= latestDays) return null;
  return (
    `latestDays are calendar days and must be at least ${needed}: so long can ${targetDays} working days of ` +
    'targetDays last, over weekends and bank holidays.'
  );
}

/** Of the rows in force, the newest of the priority asked for, or else the newest of any priority. */
export function policyInForce<
  Row extends { readonly priority: LeadTimePriority; readonly effectiveFrom: string },
>(rows: readonly Row[], priority: LeadTimePriority): Row | null {
  const newest = (wanted: LeadTimePriority): Row | undefined =>
    rows
      .filter((row) => row.priority === wanted)
      .toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0];
  return newest(priority) ?? newest('ANY') ?? null;
}

function bookableDays(policy: LeadTimeDays, { now, timeZone, holidays }: LeadTimeMoment) {
  const today = localDate(now, timeZone);
  return {
    earliestOn: daysAhead(today, policy.earliestDays, policy.dayKind ?? 'CALENDAR', holidays),
    latestOn: today.add({ days: policy.latestDays }),
  };
}
