import type { CalendarDay, SeriesCalendar } from './series-calendar.rules.js';

// Which series are possible, from every moment at which a visit can start. Plain numbers: a search looks at some
// hundred first visits, each with up to 52 to follow.

/** A patient has to choose between them: more of one day are the same choice. */
const SERIES_PER_DAY_MAX = 3;
/** Series that begin closer together than this are the same choice to a patient. */
const SERIES_SPACING_MINUTES = 30;
const SPACING_MS = SERIES_SPACING_MINUTES * 60_000;

/** Possible starts: both ends, and every point of the grid between them. In order, never overlapping. */
export interface Starts {
  readonly first: number;
  readonly last: number;
}

export interface SeriesPattern {
  readonly count: number;
  readonly everyDays: number;
  /** By how many days one may be put off or brought forward. Less than half of `everyDays`: two never meet. */
  readonly toleranceDays: number;
  readonly stepMs: number;
  /** From the first day of the first visit to the last that the last may have. */
  readonly calendar: SeriesCalendar;
}

/** Somebody who could serve all of it, or whoever can. */
export interface Way {
  /** Its place among the ways. */
  readonly order: number;
  /** With the same people throughout. */
  readonly isKept: boolean;
  readonly starts: readonly Starts[];
}

export interface PlannedOccurrence {
  readonly position: number;
  readonly startMs: number;
  /** When it would have been by the calendar. */
  readonly wantedMs: number;
  readonly isException: boolean;
  /** Somebody else than in the others, who are the same throughout. */
  readonly changesStaff: boolean;
}

export interface PlannedSeries {
  readonly way: Way;
  readonly occurrences: readonly PlannedOccurrence[];
  readonly exceptions: number;
  readonly staffChanges: number;
  readonly shiftDays: number;
  readonly shiftMs: number;
}

/** The first that cannot be, neither when it should nor near that. */
export interface BlockedOccurrence {
  readonly position: number;
  readonly wantedMs: number;
}

/** The series that begins then; or where it breaks off. `whoever` stands in where the way's own people cannot. */
export function planSeries(
  startMs: number,
  way: Way,
  whoever: Way,
  pattern: SeriesPattern,
): PlannedSeries | BlockedOccurrence {
  const { calendar, count, everyDays } = pattern;
  const firstDay = calendar.dayOf(startMs);
  const wallClockMs = calendar.wallClock(startMs);
  const occurrences: PlannedOccurrence[] = [];
  let shiftDays = 0;
  for (let position = 0; position < count; position += 1) {
    const day = firstDay + position * everyDays;
    const wantedMs = wantedOn(calendar, day, wallClockMs);
    const own = nearestStart(way.starts, day, wallClockMs, pattern);
    const found = own ?? (way === whoever ? null : nearestStart(whoever.starts, day, wallClockMs, pattern));
    if (found === null) return { position, wantedMs };
    shiftDays += Math.abs(found.day - day);
    occurrences.push({
      position,
      startMs: found.startMs,
      wantedMs,
      isException: found.startMs !== wantedMs,
      changesStaff: own === null,
    });
  }
  return {
    way,
    occurrences,
    exceptions: occurrences.filter(({ isException }) => isException).length,
    // Whoever can serve is hardly ever the same.
    staffChanges: way.isKept ? occurrences.filter(({ changesStaff }) => changesStaff).length : count - 1,
    shiftDays,
    shiftMs: occurrences.reduce((sum, one) => sum + Math.abs(one.startMs - one.wantedMs), 0),
  };
}

export function isBlocked(plan: PlannedSeries | BlockedOccurrence): plan is BlockedOccurrence {
  return !('occurrences' in plan);
}

/** Of an hour that is skipped in spring: as if the clock had not been put forward. */
function wantedOn({ days, momentOn }: SeriesCalendar, day: number, wallClockMs: number): number {
  return momentOn(day, wallClockMs) ?? (days[day]?.startMs ?? 0) + wallClockMs;
}

function isPossible(starts: readonly Starts[], ms: number): boolean {
  const { first } = starts[firstEndingAtOrAfter(starts, ms)] ?? { first: Number.POSITIVE_INFINITY };
  return first <= ms;
}

/** At that time on the wall; else as near to it as can be on that day; else on the nearest day, the later of two alike. */
function nearestStart(
  starts: readonly Starts[],
  day: number,
  wallClockMs: number,
  { calendar, toleranceDays, stepMs }: SeriesPattern,
): { readonly day: number; readonly startMs: number } | null {
  // Nearly always it is possible when it should be, and this is asked a hundred thousand times.
  const exactMs = calendar.momentOn(day, wallClockMs);
  if (exactMs !== null && isPossible(starts, exactMs)) return { day, startMs: exactMs };
  for (let away = 0; away <= toleranceDays; away += 1) {
    const near = (away === 0 ? [day] : [day + away, day - away]).flatMap((one) => {
      const on = calendar.days[one];
      if (on === undefined) return [];
      const wantedMs = wantedOn(calendar, one, wallClockMs);
      const startMs = nearestOn(starts, on, wantedMs, stepMs);
      return startMs === null ? [] : [{ day: one, startMs, missMs: Math.abs(startMs - wantedMs) }];
    });
    const [best] = near.toSorted((a, b) => a.missMs - b.missMs);
    if (best !== undefined) return best;
  }
  return null;
}

