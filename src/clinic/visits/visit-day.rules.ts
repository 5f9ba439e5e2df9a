import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { formatLocalDate, localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { NotInThisState, VisitChangedMeanwhile } from './visit.refusals.js';
import { ArrivalTooEarly, NoShowTooEarly, StepNotInThisState } from './visit-day.refusals.js';

/** What people do with a visit, by the name of the operation that does it. */
export const VISIT_VERBS = [
  'confirmVisit',
  'releaseHold',
  'moveVisit',
  'cancelVisit',
  'markArrived',
  'startVisit',
  'startVisitStep',
  'finishVisitStep',
  'slipStep',
  'finishVisit',
  'markNoShow',
  'undoVisitStep',
] as const;
export type VisitVerb = (typeof VISIT_VERBS)[number];

/** Whoever books changes when a visit is; whoever runs the day says what became of it. */
const PERMISSION_OF = {
  confirmVisit: 'BOOK_VISIT',
  releaseHold: 'BOOK_VISIT',
  moveVisit: 'BOOK_VISIT',
  cancelVisit: 'BOOK_VISIT',
  markArrived: 'RUN_VISIT',
  startVisit: 'RUN_VISIT',
  startVisitStep: 'RUN_VISIT',
  finishVisitStep: 'RUN_VISIT',
  slipStep: 'RUN_VISIT',
  finishVisit: 'RUN_VISIT',
  markNoShow: 'RUN_VISIT',
  undoVisitStep: 'RUN_VISIT',
} as const satisfies Record<VisitVerb, string>;

/** What follows on an action; a second state stands for an end broken off, or a no-show of somebody who had come. */
type Followers = readonly [VisitStatus] | readonly [VisitStatus, VisitStatus];

/**
 * What people can do with a visit, and what it becomes. The one table: it guards the writes and feeds allowedActions.
 * Undoing goes one step back; what was cancelled or has lapsed is booked again instead.
 */
export const VISIT_STATES = {
  HELD: { confirmVisit: [VisitStatus.BOOKED], releaseHold: [VisitStatus.LAPSED] },
  BOOKED: {
    moveVisit: [VisitStatus.BOOKED],
    cancelVisit: [VisitStatus.CANCELLED],
    markArrived: [VisitStatus.ARRIVED],
    slipStep: [VisitStatus.BOOKED],
    markNoShow: [VisitStatus.NO_SHOW],
  },
  ARRIVED: {
    startVisit: [VisitStatus.IN_PROGRESS],
    slipStep: [VisitStatus.ARRIVED],
    markNoShow: [VisitStatus.NO_SHOW],
    undoVisitStep: [VisitStatus.BOOKED],
  },
  IN_PROGRESS: {
    startVisitStep: [VisitStatus.IN_PROGRESS],
    finishVisitStep: [VisitStatus.IN_PROGRESS],
    slipStep: [VisitStatus.IN_PROGRESS],
    finishVisit: [VisitStatus.COMPLETED, VisitStatus.DISCONTINUED],
    undoVisitStep: [VisitStatus.ARRIVED],
  },
  COMPLETED: { undoVisitStep: [VisitStatus.IN_PROGRESS] },
  DISCONTINUED: { undoVisitStep: [VisitStatus.IN_PROGRESS] },
  NO_SHOW: { undoVisitStep: [VisitStatus.BOOKED, VisitStatus.ARRIVED] },
  CANCELLED: {},
  LAPSED: {},
} as const satisfies Record<VisitStatus, Partial<Record<VisitVerb, Followers>>>;

/** When a step is planned, and when it was. */
export interface StepTimes {
  readonly position: number;
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
  readonly startedAt: Temporal.Instant | null;
  readonly endedAt: Temporal.Instant | null;
}

/** What of a visit the table is asked about. A hold whose time is over says LAPSED. */
export interface VisitOfDay {
  readonly status: VisitStatus;
  readonly version: number;
  readonly startsAt: Temporal.Instant;
  /** In the order of their positions. */
  readonly steps: readonly StepTimes[];
}

/** The states that an action can lead to from here; none when it cannot be done. */
export function followersOf(status: VisitStatus, action: VisitVerb): readonly VisitStatus[] {
  const row: Partial<Record<VisitVerb, Followers>> = VISIT_STATES[status];
  return row[action] ?? [];
}

/** Everything that could be done with the visit now by somebody who may do everything. */
export function possibleActions(visit: VisitOfDay, now: Temporal.Instant): readonly VisitVerb[] {
  return VISIT_VERBS.filter(
    (action) => followersOf(visit.status, action).length > 0 && isTimeFor(visit, action, now),
  );
}

/** What this person can do with the visit now: the table, cut down to the permissions they hold. */
export function allowedActions(
  visit: VisitOfDay,
  now: Temporal.Instant,
  permissions: ReadonlySet<string>,
): readonly VisitVerb[] {
  return possibleActions(visit, now).filter((action) => permissions.has(PERMISSION_OF[action]));
}

/**
 * The first "no" to an action. The state comes before the version: whoever presses twice, or presses what a colleague
 * has just pressed, hears where the visit stands and what can be done with it, and nothing is done twice.
 */
export function canDo(
  visit: VisitOfDay,
  action: VisitVerb,
  version: number,
  now: Temporal.Instant,
): Refusal | null {
  if (followersOf(visit.status, action).length === 0) {
    return new NotInThisState(visit.status, possibleActions(visit, now));
  }
  if (visit.version !== version) return new VisitChangedMeanwhile(visit);
  if (action === 'markNoShow' && !hasBegun(visit, now)) return new NoShowTooEarly(visit.startsAt);
  return null;
}

export type StepVerb = 'startVisitStep' | 'finishVisitStep';

/** The same for one step: the next one starts when the one before has ended; the running one is finished. */
export function canDoStep(
  visit: VisitOfDay,
  action: StepVerb,
  wish: { readonly version: number; readonly position: number },
  now: Temporal.Instant,
): Refusal | null {
  if (followersOf(visit.status, action).length === 0) {
    return new NotInThisState(visit.status, possibleActions(visit, now));
  }
  const startable = stepToStart(visit.steps);
  const running = runningStep(visit.steps);
  const due = action === 'startVisitStep' ? startable : running;
  if (due?.position !== wish.position) {
    return new StepNotInThisState(startable?.position ?? null, running?.position ?? null);
  }
  return visit.version === wish.version ? null : new VisitChangedMeanwhile(visit);
}

/** Nobody arrives for a visit before its day on the clinic's calendar; on that day, as early as they like. */
export function canArrive(
  { startsAt }: Pick<VisitOfDay, 'startsAt'>,
  now: Temporal.Instant,
  timeZone: string,
): ArrivalTooEarly | null {
  const possibleFrom = startOfDay(localDate(startsAt, timeZone), timeZone);
  if (Temporal.Instant.compare(possibleFrom, now) <= 0) return null;
  return new ArrivalTooEarly(possibleFrom, formatLocalDate(startsAt, timeZone));
}

/**
 * A step slips until it begins. The first does not slip, it is moved with its visit; nor does what fills a wait (its
 * own wait is null): it follows the step that waits.
 */
export function canSlip(
  visit: VisitOfDay,
  position: number,
  legs: readonly { readonly wait: object | null }[],
): StepNotInThisState | null {
  const step = visit.steps.find((one) => one.position === position);
  const waits = (legs[position]?.wait ?? null) !== null;
  if (step !== undefined && position > 0 && step.startedAt === null && waits) return null;
  const startable = stepToStart(visit.steps);
  return new StepNotInThisState(startable?.position ?? null, runningStep(visit.steps)?.position ?? null);
}

function isTimeFor(visit: VisitOfDay, action: VisitVerb, now: Temporal.Instant): boolean {
  switch (action) {
    case 'markNoShow':
      return hasBegun(visit, now);
    case 'moveVisit':
    case 'cancelVisit':
      return !hasBegun(visit, now);
    case 'startVisitStep':
      return stepToStart(visit.steps) !== null;
    case 'finishVisitStep':
      return runningStep(visit.steps) !== null;
    case 'slipStep':
      return visit.steps.some((step) => step.position > 0 && step.startedAt === null);
    case 'confirmVisit':
    case 'releaseHold':
    case 'markArrived':
    case 'startVisit':
    case 'finishVisit':
    case 'undoVisitStep':
      return true;
  }
}

function hasBegun(visit: VisitOfDay, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(visit.startsAt, now) <= 0;
}

/** The first step that has not begun, when everything before it has ended. */
export function stepToStart(steps: readonly StepTimes[]): StepTimes | null {
  const next = steps.find((step) => step.startedAt === null);
  if (next === undefined) return null;
  const isClear = steps.every((step) => step.position >= next.position || step.endedAt !== null);
  return isClear ? next : null;
}

export function runningStep(steps: readonly StepTimes[]): StepTimes | null {
  return steps.find((step) => step.startedAt !== null && step.endedAt === null) ?? null;
}

/** The times that one step back leaves. A step is named by its position; what is not named stays. */
export interface Undone {
  readonly status: VisitStatus;
  readonly clears: readonly ('arrivedAt' | 'startedAt' | 'finishedAt')[];
  readonly stepsNotStarted: readonly number[];
  readonly stepsNotEnded: readonly number[];
}

/**
 * One step back. Inside a visit with several steps that is the last thing that was said of a step; a visit that has
 * only been started goes back to the waiting room, and so does a no-show of somebody who had arrived. What its end has
 * closed with it is open again.
 */
export function undoOf(
  visit: VisitOfDay & {
    readonly arrivedAt: Temporal.Instant | null;
    readonly finishedAt: Temporal.Instant | null;
  },
): Undone | null {
  const [status] = followersOf(visit.status, 'undoVisitStep');
  if (status === undefined) return null;
  const nothing = { status, clears: [], stepsNotStarted: [], stepsNotEnded: [] } as const;
  switch (visit.status) {
    case VisitStatus.ARRIVED:
      return { ...nothing, clears: ['arrivedAt'] };
    case VisitStatus.NO_SHOW:
      return visit.arrivedAt === null ? nothing : { ...nothing, status: VisitStatus.ARRIVED };
    case VisitStatus.IN_PROGRESS:
      return undoInside(visit, nothing);
    case VisitStatus.COMPLETED:
    case VisitStatus.DISCONTINUED: {
      const { finishedAt } = visit;
      const closed = visit.steps.filter(
        ({ endedAt }) => finishedAt !== null && endedAt?.equals(finishedAt) === true,
      );
      return {
        ...nothing,
        clears: ['finishedAt'],
        stepsNotEnded: closed.slice(-1).map(({ position }) => position),
      };
    }
    case VisitStatus.HELD:
    case VisitStatus.BOOKED:
    case VisitStatus.CANCELLED:
    case VisitStatus.LAPSED:
      return null;
  }
}

function undoInside(visit: VisitOfDay, nothing: Undone): Undone {
  const last = visit.steps.findLast((step) => step.startedAt !== null);
  if (last?.endedAt) {
    return { ...nothing, status: VisitStatus.IN_PROGRESS, stepsNotEnded: [last.position] };
  }
  if (last !== undefined && last.position > 0) {
    return { ...nothing, status: VisitStatus.IN_PROGRESS, stepsNotStarted: [last.position] };
  }
  const begun = visit.steps.filter((step) => step.startedAt !== null).map(({ position }) => position);
  return { ...nothing, clears: ['startedAt'], stepsNotStarted: begun };
}
