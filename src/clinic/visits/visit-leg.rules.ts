import { formatLocalTime, Temporal } from '../../platform/time/index.js';
import { LegOutsideWindow } from './visit-day.refusals.js';
import type { StepTimes } from './visit-day.rules.js';

/** How long a step waits for the one before, from the protocol of the visit. Adjacent: 0 and 0. */
export interface LegWait {
  readonly minMinutes: number;
  readonly maxMinutes: number;
}

/** What the protocol says of one step. */
export interface LegNeeds {
  /** Null for the first step and for one that fills the wait. */
  readonly wait: LegWait | null;
  /** Lasts from the end of the step before to the start of the step after. */
  readonly fillsWait: boolean;
  readonly patientPresent: boolean;
  readonly needs: readonly {
    readonly role: string;
    readonly bufferBeforeMinutes: number;
    readonly bufferAfterMinutes: number;
  }[];
}

interface Span {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** The bounds between which a step must start, both allowed. */
export interface LegWindow {
  readonly earliestAt: Temporal.Instant;
  readonly latestAt: Temporal.Instant;
}

const MINUTE_MS = 60_000;
const NO_WAIT: LegWait = { minMinutes: 0, maxMinutes: 0 };

/**
 * When a step ends as far as anybody knows now: when it did; of a running one when its planned length is over, and when
 * that has passed, now; else as it is planned.
 */
export function expectedEnd(step: StepTimes, now: Temporal.Instant): Temporal.Instant {
  if (step.endedAt !== null) return step.endedAt;
  if (step.startedAt === null) return step.endsAt;
  return later(step.startedAt.add(step.startsAt.until(step.endsAt)), now);
}

/** Whole minutes by which a step ends later than planned, as far as anybody knows now. */
export function overrunMinutes(step: StepTimes, now: Temporal.Instant): number {
  const late = expectedEnd(step, now).epochMilliseconds - step.endsAt.epochMilliseconds;
  return Math.max(0, Math.floor(late / MINUTE_MS));
}

/**
 * Between when a step must start, given how the one before ended. Diaries know whole minutes: an end between two of
 * them counts as the later one for the earliest start, and never lengthens the longest wait. A step that should follow
 * at once on one that has ended keeps its own time when that is later, and when both are over it may start now: nobody
 * can be sent back in time.
 */
export function legWindow(
  before: StepTimes,
  step: Pick<StepTimes, 'startsAt'>,
  wait: LegWait,
  now: Temporal.Instant,
): LegWindow {
  const end = expectedEnd(before, now);
  const earliestAt = wholeMinute(end.add({ minutes: wait.minMinutes }), 'ceil');
  if (wait.maxMinutes > 0) {
    const latestAt = wholeMinute(end.add({ minutes: wait.maxMinutes }), 'floor');
    return { earliestAt, latestAt: later(earliestAt, latestAt) };
  }
  if (before.endedAt === null) return { earliestAt, latestAt: earliestAt };
  return { earliestAt, latestAt: later(later(earliestAt, step.startsAt), wholeMinute(now, 'ceil')) };
}

/**
 * The next step that has not begun, with its window; null when the visit has none, or only its first. What fills a wait
 * (its own wait is null) has no window: the one that it waits for has.
 */
export function nextLeg(
  steps: readonly StepTimes[],
  waits: readonly (LegWait | null)[],
  now: Temporal.Instant,
): (LegWindow & { readonly position: number }) | null {
  const next = steps.find((step) => step.startedAt === null && (step.position === 0 || hasWait(waits, step)));
  const wait = next === undefined ? null : (waits[next.position] ?? null);
  if (next === undefined || wait === null) return null;
  const before = steps.findLast(
    (step) => step.position < next.position && (step.position === 0 || hasWait(waits, step)),
  );
  return before === undefined ? null : { position: next.position, ...legWindow(before, next, wait, now) };
}

function hasWait(waits: readonly (LegWait | null)[], { position }: StepTimes): boolean {
  return (waits[position] ?? null) !== null;
}

/**
 * The steps as they are once one of them has slipped: those before stay, it takes its new time, and each later one stays
 * too unless its own window has moved away from it; then it goes to the nearest bound. Refused when the step itself
 * would lie outside its window.
 */
export function slip<Step extends StepTimes>(
  steps: readonly Step[],
  legs: readonly Pick<LegNeeds, 'wait' | 'fillsWait'>[],
  wish: { readonly position: number; readonly startsAt: Temporal.Instant },
  now: Temporal.Instant,
  timeZone: string,
): readonly Step[] | LegOutsideWindow {
  const slipped: Step[] = [];
  for (const step of steps) {
    // What fills a wait has no window of its own: the wait is counted from the step before it.
    const before = slipped.findLast(({ position }) => !legs[position]?.fillsWait);
    const wait = legs[step.position]?.wait ?? null;
    if (step.position < wish.position || before === undefined || wait === null) {
      slipped.push(step);
      continue;
    }
    const window = legWindow(before, step, wait, now);
    const startsAt = step.position === wish.position ? wish.startsAt : nearest(window, step.startsAt);
    if (!isInside(window, startsAt)) return outside(step.position, window, timeZone);
    slipped.push(startingAt(step, startsAt));
  }
  return stretchFillers(slipped, legs, wish.position, now, timeZone);
}

/**
 * What fills a wait lasts from the end of the step before, planned or actual, whichever is earlier, to the start of the
 * step after. Refused when no minute would be left for it.
 */
function stretchFillers<Step extends StepTimes>(
  steps: readonly Step[],
  legs: readonly Pick<LegNeeds, 'wait' | 'fillsWait'>[],
  slippedPosition: number,
  now: Temporal.Instant,
  timeZone: string,
): readonly Step[] | LegOutsideWindow {
  const stretched: Step[] = [];
  for (const [at, step] of steps.entries()) {
    const [before, after] = [steps[at - 1], steps[at + 1]];
    const isFiller = legs[step.position]?.fillsWait === true && step.position >= slippedPosition - 1;
    if (!isFiller || before === undefined || after === undefined) {
      stretched.push(step);
      continue;
    }
    // Down to the minute: rounded up, an end inside a minute would leave none before a start at the end of it.
    const actual = wholeMinute(expectedEnd(before, now), 'floor');
    const startsAt = earlier(before.endsAt, actual);
    if (Temporal.Instant.compare(startsAt, after.startsAt) >= 0) {
      const window = legWindow(before, after, legs[after.position]?.wait ?? NO_WAIT, now);
      const earliestAt = later(window.earliestAt, startsAt.add({ minutes: 1 }));
      const latestAt = later(window.latestAt, earliestAt);
      return outside(after.position, { earliestAt, latestAt }, timeZone);
    }
    stretched.push({ ...step, startsAt, endsAt: after.startsAt });
  }
  return stretched;
}

/** What the steps take of each resource, buffers included; what touches or overlaps is one, in order of time. */
export function resourceSpans(
  steps: readonly (Span & {
    readonly position: number;
    readonly resources: readonly { readonly role: string; readonly resource: { readonly id: string } }[];
  })[],
  legs: readonly Pick<LegNeeds, 'needs'>[],
): readonly (Span & { readonly resourceId: string })[] {
  const uses = steps.flatMap((step) =>
    step.resources.map(({ role, resource }) => {
      const need = legs[step.position]?.needs.find((one) => one.role === role);
      return {
        resourceId: resource.id,
        startsAt: step.startsAt.subtract({ minutes: need?.bufferBeforeMinutes ?? 0 }),
        endsAt: step.endsAt.add({ minutes: need?.bufferAfterMinutes ?? 0 }),
      };
    }),
  );
  const taken: (Span & { readonly resourceId: string })[] = [];
  for (const use of uses.toSorted((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt))) {
    const at = taken.findLastIndex(({ resourceId }) => resourceId === use.resourceId);
    const last = taken[at];
    if (last === undefined || Temporal.Instant.compare(last.endsAt, use.startsAt) < 0) taken.push(use);
    else taken[at] = { ...last, endsAt: later(last.endsAt, use.endsAt) };
  }
  return taken;
}

function startingAt<Step extends StepTimes>(step: Step, startsAt: Temporal.Instant): Step {
  return { ...step, startsAt, endsAt: startsAt.add(step.startsAt.until(step.endsAt)) };
}

function isInside({ earliestAt, latestAt }: LegWindow, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(earliestAt, at) <= 0 && Temporal.Instant.compare(at, latestAt) <= 0;
}

function nearest({ earliestAt, latestAt }: LegWindow, at: Temporal.Instant): Temporal.Instant {
  if (Temporal.Instant.compare(at, earliestAt) < 0) return earliestAt;
  return Temporal.Instant.compare(at, latestAt) > 0 ? latestAt : at;
}

function outside(position: number, { earliestAt, latestAt }: LegWindow, timeZone: string): LegOutsideWindow {
  const [from, until] = [formatLocalTime(earliestAt, timeZone), formatLocalTime(latestAt, timeZone)];
  const when = earliestAt.equals(latestAt) ? `at ${from}` : `between ${from} and ${until}`;
  return new LegOutsideWindow(position, earliestAt, latestAt, when);
}

function wholeMinute(at: Temporal.Instant, roundingMode: 'ceil' | 'floor'): Temporal.Instant {
  return at.round({ smallestUnit: 'minute', roundingMode });
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b;
}
