import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import type { StepTimes } from './visit-day.rules.js';
import { expectedEnd, type LegWait, type LegWindow, nextLeg, overrunMinutes } from './visit-leg.rules.js';

/** What the board needs of a visit to say how it goes. */
export interface BoardVisit {
  readonly id: string;
  readonly status: VisitStatus;
  readonly arrivedAt: Temporal.Instant | null;
  readonly steps: readonly (StepTimes & {
    readonly resources: readonly { readonly resource: { readonly id: string } }[];
  })[];
}

const MINUTE_MS = 60_000;

/** Whole minutes that the patient has been waiting to be seen; null unless they are waiting. */
export function waitingMinutes(
  visit: Pick<BoardVisit, 'status' | 'arrivedAt'>,
  now: Temporal.Instant,
): number | null {
  if (visit.status !== VisitStatus.ARRIVED || visit.arrivedAt === null) return null;
  return Math.max(0, minutesBetween(visit.arrivedAt, now));
}

/** Minutes by which the visit itself is late: those of the last step that has begun; 0 before the first has. */
export function visitOverrun(visit: Pick<BoardVisit, 'steps'>, now: Temporal.Instant): number {
  const last = visit.steps.findLast((step) => step.startedAt !== null);
  return last === undefined ? 0 : overrunMinutes(last, now);
}

/** The step that comes next, and between when it must start; null when there is none, or nobody waits for it any more. */
export function nextStep(
  visit: Pick<BoardVisit, 'status' | 'steps'>,
  waits: readonly (LegWait | null)[],
  now: Temporal.Instant,
): (LegWindow & { readonly position: number }) | null {
  return isAhead(visit.status) || visit.status === VisitStatus.IN_PROGRESS
    ? nextLeg(visit.steps, waits, now)
    : null;
}

/**
 * Of each visit that is still to begin a step: the minutes by which a resource of it will be late, because another
 * visit's running step is expected to end after the planned start. Visits that nobody keeps waiting are left out.
 */
export function expectedDelays(
  visits: readonly BoardVisit[],
  now: Temporal.Instant,
): ReadonlyMap<string, number> {
  const busyUntil = new Map<string, { readonly visitId: string; readonly until: Temporal.Instant }>();
  for (const visit of visits) {
    if (visit.status !== VisitStatus.IN_PROGRESS) continue;
    for (const step of visit.steps) {
      if (step.startedAt === null || step.endedAt !== null) continue;
      const until = expectedEnd(step, now);
      for (const { resource } of step.resources) busyUntil.set(resource.id, { visitId: visit.id, until });
    }
  }
  const delays = new Map<string, number>();
  for (const visit of visits) {
    if (!isAhead(visit.status) && visit.status !== VisitStatus.IN_PROGRESS) continue;
    for (const step of visit.steps) {
      if (step.startedAt !== null) continue;
      for (const { resource } of step.resources) {
        const busy = busyUntil.get(resource.id);
        if (busy === undefined || busy.visitId === visit.id) continue;
        const late = minutesBetween(step.startsAt, busy.until);
        if (late > (delays.get(visit.id) ?? 0)) delays.set(visit.id, late);
      }
    }
  }
  return delays;
}

function isAhead(status: VisitStatus): boolean {
  return status === VisitStatus.BOOKED || status === VisitStatus.ARRIVED;
}

function minutesBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return Math.floor((to.epochMilliseconds - from.epochMilliseconds) / MINUTE_MS);
}
