import {
  PerformedStepStatus,
  ScanBookingStatus,
  type ScanOutcome,
  ScheduledStepStatus,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** What the performed steps do to a booking, and what it becomes. People's own actions: SCAN_BOOKING_ACTIONS. */
export const SCAN_PROGRESS = {
  BOOKED: {
    start: ScanBookingStatus.IN_PROGRESS,
    lapse: ScanBookingStatus.UNCONFIRMED,
    complete: ScanBookingStatus.COMPLETED,
    discontinue: ScanBookingStatus.DISCONTINUED,
  },
  IN_PROGRESS: {
    lapse: ScanBookingStatus.UNCONFIRMED,
    complete: ScanBookingStatus.COMPLETED,
    discontinue: ScanBookingStatus.DISCONTINUED,
    withdraw: ScanBookingStatus.BOOKED,
  },
  UNCONFIRMED: {
    start: ScanBookingStatus.IN_PROGRESS,
    complete: ScanBookingStatus.COMPLETED,
    discontinue: ScanBookingStatus.DISCONTINUED,
    withdraw: ScanBookingStatus.BOOKED,
  },
  COMPLETED: {
    start: ScanBookingStatus.IN_PROGRESS,
    lapse: ScanBookingStatus.UNCONFIRMED,
    discontinue: ScanBookingStatus.DISCONTINUED,
    withdraw: ScanBookingStatus.BOOKED,
  },
  DISCONTINUED: {
    start: ScanBookingStatus.IN_PROGRESS,
    lapse: ScanBookingStatus.UNCONFIRMED,
    complete: ScanBookingStatus.COMPLETED,
    withdraw: ScanBookingStatus.BOOKED,
  },
  CANCELLED: {},
} as const satisfies Record<ScanBookingStatus, Partial<Record<ScanProgress, ScanBookingStatus>>>;

export type ScanProgress = 'start' | 'lapse' | 'complete' | 'discontinue' | 'withdraw';

/** What is written into the audit record when a booking moves so. */
export const PROGRESS_NAMES: Readonly<Record<ScanProgress, string>> = {
  start: 'scan.started',
  lapse: 'scan.unconfirmed',
  complete: 'scan.completed',
  discontinue: 'scan.discontinued',
  withdraw: 'scan.reverted',
};

/** The name of the way from one state to another; null when there is no such way, or nothing changes. */
export function progressBetween(from: ScanBookingStatus, to: ScanBookingStatus): ScanProgress | null {
  const row: Partial<Record<ScanProgress, ScanBookingStatus>> = SCAN_PROGRESS[from];
  const found = Object.entries(row).find(([, next]) => next === to)?.[0];
  return found === undefined ? null : (found as ScanProgress);
}

/** A performed step of the booking, as it stands. */
export interface StepFacts {
  readonly status: PerformedStepStatus;
  /** Facet has stopped waiting for what the scanner should have said next. */
  readonly isOverdue: boolean;
  /** The scheduled steps that it does. */
  readonly scheduledStepIds: readonly string[];
  readonly startedAt: Temporal.Instant;
  readonly endedAt: Temporal.Instant | null;
}

export interface ProgressFacts {
  /** What the scanner is asked to do for the booking, by its profile. */
  readonly scheduledStepIds: readonly string[];
  readonly steps: readonly StepFacts[];
  /** Said by a person in the scanner's place: it outranks whatever the scanner says. */
  readonly closing: { readonly closedAs: ScanOutcome; readonly endedAt: Temporal.Instant } | null;
}

export interface Progress {
  readonly status: ScanBookingStatus;
  readonly startedAt: Temporal.Instant | null;
  readonly endedAt: Temporal.Instant | null;
}

/** Where a booking that is not cancelled stands. The order in which the messages of its steps came does not matter. */
export function progressOf(facts: ProgressFacts): Progress {
  const startedAt = earliest(facts.steps.map((step) => step.startedAt));
  if (facts.closing !== null) {
    return { status: facts.closing.closedAs, startedAt, endedAt: facts.closing.endedAt };
  }
  const status = statusOf(facts);
  const isOver = status === ScanBookingStatus.COMPLETED || status === ScanBookingStatus.DISCONTINUED;
  const ends = facts.steps.map((step) => step.endedAt).filter((end) => end !== null);
  return { status, startedAt, endedAt: isOver ? latest(ends) : null };
}

/**
 * A scanner may do two scheduled steps in one performed step, or in one each; so a booking is completed when each of its
 * scheduled steps has come to an end and one of them to a good one. While a second has not begun the first's good end is
 * not the visit's. When nothing came to a good end the visit is discontinued, begun or not: a new start takes it up again.
 */
function statusOf({ steps, scheduledStepIds }: ProgressFacts): ScanBookingStatus {
  if (steps.length === 0) return ScanBookingStatus.BOOKED;
  const going = steps.filter((step) => step.status === PerformedStepStatus.IN_PROGRESS);
  if (going.some((step) => !step.isOverdue)) return ScanBookingStatus.IN_PROGRESS;
  if (going.length > 0) return ScanBookingStatus.UNCONFIRMED;
  if (steps.every((step) => step.status === PerformedStepStatus.DISCONTINUED)) {
    return ScanBookingStatus.DISCONTINUED;
  }
  if (!isAwaitingMore({ steps, scheduledStepIds })) return ScanBookingStatus.COMPLETED;
  return steps.some((step) => step.isOverdue) ? ScanBookingStatus.UNCONFIRMED : ScanBookingStatus.IN_PROGRESS;
}

function isAwaitingMore({ steps, scheduledStepIds }: Pick<ProgressFacts, 'steps' | 'scheduledStepIds'>) {
  const begun = new Set(steps.flatMap((step) => step.scheduledStepIds));
  return scheduledStepIds.some((id) => !begun.has(id));
}

/**
 * Where one scheduled step stands. What a person said of the booking holds for each of its steps. A step that was never
 * begun is over with a visit that was completed; one that the scanner alone broke off hides nothing, for it may have been
 * a wrong start and the patient be on the table still. The reconcile says the same in SQL (BOOKINGS_TO_PROJECT).
 */
export function scheduledStatusOf(
  stepId: string,
  steps: readonly Pick<StepFacts, 'status' | 'scheduledStepIds'>[],
  booking: { readonly status: ScanBookingStatus; readonly closedAs: ScanOutcome | null },
): ScheduledStepStatus {
  if (booking.closedAs !== null) return booking.closedAs;
  const own = steps.filter((step) => step.scheduledStepIds.includes(stepId)).map(({ status }) => status);
  if (own.length === 0) {
    const isOver = booking.status === ScanBookingStatus.COMPLETED;
    return isOver ? ScheduledStepStatus.COMPLETED : ScheduledStepStatus.SCHEDULED;
  }
  if (own.includes(PerformedStepStatus.IN_PROGRESS)) return ScheduledStepStatus.STARTED;
  return own.includes(PerformedStepStatus.COMPLETED)
    ? ScheduledStepStatus.COMPLETED
    : ScheduledStepStatus.DISCONTINUED;
}

export interface EndFacts {
  /** What the person who closes it says; null: nothing. */
  readonly toldEndAt: Temporal.Instant | null;
  readonly injectionStartsAt: Temporal.Instant;
  readonly scanEndsAt: Temporal.Instant;
  readonly startedAt: Temporal.Instant | null;
  /** The last end that the scanner has told. */
  readonly lastEndAt: Temporal.Instant | null;
}

/**
 * When a scan ended that is closed by hand: as the person says; else as the scanner said of what it did end; else when it
 * was planned to end, since whoever tidies up on the next morning knows no better. Null: what the person says cannot be.
 */
export function endOfScan(
  facts: EndFacts,
  now: Temporal.Instant,
): {
  readonly endedAt: Temporal.Instant | null;
  readonly earliest: Temporal.Instant;
} {
  const begun = facts.startedAt ?? facts.injectionStartsAt;
  // A scanner whose clock is fast says that it began in our future.
  const earliest = byTime(begun, now) < 0 ? begun : now;
  const within = (at: Temporal.Instant) => byTime(at, earliest) >= 0 && byTime(at, now) <= 0;
  const { toldEndAt, lastEndAt, scanEndsAt } = facts;
  if (toldEndAt !== null) return { endedAt: within(toldEndAt) ? toldEndAt : null, earliest };
  if (lastEndAt !== null) return { endedAt: lastEndAt, earliest };
  return { endedAt: within(scanEndsAt) ? scanEndsAt : now, earliest };
}

/** States in which the scanner may be shown the steps; its profile hides those that it wants hidden. */
export function isOnWorklist(status: ScanBookingStatus): boolean {
  return status !== ScanBookingStatus.CANCELLED && status !== ScanBookingStatus.UNCONFIRMED;
}

function earliest(instants: readonly Temporal.Instant[]): Temporal.Instant | null {
  return instants.toSorted(byTime)[0] ?? null;
}

function latest(instants: readonly Temporal.Instant[]): Temporal.Instant | null {
  return instants.toSorted(byTime).at(-1) ?? null;
}

function byTime(a: Temporal.Instant, b: Temporal.Instant): number {
  return a.epochMilliseconds - b.epochMilliseconds;
}
