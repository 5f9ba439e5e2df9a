import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { localDate, startOfDay, Temporal } from '../../platform/time/index.js';
import type { FreeSpan, Span } from './free-span.rules.js';
import { between, nearestStart, type StartGrid, type Stretch, startGrid } from './start-times.rules.js';
import { type ChainTimes, type Crew, chooseCrew } from './step-resources.rules.js';
import { type DiaryResource, type StepStarts, stepStarts, toDiary } from './step-starts.rules.js';
import { faultOfChain, type VisitChain } from './visit-chain.rules.js';

export interface OfferedResource {
  readonly resourceId: string;
  readonly kind: ResourceKind;
  readonly name: string;
}

export interface OfferedStep extends Span {
  readonly resources: readonly OfferedResource[];
}

/** A visit that could be booked now: both steps, who and what they take, and how good it is. */
export interface VisitOffer {
  readonly first: OfferedStep;
  readonly second: OfferedStep;
  readonly waitMinutes: number;
  /** The visit starts before the promise ends. */
  readonly insidePromise: boolean;
  /** The same person or room serves both steps wherever both steps need that kind. */
  readonly sameCrew: boolean;
  /** Pieces of free time this visit would leave that are too short for another step. */
  readonly unusableGaps: number;
}

export interface OfferSearch {
  /** Free time inside the window, of every resource that may be used. Steps lie wholly inside it. */
  readonly free: readonly FreeSpan[];
  readonly chain: VisitChain;
  /** The promise is kept by visits that start before this. */
  readonly targetUntil: Temporal.Instant;
  readonly timeZone: string;
  /** At most so many offers, and never more than OFFERS_MAX. */
  readonly limit: number;
}

/** What a person can weigh up on one screen or over the telephone. */
export const OFFERS_MAX = 50;
/** A day that is quite free must not push the other days off the list. */
export const OFFERS_PER_DAY_MAX = 6;
/** Offers of one day that begin closer together than this are the same choice to a patient. */
export const OFFER_SPACING_MINUTES = 30;
/** Bounds the work of a day with very many resources: the best by wait are weighed up in full, the rest are left. */
const PAIRS_WEIGHED_PER_DAY_MAX = 300;

const MINUTE_MS = 60_000;

interface Candidate extends ChainTimes {
  readonly waitErrorMs: number;
}

interface Weighed extends Candidate {
  readonly crew: Crew;
}

/** A local day, or the part of it on one side of the promise: inside one, only the wait and the fit are compared. */
interface Stage {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The possible visits, best first: inside the promise, then the earlier day, then the wait nearest its target, then
 * the same person for both steps, then the fewest useless gaps, then the earlier start.
 *
 * Free spans become stretches of possible starts; stretches of one step are unions over resources and intersections
 * over kinds. The steps do not overlap, so who serves one never stands in the way of the other, and a pair of starts
 * is possible exactly when both are and the wait fits. The best wait between two stretches is found with one of the
 * starts at an end of its stretch, so only edges are tried: the work grows with the number of free spans, not with
 * minutes times resources. Days are taken in order and the search stops with the day that fills the list.
 */
export function findVisitOffers(search: OfferSearch): readonly VisitOffer[] {
  const { chain, timeZone } = search;
  const fault = faultOfChain(chain);
  if (fault !== null) throw new RangeError(fault);
  const bounds = boundsOf(search.free);
  if (bounds === null) return [];
  const limit = Math.min(search.limit, OFFERS_MAX);
  const diary = toDiary(search.free);
  const grid = startGrid(chain.startStepMinutes, bounds.fromMs, bounds.untilMs, timeZone);
  const first = stepStarts(diary, chain.first, grid);
  const second = stepStarts(diary, chain.second, grid);
  const offers: VisitOffer[] = [];
  for (const stage of stagesOf(first.stretches, search.targetUntil, timeZone)) {
    if (offers.length >= limit) break;
    const candidates = candidatesOf(stage, chain, { first, second }, grid);
    const weighed = candidates.map((times) => ({ ...times, crew: chooseCrew(diary, chain, times) }));
    for (const choice of usefulChoices(weighed)) offers.push(toOffer(choice, search));
  }
  return offers.slice(0, limit);
}

function boundsOf(free: readonly FreeSpan[]): Stage | null {
  if (free.length === 0) return null;
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const span of free) {
    fromMs = Math.min(fromMs, span.startsAt.epochMilliseconds);
    untilMs = Math.max(untilMs, span.endsAt.epochMilliseconds);
  }
  return { fromMs, untilMs };
}

