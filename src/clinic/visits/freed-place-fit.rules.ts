import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Fit } from './freed-place-rank.rules.js';

/** A resource and when it is free, as the search reads it: epoch milliseconds, in order, half-open. */
export interface FreeResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** A stretch of a resource, in epoch milliseconds. */
export interface ResourceStretch {
  readonly resourceId: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of a place. */
export interface PlaceStretch extends ResourceStretch {
  readonly kind: ResourceKind;
}

/** Of many who could help out, so many are tried, each by itself. */
const HELPERS_MAX = 8;

/**
 * The diaries in which a visit for the place is looked for, the best use first: with all of what fell free, of each
 * kind; then with what fell free of one kind; then with any of it, together with whatever else is free. What fell free
 * counts with its own time only, which is what is kept for those who are asked. Of a kind of which a step needs
 * several, what fell free is joined by one other after another: among many it might not be chosen.
 */
export function diariesFor<Resource extends FreeResource>(
  diary: readonly Resource[],
  place: readonly PlaceStretch[],
  severalOf: ReadonlySet<ResourceKind> = new Set(),
): readonly (readonly Resource[])[] {
  const freed = new Set(place.map(({ resourceId }) => resourceId));
  const cut = diary.map((one) => (freed.has(one.id) ? within(one, place) : one));
  const some = cut.filter(({ starts }) => starts.length > 0);
  const kinds = [...new Set(place.map(({ kind }) => kind))].filter((kind) =>
    some.some((one) => one.kind === kind && freed.has(one.id)),
  );
  const only = (fixed: readonly ResourceKind[], helper: string | null = null) =>
    some.filter(({ id, kind }) => freed.has(id) || id === helper || !fixed.includes(kind));
  const ways = [kinds, ...(kinds.length > 1 ? kinds.map((kind) => [kind]) : [])];
  const joined = kinds
    .filter((kind) => severalOf.has(kind))
    .flatMap((kind) => {
      const helpers = some.filter((one) => one.kind === kind && !freed.has(one.id));
      return helpers.slice(0, HELPERS_MAX).map(({ id }) => only([kind], id));
    });
  return kinds.length === 0 ? [] : [...ways.map((fixed) => only(fixed)), ...joined, some];
}

/** How well some claims fill the place; null: they use nothing of it. */
export function fitOf(
  place: readonly PlaceStretch[],
  claims: readonly ResourceStretch[],
  shortestUseMs: ReadonlyMap<ResourceKind, number>,
): Fit | null {
  let usedMs = 0;
  let unusableMs = 0;
  let unusedMs = 0;
  for (const stretch of place) {
    const shortestMs = shortestUseMs.get(stretch.kind) ?? 0;
    const left = leftOver(stretch, claims);
    const leftMs = left.reduce((sum, ms) => sum + ms, 0);
    usedMs += stretch.endMs - stretch.startMs - leftMs;
    unusedMs += leftMs;
    unusableMs += left.filter((ms) => ms < shortestMs).reduce((sum, ms) => sum + ms, 0);
  }
  return usedMs === 0 ? null : { unusableMs, unusedMs };
}

/** The lengths of what remains of a stretch. */
function leftOver(stretch: ResourceStretch, claims: readonly ResourceStretch[]): readonly number[] {
  const taken = claims
    .filter(({ resourceId }) => resourceId === stretch.resourceId)
    .toSorted((a, b) => a.startMs - b.startMs);
  const pieces: number[] = [];
  let sinceMs = stretch.startMs;
  for (const { startMs, endMs } of taken) {
    if (endMs <= sinceMs || startMs >= stretch.endMs) continue;
    pieces.push(startMs - sinceMs);
    sinceMs = Math.min(endMs, stretch.endMs);
  }
  pieces.push(stretch.endMs - sinceMs);
  return pieces.filter((ms) => ms > 0);
}

function within<Resource extends FreeResource>(
  resource: Resource,
  place: readonly ResourceStretch[],
): Resource {
  const spans = place
    .filter(({ resourceId }) => resourceId === resource.id)
    .flatMap(({ startMs, endMs }) =>
      Array.from(resource.starts, (fromMs, index) => [
        Math.max(fromMs, startMs),
        Math.min(resource.ends[index] ?? fromMs, endMs),
      ]),
    )
    .filter(([fromMs = 0, untilMs = 0]) => fromMs < untilMs)
    .toSorted(([a = 0], [b = 0]) => a - b);
  return {
    ...resource,
    starts: Float64Array.from(spans, ([fromMs = 0]) => fromMs),
    ends: Float64Array.from(spans, ([, untilMs = 0]) => untilMs),
  };
}
