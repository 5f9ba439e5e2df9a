import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import { startOfDay, Temporal } from '../../platform/time/index.js';

/** What vetting promises, in working days. */
export interface VettingTerms {
  readonly routineDays: number;
  readonly urgentDays: number;
  readonly twoWeekWaitDays: number;
}

/** Working days until a request of this urgency is decided. */
export function daysToDecide(terms: VettingTerms, urgency: ReferralPriority): number {
  switch (urgency) {
    case 'ROUTINE':
      return terms.routineDays;
    case 'URGENT':
      return terms.urgentDays;
    case 'TWO_WEEK_WAIT':
      return terms.twoWeekWaitDays;
  }
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

/** The first local day on which an authorisation of that day no longer holds. */
export function lapsesOn(authorisedOn: Temporal.PlainDate, lapsesAfterDays: number): Temporal.PlainDate {
  return authorisedOn.add({ days: lapsesAfterDays });
}

/** The moment from which what lapses on a day has lapsed: midnight on the clinic's wall clock. */
export function lapsesFrom(day: Temporal.PlainDate, timeZone: string): Temporal.Instant {
  return startOfDay(day, timeZone);
}

export function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}