/** The local days on which a first step can start, in order, cut where the promise ends. */
function* stagesOf(
  stretches: readonly Stretch[],
  targetUntil: Temporal.Instant,
  timeZone: string,
): Generator<Stage> {
  const targetMs = targetUntil.epochMilliseconds;
  let doneMs = Number.NEGATIVE_INFINITY;
  for (const stretch of stretches) {
    while (doneMs <= stretch.last) {
      const fromMs = Math.max(doneMs, stretch.first);
      const day = localDate(Temporal.Instant.fromEpochMilliseconds(fromMs), timeZone);
      const untilMs = startOfDay(day.add({ days: 1 }), timeZone).epochMilliseconds;
      if (fromMs < targetMs && targetMs < untilMs) {
        yield { fromMs, untilMs: targetMs };
        yield { fromMs: targetMs, untilMs };
      } else {
        yield { fromMs, untilMs };
      }
      doneMs = untilMs;
    }
  }
}

/** The pairs of starts worth weighing up whose first step starts inside the stage, nearest to the target wait first. */
function candidatesOf(
  stage: Stage,
  chain: VisitChain,
  starts: { readonly first: StepStarts; readonly second: StepStarts },
  grid: StartGrid,
): readonly Candidate[] {
  const lengthMs = chain.first.durationMinutes * MINUTE_MS;
  const minMs = lengthMs + chain.wait.minMinutes * MINUTE_MS;
  const idealMs = lengthMs + chain.wait.targetMinutes * MINUTE_MS;
  const maxMs = lengthMs + chain.wait.maxMinutes * MINUTE_MS;
  const firsts = between(starts.first.stretches, stage.fromMs, stage.untilMs, grid);
  const found = new Map<string, Candidate>();
  const keep = (firstMs: number, secondMs: number): void => {
    found.set(`${firstMs} ${secondMs}`, {
      firstMs,
      secondMs,
      waitErrorMs: Math.abs(secondMs - firstMs - idealMs),
    });
  };
  const firstEdges = [
    ...slice(starts.first.edges, stage.fromMs, stage.untilMs),
    ...firsts.flatMap((stretch) => [stretch.first, stretch.last]),
  ];
  for (const firstMs of new Set(firstEdges)) {
    const wish = { idealMs: firstMs + idealMs, earliestMs: firstMs + minMs, latestMs: firstMs + maxMs };
    const secondMs = nearestStart(starts.second.stretches, wish, grid);
    if (secondMs !== null) keep(firstMs, secondMs);
  }
  for (const secondMs of slice(starts.second.edges, stage.fromMs + minMs, stage.untilMs + maxMs)) {
    const wish = { idealMs: secondMs - idealMs, earliestMs: secondMs - maxMs, latestMs: secondMs - minMs };
    const firstMs = nearestStart(firsts, wish, grid);
    if (firstMs !== null) keep(firstMs, secondMs);
  }
  return [...found.values()]
    .sort((a, b) => a.waitErrorMs - b.waitErrorMs || a.firstMs - b.firstMs || a.secondMs - b.secondMs)
    .slice(0, PAIRS_WEIGHED_PER_DAY_MAX);
}

/** The part of a sorted list in [fromMs, untilMs). */
function slice(sorted: readonly number[], fromMs: number, untilMs: number): readonly number[] {
  return sorted.slice(lowerBound(sorted, fromMs), lowerBound(sorted, untilMs));
}

function lowerBound(sorted: readonly number[], ms: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The best first, leaving out whatever begins too close to a better one. */
function usefulChoices(weighed: readonly Weighed[]): readonly Weighed[] {
  const chosen: Weighed[] = [];
  const spacingMs = OFFER_SPACING_MINUTES * MINUTE_MS;
  for (const choice of weighed.toSorted(betterFirst)) {
    if (chosen.length >= OFFERS_PER_DAY_MAX) break;
    if (chosen.every((better) => Math.abs(better.firstMs - choice.firstMs) >= spacingMs)) chosen.push(choice);
  }
  return chosen;
}

function betterFirst(a: Weighed, b: Weighed): number {
  return (
    a.waitErrorMs - b.waitErrorMs ||
    a.crew.handovers - b.crew.handovers ||
    a.crew.unusableGaps - b.crew.unusableGaps ||
    a.firstMs - b.firstMs ||
    a.secondMs - b.secondMs
  );
}

function toOffer(choice: Weighed, search: OfferSearch): VisitOffer {
  const { chain } = search;
  const first = toStep(choice.firstMs, chain.first.durationMinutes, choice.crew.first);
  const second = toStep(choice.secondMs, chain.second.durationMinutes, choice.crew.second);
  return {
    first,
    second,
    waitMinutes: (choice.secondMs - first.endsAt.epochMilliseconds) / MINUTE_MS,
    insidePromise: choice.firstMs < search.targetUntil.epochMilliseconds,
    sameCrew: choice.crew.handovers === 0,
    unusableGaps: choice.crew.unusableGaps,
  };
}

function toStep(startMs: number, durationMinutes: number, crew: readonly DiaryResource[]): OfferedStep {
  return {
    startsAt: Temporal.Instant.fromEpochMilliseconds(startMs),
    endsAt: Temporal.Instant.fromEpochMilliseconds(startMs + durationMinutes * MINUTE_MS),
    resources: crew.map(({ id, kind, name }) => ({ resourceId: id, kind, name })),
  };
}
