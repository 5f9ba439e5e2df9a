import { VisitStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** What a patient is told of a visit. */
export type VisitNews = 'booked' | 'moved' | 'cancelled';

interface PlannedTime {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** What of a visit is news to its patient. */
export interface NewsOfVisit extends PlannedTime {
  readonly status: VisitStatus;
  /** Null: an ordinary visit. */
  readonly companion: string | null;
  readonly siteCode: string;
  readonly steps: readonly PlannedTime[];
}

/** What a visit may have been before it is booked: nothing, a hold, or one that was called off by mistake. */
const NOT_YET_BOOKED: ReadonlySet<VisitStatus | null> = new Set([
  null,
  VisitStatus.HELD,
  VisitStatus.CANCELLED,
]);

/**
 * What the patient has to hear of a change; null: nothing. Other rooms tell of the visits that they follow. What
 * happens on the day is told to nobody who is there, and a step that slips only if the visit begins at another time.
 */
export function newsOf(action: string, before: NewsOfVisit | null, after: NewsOfVisit): VisitNews | null {
  if (after.companion !== null) return null;
  // Nobody was told of what is taken back, but what they should have heard before may have been overtaken by it: it is
  // said again that the visit is booked, and to those who know, the letter says nothing.
  if (action === 'visit.restored') return 'booked';
  const was = before?.status ?? null;
  if (after.status === VisitStatus.CANCELLED) return was === VisitStatus.BOOKED ? 'cancelled' : null;
  if (after.status !== VisitStatus.BOOKED) return null;
  if (NOT_YET_BOOKED.has(was)) return 'booked';
  if (before === null || was !== VisitStatus.BOOKED) return null;
  const isElsewhere =
    action === 'visit.step-slipped' ? !beginsTheSame(before, after) : !isToldTheSame(before, after);
  return isElsewhere ? 'moved' : null;
}

/** At the same time and at the same site. */
export function beginsTheSame(
  one: Pick<NewsOfVisit, 'startsAt' | 'siteCode'>,
  other: Pick<NewsOfVisit, 'startsAt' | 'siteCode'>,
): boolean {
  return one.startsAt.equals(other.startsAt) && one.siteCode === other.siteCode;
}

/** With every step at the same time, too. Who serves them is not told. */
export function isToldTheSame(
  one: Pick<NewsOfVisit, 'startsAt' | 'endsAt' | 'siteCode' | 'steps'>,
  other: Pick<NewsOfVisit, 'startsAt' | 'endsAt' | 'siteCode' | 'steps'>,
): boolean {
  return (
    beginsTheSame(one, other) &&
    one.endsAt.equals(other.endsAt) &&
    one.steps.length === other.steps.length &&
    one.steps.every((step, index) => {
      const against = other.steps[index];
      return (
        against !== undefined && step.startsAt.equals(against.startsAt) && step.endsAt.equals(against.endsAt)
      );
    })
  );
}
