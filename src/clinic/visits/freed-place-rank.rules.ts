import { Temporal } from '../../platform/time/index.js';

/** How well a visit fills a place: the less is left over the better. */
export interface Fit {
  /** Of the place, left over in pieces that are too short for any visit. */
  readonly unusableMs: number;
  /** Of the place, left over at all. */
  readonly unusedMs: number;
}

/** What decides who is asked first. */
export interface Waiting {
  readonly requestId: string;
  /** They have a visit, and would come sooner. */
  readonly hasVisit: boolean;
  /** Local date from which the wait is counted. */
  readonly startedOn: Temporal.PlainDate;
  /** The last local date that is no breach. */
  readonly breachOn: Temporal.PlainDate;
}

/** A day later than that of the place would be a breach, or the wait is one already. */
export function isUrgent(waiting: Pick<Waiting, 'breachOn'>, placeOn: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(waiting.breachOn, placeOn) <= 0;
}

/**
 * The order before it is known how well each fits: whoever has no visit yet comes first. Zero: only the fit, and then
 * the id, tells them apart.
 */
export function compareUrgency(a: Waiting, b: Waiting, placeOn: Temporal.PlainDate): number {
  return (
    Number(a.hasVisit) - Number(b.hasVisit) ||
    Number(isUrgent(b, placeOn)) - Number(isUrgent(a, placeOn)) ||
    Temporal.PlainDate.compare(a.startedOn, b.startedOn)
  );
}

/** The less is left in pieces that are too short for anything the better, and then the less is left at all. */
export function compareFit(a: Fit, b: Fit): number {
  return a.unusableMs - b.unusableMs || a.unusedMs - b.unusedMs;
}

/** Who has no visit first, then breach, then the longest wait, then the best fit, then the id: no two are alike. */
export function compareCandidates(
  a: Waiting & { readonly fit: Fit },
  b: Waiting & { readonly fit: Fit },
  placeOn: Temporal.PlainDate,
): number {
  return (
    compareUrgency(a, b, placeOn) ||
    compareFit(a.fit, b.fit) ||
    (a.requestId < b.requestId ? -1 : Number(a.requestId > b.requestId))
  );
}

/**
 * The first so many of those for whom something fits, in their order. Whoever waits is tried in order of urgency, and
 * the trying stops with the last who could still be among them.
 */
export function rankedCandidates<W extends Waiting, Found extends { readonly fit: Fit }>(
  waiting: readonly W[],
  placeOn: Temporal.PlainDate,
  limit: number,
  find: (waiting: W) => Found | null,
): readonly (W & Found)[] {
  const candidates: (W & Found)[] = [];
  let last: W | null = null;
  for (const one of waiting.toSorted((a, b) => compareUrgency(a, b, placeOn))) {
    const isBehindAll = last !== null && compareUrgency(last, one, placeOn) < 0;
    if (candidates.length >= limit && isBehindAll) break;
    const found = find(one);
    if (found === null) continue;
    candidates.push({ ...one, ...found });
    last = one;
  }
  return candidates.toSorted((a, b) => compareCandidates(a, b, placeOn)).slice(0, limit);
}
