import type { GateCode, ScheduledStepStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Why a scheduled step is not offered to a scanner, whatever the scanner asks for. */
export type HiddenReason = 'OTHER_SCANNER' | 'GATE' | 'STATUS' | 'TOO_LONG_AGO' | 'TOO_FAR_AHEAD';

/** What decides whether a step may be offered. */
export interface StepFacts {
  readonly scannerId: string;
  readonly status: ScheduledStepStatus;
  /** The first gate that keeps the scan from every scanner, as it stands; null: none does. */
  readonly closedGate: GateCode | null;
}

/** Days on the clock beside the scanner, as YYYYMMDD: comparing the texts compares the days. Both are included. */
export interface OfferedDays {
  readonly from: string;
  readonly until: string;
}

/** What of a scanner's profile keeps steps from it. */
export interface HidingProfile {
  readonly id: string;
  readonly ownItemsOnly: boolean;
  readonly hiddenStatuses: readonly ScheduledStepStatus[];
}

/** The days that a profile offers, seen from today. */
export function offeredDays(
  { daysBefore, daysAfter }: { readonly daysBefore: number; readonly daysAfter: number },
  today: Temporal.PlainDate,
): OfferedDays {
  return {
    from: dayText(today.subtract({ days: daysBefore })),
    until: dayText(today.add({ days: daysAfter })),
  };
}

/** A day as YYYYMMDD. */
export function dayText(day: Temporal.PlainDate): string {
  return day.toString().replaceAll('-', '');
}

/**
 * The one place that says what a scanner's profile keeps from it. Asked of each step that a query finds, and by whoever
 * explains why a booking is not seen. `heldOn` is the step's day as YYYYMMDD.
 */
export function whyHidden(
  step: StepFacts,
  heldOn: string,
  profile: HidingProfile,
  days: OfferedDays,
): HiddenReason | null {
  if (profile.ownItemsOnly && step.scannerId !== profile.id) return 'OTHER_SCANNER';
  if (step.closedGate !== null) return 'GATE';
  if (profile.hiddenStatuses.includes(step.status)) return 'STATUS';
  if (heldOn < days.from) return 'TOO_LONG_AGO';
  if (heldOn > days.until) return 'TOO_FAR_AHEAD';
  return null;
}