/** The possible start on that day that is nearest, the earlier of two alike; null when there is none. */
function nearestOn(
  starts: readonly Starts[],
  { startMs, endMs }: CalendarDay,
  wantedMs: number,
  stepMs: number,
): number | null {
  let nearest: number | null = null;
  for (let at = firstEndingAtOrAfter(starts, startMs); at < starts.length; at += 1) {
    const { first, last } = starts[at] ?? { first: endMs, last: endMs };
    if (first >= endMs) break;
    const from = Math.max(first, startMs);
    const until = Math.min(last, endMs - stepMs);
    const here = Math.min(Math.max(wantedMs, from), until);
    if (nearest === null || Math.abs(here - wantedMs) < Math.abs(nearest - wantedMs)) nearest = here;
  }
  return nearest;
}

function firstEndingAtOrAfter(starts: readonly Starts[], ms: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle]?.last ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface SeriesChoice {
  readonly ways: readonly Way[];
  readonly whoever: Way;
  readonly pattern: SeriesPattern;
  /** Where the first visit may start, half-open. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** The promise is kept by a first visit before this; from the other on it is a breach. */
  readonly targetUntilMs: number;
  readonly breachUntilMs: number;
  readonly limit: number;
}

/**
 * The series, best first: the first visit inside the promise, then before the breach; then fewer changes of staff where
 * the same people are asked for, fewer exceptions, by fewer days, the earlier first day, exceptions by fewer hours, the
 * earlier start. When there is none, the one that comes furthest says where it breaks off; null: not one can begin.
 */
export function bestSeries(choice: SeriesChoice): {
  readonly series: readonly PlannedSeries[];
  readonly blocked: BlockedOccurrence | null;
} {
  const { ways, whoever, pattern } = choice;
  const possible: PlannedSeries[] = [];
  let blocked: BlockedOccurrence | null = null;
  for (const way of ways) {
    for (const startMs of firstStarts(way.starts, choice)) {
      const plan = planSeries(startMs, way, whoever, pattern);
      if (!isBlocked(plan)) possible.push(plan);
      else if (blocked === null || plan.position > blocked.position) blocked = plan;
    }
  }
  const series = apart(possible.sort(betterFirst(choice)), choice);
  return { series, blocked: series.length > 0 ? null : blocked };
}

function* firstStarts(
  starts: readonly Starts[],
  { fromMs, untilMs, pattern }: SeriesChoice,
): Generator<number> {
  const { stepMs } = pattern;
  for (const { first, last } of starts) {
    if (first >= untilMs) return;
    const from = first >= fromMs ? first : first + Math.ceil((fromMs - first) / stepMs) * stepMs;
    for (let at = from; at <= last && at < untilMs; at += stepMs) yield at;
  }
}

const startOf = ({ occurrences }: PlannedSeries): number => occurrences[0]?.startMs ?? 0;

function betterFirst(choice: SeriesChoice): (a: PlannedSeries, b: PlannedSeries) => number {
  const { targetUntilMs, breachUntilMs, pattern } = choice;
  const isKept = choice.ways.some((way) => way.isKept);
  const side = (ms: number): number => (ms < targetUntilMs ? 0 : ms < breachUntilMs ? 1 : 2);
  return (a, b) =>
    side(startOf(a)) - side(startOf(b)) ||
    (isKept ? a.staffChanges - b.staffChanges : 0) ||
    a.exceptions - b.exceptions ||
    a.shiftDays - b.shiftDays ||
    pattern.calendar.dayOf(startOf(a)) - pattern.calendar.dayOf(startOf(b)) ||
    a.shiftMs - b.shiftMs ||
    startOf(a) - startOf(b) ||
    a.way.order - b.way.order;
}

/** Without those that begin too close to a better one, and no more than a few on a day. */
function apart(sorted: readonly PlannedSeries[], { limit, pattern }: SeriesChoice): readonly PlannedSeries[] {
  const chosen: PlannedSeries[] = [];
  const onDay = new Map<number, number>();
  for (const one of sorted) {
    if (chosen.length >= limit) break;
    const day = pattern.calendar.dayOf(startOf(one));
    const count = onDay.get(day) ?? 0;
    const isApart = chosen.every((other) => Math.abs(startOf(other) - startOf(one)) >= SPACING_MS);
    if (!isApart || count >= SERIES_PER_DAY_MAX) continue;
    chosen.push(one);
    onDay.set(day, count + 1);
  }
  return chosen;
}
