import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { formatLocalDate, localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { NotInThisState, VisitChangedMeanwhile } from './visit.refusals.js';
import { COMPANION_STATES } from './visit-companion.rules.js';
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
    cancelVisit: [VisitStatus.CANCELLED],
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

type States = Readonly<Record<VisitStatus, Partial<Record<VisitVerb, Followers>>>>;

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
  /** The room that follows it and says itself that it begins and ends; null or left out: an ordinary visit. */
  readonly companion?: string | null;
  /** In the order of their positions. */
  readonly steps: readonly StepTimes[];
}

/** The states that an action can lead to from here; none when it cannot be done. */
export function followersOf(
  status: VisitStatus,
  action: VisitVerb,
  companion: string | null = null,
): readonly VisitStatus[] {
  const table: States = companion === null ? VISIT_STATES : COMPANION_STATES;
  return table[status][action] ?? [];
}

/** Everything that could be done with the visit now by somebody who may do everything. */
export function possibleActions(visit: VisitOfDay, now: Temporal.Instant): readonly VisitVerb[] {
  return VISIT_VERBS.filter((action) => canFollow(visit, action) && isTimeFor(visit, action, now));
}

/** What this person can do with the visit now: the table, cut down to the permissions they hold and to its local day. */
export function allowedActions(
  visit: VisitOfDay,
  now: Temporal.Instant,
  permissions: ReadonlySet<string>,
  timeZone: string,
): readonly VisitVerb[] {
  return possibleActions(visit, now).filter(
    (action) =>
      permissions.has(PERMISSION_OF[action]) &&
      (action !== 'markArrived' || canArrive(visit, now, timeZone) === null),
  );
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
  if (!canFollow(visit, action)) return new NotInThisState(visit.status, possibleActions(visit, now));
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
  if (!canFollow(visit, action)) return new NotInThisState(visit.status, possibleActions(visit, now));
  const startable = ownStep(visit, stepToStart(visit.steps));
  const running = ownStep(visit, runningStep(visit.steps));
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
  if (step !== undefined && isAhead(visit.steps, position) && waits) return null;
  const startable = stepToStart(visit.steps);
  return new StepNotInThisState(startable?.position ?? null, runningStep(visit.steps)?.position ?? null);
}

function isTimeFor(visit: VisitOfDay, action: VisitVerb, now: Temporal.Instant): boolean {
  switch (action) {
    case 'markNoShow':
      return hasBegun(visit, now);
    case 'moveVisit':
      return !hasBegun(visit, now);
    case 'startVisitStep':
      return ownStep(visit, stepToStart(visit.steps)) !== null;
    case 'finishVisitStep':
      return ownStep(visit, runningStep(visit.steps)) !== null;
    case 'slipStep':
      return visit.steps.some((step) => isAhead(visit.steps, step.position));
    // Once its time has come, for reasons of the clinic's own: which, the verb judges.
    case 'cancelVisit':
    case 'confirmVisit':
    case 'releaseHold':
    case 'markArrived':
    case 'startVisit':
    case 'finishVisit':
    case 'undoVisitStep':
      return true;
  }
}

function canFollow({ status, companion = null, steps }: VisitOfDay, action: VisitVerb): boolean {
  // Who was injected has come, although the scan, and so the visit, has not begun.
  if (action === 'markNoShow' && steps.some((step) => step.startedAt !== null)) return false;
  return followersOf(status, action, companion).length > 0;
}

/** Neither it nor anything after it has begun. A scanner begins the last step whatever was recorded of those before. */
function isAhead(steps: readonly StepTimes[], position: number): boolean {
  return position > 0 && steps.every((step) => step.position < position || step.startedAt === null);
}

/** The last step of a visit that another room follows is that room's to begin and to end. */
function ownStep(visit: VisitOfDay, step: StepTimes | null): StepTimes | null {
  return (visit.companion ?? null) !== null && step === visit.steps.at(-1) ? null : step;
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
