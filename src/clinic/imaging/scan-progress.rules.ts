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
  // Somebody who was said not to have come lies in the scanner.
  NO_SHOW: {
    start: ScanBookingStatus.IN_PROGRESS,
    lapse: ScanBookingStatus.UNCONFIRMED,
    complete: ScanBookingStatus.COMPLETED,
    discontinue: ScanBookingStatus.DISCONTINUED,
  },
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
  /** The one of them that is the early images; null or left out: there are none. */
  readonly earlyStepId?: string | null;
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
function statusOf({ steps, scheduledStepIds, earlyStepId = null }: ProgressFacts): ScanBookingStatus {
  if (steps.length === 0) return ScanBookingStatus.BOOKED;
  const going = steps.filter((step) => step.status === PerformedStepStatus.IN_PROGRESS);
  if (going.some((step) => !step.isOverdue)) return ScanBookingStatus.IN_PROGRESS;
  if (going.length > 0) return ScanBookingStatus.UNCONFIRMED;
  // Early images that came to nothing are not the scan, which is still to come.
  const isEarlyOnly = earlyStepId !== null && steps.every((step) => isOnly(step, earlyStepId));
  if (!isEarlyOnly && steps.every((step) => step.status === PerformedStepStatus.DISCONTINUED)) {
    return ScanBookingStatus.DISCONTINUED;
  }
  if (!isAwaitingMore({ steps, scheduledStepIds })) return ScanBookingStatus.COMPLETED;
  return steps.some((step) => step.isOverdue) ? ScanBookingStatus.UNCONFIRMED : ScanBookingStatus.IN_PROGRESS;
}

function isOnly({ scheduledStepIds }: StepFacts, stepId: string): boolean {
  return scheduledStepIds.every((id) => id === stepId);
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

/** Where the visit stands by the scan's progress. */
export interface ScanSettlement {
  readonly standing: 'BOOKED' | 'IN_PROGRESS' | 'COMPLETED' | 'DISCONTINUED';
  readonly startedAt: Temporal.Instant | null;
  readonly finishedAt: Temporal.Instant | null;
  readonly lastStep: {
    readonly startedAt: Temporal.Instant | null;
    readonly endedAt: Temporal.Instant | null;
  };
  readonly because: string | null;
}

/** Why, when the scanner alone broke it off: it gives a code for itself, and no words. */
const BROKEN_OFF = 'The scanner broke it off.';

/** A scan of which nobody knows how it ended is under way to everybody else. Its last step is the acquisition itself. */
export function settlementOf(
  facts: ProgressFacts,
  { status, startedAt, endedAt }: Progress,
  closeReason: string | null,
): ScanSettlement {
  const standing = standingOf(status);
  const { earlyStepId = null } = facts;
  const main = facts.steps.filter((step) => earlyStepId === null || !isOnly(step, earlyStepId));
  const begunAt = earliest(main.map((step) => step.startedAt));
  const isForwards = begunAt !== null && endedAt !== null && byTime(begunAt, endedAt) <= 0;
  return {
    standing,
    startedAt,
    finishedAt: endedAt,
    lastStep: { startedAt: begunAt, endedAt: isForwards ? endedAt : null },
    because: standing === 'DISCONTINUED' ? (closeReason ?? BROKEN_OFF) : null,
  };
}

function standingOf(status: ScanBookingStatus): ScanSettlement['standing'] {
  switch (status) {
    case ScanBookingStatus.BOOKED:
    case ScanBookingStatus.COMPLETED:
    case ScanBookingStatus.DISCONTINUED:
      return status;
    case ScanBookingStatus.IN_PROGRESS:
    case ScanBookingStatus.UNCONFIRMED:
      return 'IN_PROGRESS';
    case ScanBookingStatus.CANCELLED:
    case ScanBookingStatus.NO_SHOW:
      throw new RangeError(`A scanner does not make a scan ${status}.`);
  }
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

/** States in which the scanner is not shown the steps. In the others its profile hides those that it wants hidden. */
const OFF_WORKLIST: readonly ScanBookingStatus[] = [
  ScanBookingStatus.CANCELLED,
  ScanBookingStatus.UNCONFIRMED,
  ScanBookingStatus.NO_SHOW,
];

export function isOnWorklist(status: ScanBookingStatus): boolean {
  return !OFF_WORKLIST.includes(status);
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
