import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { followersOf, type VisitOfDay } from './visit-day.rules.js';

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
  const [status] = followersOf(visit.status, 'undoVisitStep', visit.companion);
  if (status === undefined) return null;
  const nothing = { status, clears: [], stepsNotStarted: [], stepsNotEnded: [] } as const;
  switch (visit.status) {
    case VisitStatus.ARRIVED:
      return undoWhileWaiting(visit) ?? { ...nothing, clears: ['arrivedAt'] };
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

/** Of a visit that another room follows a step may have begun, and ended, before the visit itself: the injection. */
function undoWhileWaiting({ steps }: VisitOfDay): Undone | null {
  const last = steps.findLast((step) => step.startedAt !== null);
  if (last === undefined) return null;
  const { position, endedAt } = last;
  const undone = { status: VisitStatus.ARRIVED, clears: [], stepsNotStarted: [], stepsNotEnded: [] } as const;
  return endedAt === null
    ? { ...undone, stepsNotStarted: [position] }
    : { ...undone, stepsNotEnded: [position] };
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
