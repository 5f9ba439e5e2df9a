import { Temporal } from '../../platform/time/index.js';

// Sorted lists of disjoint stretches of possible starts, in epoch milliseconds. Both ends of a stretch are themselves
// possible starts (closed intervals of grid points), and every operation is one pass over sorted lists.

export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** Where a step may start: so many minutes past the local hour, whatever the offset from UTC. */
export interface StartGrid {
  /** The first possible start at or after. */
  readonly atOrAfter: (ms: number) => number;
  /** The last possible start at or before. */
  readonly atOrBefore: (ms: number) => number;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const NANOSECONDS_PER_MS = 1_000_000;

interface OffsetPeriod {
  readonly sinceMs: number;
  readonly offsetMs: number;
}

/** The offsets from UTC that hold between two times: one, or one more for each change of the clocks. */
function offsetPeriods(fromMs: number, untilMs: number, timeZone: string): readonly OffsetPeriod[] {
  const periods: OffsetPeriod[] = [];
  let moment = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  for (;;) {
    periods.push({
      sinceMs: moment.epochMilliseconds,
      offsetMs: moment.offsetNanoseconds / NANOSECONDS_PER_MS,
    });
    const change = moment.getTimeZoneTransition('next');
    if (change === null || change.epochMilliseconds > untilMs) return periods;
    moment = change;
  }
}

/** `stepMinutes` must divide the hour, so that the grid is the same in every hour. */
export function startGrid(stepMinutes: number, fromMs: number, untilMs: number, timeZone: string): StartGrid {
  if (!Number.isInteger(HOUR_MINUTES / stepMinutes)) {
    throw new RangeError(`start step of ${stepMinutes} minutes does not divide the hour`);
  }
  const stepMs = stepMinutes * MINUTE_MS;
  const periods = offsetPeriods(fromMs, untilMs, timeZone);
  const offsetAt = (ms: number): number =>
    periods.findLast((period) => period.sinceMs <= ms)?.offsetMs ?? periods[0]?.offsetMs ?? 0;
  return {
    atOrAfter: (ms) => Math.ceil((ms + offsetAt(ms)) / stepMs) * stepMs - offsetAt(ms),
    atOrBefore: (ms) => Math.floor((ms + offsetAt(ms)) / stepMs) * stepMs - offsetAt(ms),
  };
}

/** The stretches in which at least `count` of the given ones overlap. Order in does not matter. */
export function whereAtLeast(count: number, stretches: readonly Stretch[]): readonly Stretch[] {
  const firsts = stretches.map((stretch) => stretch.first).sort((a, b) => a - b);
  const lasts = stretches.map((stretch) => stretch.last).sort((a, b) => a - b);
  const found: Stretch[] = [];
  let open = 0;
  let since = 0;
  let nextFirst = 0;
  for (const last of lasts) {
    // A stretch is still there at its last start, so what begins at that moment counts before it is closed.
    for (let first = firsts[nextFirst]; first !== undefined && first <= last; first = firsts[nextFirst]) {
      open += 1;
      nextFirst += 1;
      if (open === count) since = first;
    }
    if (open === count) found.push({ first: since, last });
    open -= 1;
  }
  return found;
}

/** Where both lists have a stretch. */
export function whereBoth(a: readonly Stretch[], b: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return found;
    const first = Math.max(left.first, right.first);
    const last = Math.min(left.last, right.last);
    if (first <= last) found.push({ first, last });
    if (left.last <= right.last) i += 1;
    else j += 1;
  }
}

/** The index of the last stretch that begins at or before `ms`; -1 when there is none. */
export function stretchAtOrBefore(stretches: readonly Stretch[], ms: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.first ?? Number.POSITIVE_INFINITY) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The part of the list between two times, cut at both. */
export function between(
  stretches: readonly Stretch[],
  fromMs: number,
  untilMs: number,
  grid: StartGrid,
): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let i = Math.max(0, stretchAtOrBefore(stretches, fromMs)); i < stretches.length; i += 1) {
    const stretch = stretches[i];
    if (stretch === undefined || stretch.first >= untilMs) break;
    const first = Math.max(stretch.first, grid.atOrAfter(fromMs));
    const last = Math.min(stretch.last, grid.atOrBefore(untilMs - 1));
    if (first <= last) found.push({ first, last });
  }
  return found;
}

export interface StartWish {
  readonly idealMs: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** The possible start nearest the ideal one, within its bounds; of two as near, the earlier. */
export function nearestStart(stretches: readonly Stretch[], wish: StartWish, grid: StartGrid): number | null {
  return nearestIn(stretches, wish.idealMs, wish.earliestMs, wish.latestMs, grid);
}

/** The same, for the inner loop of a search: asked for so often that making a wish takes longer than to meet it. */
export function nearestIn(
  stretches: readonly Stretch[],
  idealMs: number,
  earliestMs: number,
  latestMs: number,
  grid: StartGrid,
): number | null {
  const index = stretchAtOrBefore(stretches, idealMs);
  const here = stretches[index];
  const isHere = here !== undefined && idealMs <= here.last;
  const before = here === undefined ? null : isHere ? grid.atOrBefore(idealMs) : here.last;
  if (before === idealMs && earliestMs <= idealMs && idealMs <= latestMs) return idealMs;
  const after = isHere ? grid.atOrAfter(idealMs) : (stretches[index + 1]?.first ?? null);
  const early = before !== null && before >= earliestMs ? before : null;
  const late = after !== null && after <= latestMs ? after : null;
  if (early === null || late === null) return early ?? late;
  return idealMs - early <= late - idealMs ? early : late;
}
