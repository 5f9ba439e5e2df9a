import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { FreeSpan } from './free-span.rules.js';

/** A resource and when it is free: epoch milliseconds, sorted, half-open, never touching or overlapping. */
export interface DiaryResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly siteId: string;
  readonly skills: readonly string[];
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** A stretch of time in epoch milliseconds, half-open. */
export type MsSpan = readonly [fromMs: number, untilMs: number];

/** The free time of a resource as two parallel lists. */
export interface FreeTimes {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Spans in any order as sorted lists, in which what overlaps or touches is one. */
export function toFreeTimes(spans: readonly MsSpan[]): FreeTimes {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [fromMs, untilMs] of spans.toSorted((a, b) => a[0] - b[0])) {
    if (fromMs >= untilMs) continue;
    const last = ends.length - 1;
    if (fromMs <= (ends[last] ?? Number.NEGATIVE_INFINITY)) {
      ends[last] = Math.max(ends[last] ?? untilMs, untilMs);
    } else {
      starts.push(fromMs);
      ends.push(untilMs);
    }
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}

/** The lists as spans. */
export function toSpans({ starts, ends }: FreeTimes): readonly MsSpan[] {
  return Array.from(starts, (fromMs, index) => [fromMs, ends[index] ?? fromMs]);
}

/** Free spans of the calendar as a diary, with what only the resource itself says. */
export function toDiary(
  free: readonly FreeSpan[],
  traits: ReadonlyMap<string, { readonly siteId: string; readonly skills: readonly string[] }>,
): readonly DiaryResource[] {
  const spans = new Map<string, { readonly first: FreeSpan; readonly spans: MsSpan[] }>();
  for (const span of free) {
    const known = spans.get(span.resourceId) ?? { first: span, spans: [] };
    spans.set(span.resourceId, known);
    known.spans.push([span.startsAt.epochMilliseconds, span.endsAt.epochMilliseconds]);
  }
  return [...spans.values()].map(({ first, spans: own }) => ({
    id: first.resourceId,
    kind: first.kind,
    name: first.resourceName,
    siteId: traits.get(first.resourceId)?.siteId ?? '',
    skills: traits.get(first.resourceId)?.skills ?? [],
    ...toFreeTimes(own),
  }));
}

/** The index of the last free span that starts at or before; -1 when there is none. */
export function spanAtOrBefore({ starts }: FreeTimes, ms: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Number.POSITIVE_INFINITY) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The index of the free span that holds the whole of [fromMs, untilMs); -1 when there is none. */
export function spanAround(times: FreeTimes, fromMs: number, untilMs: number): number {
  const index = spanAtOrBefore(times, fromMs);
  return index >= 0 && untilMs <= (times.ends[index] ?? Number.NEGATIVE_INFINITY) ? index : -1;
}

/** Only what lies in [fromMs, untilMs), cut at both ends. */
export function cutTimes(times: FreeTimes, fromMs: number, untilMs: number): FreeTimes {
  return toFreeTimes(
    toSpans(times).map(([from, until]) => [Math.max(from, fromMs), Math.min(until, untilMs)]),
  );
}

/** What is left of free time once some of it is taken. What is taken may come in any order and overlap. */
export function subtractTimes(times: FreeTimes, taken: readonly MsSpan[]): FreeTimes {
  const busy = toSpans(toFreeTimes(taken));
  const left: MsSpan[] = [];
  let next = 0;
  for (const [fromMs, untilMs] of toSpans(times)) {
    let sinceMs = fromMs;
    while ((busy[next]?.[1] ?? Number.POSITIVE_INFINITY) <= fromMs) next += 1;
    for (let at = next; (busy[at]?.[0] ?? Number.POSITIVE_INFINITY) < untilMs; at += 1) {
      const [busyFrom, busyUntil] = busy[at] ?? [untilMs, untilMs];
      left.push([sinceMs, busyFrom]);
      sinceMs = busyUntil;
    }
    left.push([sinceMs, untilMs]);
  }
  return toFreeTimes(left);
}

/** What either list has. */
export function addTimes(times: FreeTimes, more: FreeTimes): FreeTimes {
  return toFreeTimes([...toSpans(times), ...toSpans(more)]);
}
