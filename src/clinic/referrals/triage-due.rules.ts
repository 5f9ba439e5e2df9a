import {
  type Holidays,
  startOfDay,
  Temporal,
  workingDaysAhead,
  workingDaysBetween,
} from '../../platform/time/index.js';

/** What a triage policy promises, in working days. */
export interface TriageTerms {
  /** From the day of arrival to the decision. */
  readonly triageDays: number;
  /** For a referrer to answer a request for information. */
  readonly informationDays: number;
  /** For a clinician to answer a question for advice. */
  readonly adviceDays: number;
  /** From one escalation to the next. */
  readonly escalationDays: number;
}

/** The row that held on a day: the latest of those begun by then; before the first of all, the first. */
export function policyOn<Policy extends { readonly effectiveFrom: string }>(
  policies: readonly Policy[],
  day: Temporal.PlainDate,
): Policy | null {
  const inOrder = policies.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const begun = inOrder.filter(({ effectiveFrom }) => effectiveFrom <= day.toString());
  return begun.at(-1) ?? inOrder[0] ?? null;
}

/** The day by whose end a referral that arrived on a day has to be decided. */
export function decideBy(
  receivedOn: Temporal.PlainDate,
  { triageDays }: Pick<TriageTerms, 'triageDays'>,
  holidays: Holidays,
): Temporal.PlainDate {
  return workingDaysAhead(receivedOn, triageDays, holidays);
}

/** What is known of an undecided referral when it is asked what is due next. */
export interface DueFacts {
  readonly dueOn: Temporal.PlainDate;
  /** While the referrer is asked for something: the day by which they are to answer. */
  readonly informationDueOn: Temporal.PlainDate | null;
  /** Local day of the last escalation. */
  readonly escalatedOn: Temporal.PlainDate | null;
  readonly escalationDays: number;
}

/**
 * The day by whose end something has to have happened, or it is escalated: the decision; while the referrer is asked,
 * their answer; and after an escalation the next one, as long as nothing else has been promised since.
 */
export function nextDueOn(facts: DueFacts, holidays: Holidays): Temporal.PlainDate {
  const promised = facts.informationDueOn ?? facts.dueOn;
  const { escalatedOn } = facts;
  if (escalatedOn === null || !isBefore(promised, escalatedOn)) return promised;
  return workingDaysAhead(escalatedOn, facts.escalationDays, holidays);
}

/** From this moment on what was due on a day is overdue: the next midnight on the clinic's wall clock. */
export function overdueFrom(dueOn: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return startOfDay(dueOn.add({ days: 1 }), timeZone);
}

export function isOverdue(dueOn: Temporal.PlainDate, today: Temporal.PlainDate): boolean {
  return isBefore(dueOn, today);
}

/** How near a day is, in working days. */
export interface Nearness {
  /** Working days after today up to and including the day; null when it has passed. */
  readonly workingDaysLeft: number | null;
  /** Working days after the day up to and including today; null when it has not passed. */
  readonly workingDaysOverdue: number | null;
}

export function nearness(dueOn: Temporal.PlainDate, today: Temporal.PlainDate, holidays: Holidays): Nearness {
  return isOverdue(dueOn, today)
    ? { workingDaysLeft: null, workingDaysOverdue: workingDaysBetween(dueOn, today, holidays) }
    : { workingDaysLeft: workingDaysBetween(today, dueOn, holidays), workingDaysOverdue: null };
}

function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}
