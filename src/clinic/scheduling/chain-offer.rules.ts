import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, faultOfChain, MINUTE_MS } from './chain.rules.js';
import { type Block, blocksOf, stepTimes } from './chain-blocks.rules.js';
import { beginningsOf, type Candidate, type Stage, waysOf } from './chain-candidates.rules.js';
import { crewChooser } from './chain-crew.rules.js';
import { edgesOf } from './chain-edges.rules.js';
import { type Plan, plansOf } from './chain-plan.rules.js';
import { type Layout, layOutAll, type SearchGround } from './chain-starts.rules.js';
import { type DiaryResource, type MsSpan, toFreeTimes } from './diary.rules.js';
import { localDays } from './local-days.rules.js';
import { bestOf, OFFERS_MAX, OFFERS_PER_DAY_MAX, type Weighed } from './offer-rank.rules.js';
import { stretchAtOrBefore } from './start-times.rules.js';

export interface OfferedStep {
  readonly startMs: number;
  readonly endMs: number;
  /** In the order of the step's needs. Buffers are not in the times: see `spansToClaim`. */
  readonly resources: readonly { readonly role: string; readonly resourceId: string }[];
}

/** A visit that could be booked now. Times are in epoch milliseconds. */
export interface ChainOffer {
  readonly steps: readonly OfferedStep[];
  /** The visit starts before the promise ends. */
  readonly insidePromise: boolean;
  /** The visit starts before the wait is a breach. */
  readonly beforeBreach: boolean;
  /** How often a role that is better kept together changes hands. */
  readonly handovers: number;
  /** Pieces of free time this visit would leave that are too short for anything. */
  readonly unusableGaps: number;
  /** How far the waits together are from their targets. */
  readonly waitErrorMinutes: number;
}

export interface ChainSearch {
  /** Resources that may be used, with their free time. It may reach beyond the window: buffers may, too. */
  readonly diary: readonly DiaryResource[];
  /** When the patient can be at the clinic; null: always. */
  readonly patientFree: readonly MsSpan[] | null;
  /**
   * Stretches of which one must hold the visit whole, waits included: nobody who is kept between steps is anywhere else.
   * In order, without overlaps; null or left out: the waits are the patient's own. Who searches sees to it
   * (`undisturbedParts`).
   */
  readonly undisturbed?: readonly MsSpan[] | null;
  readonly chain: Chain;
  /** Every step lies inside [fromMs, untilMs). */
  readonly fromMs: number;
  readonly untilMs: number;
  /** The promise is kept by visits that start before this. */
  readonly targetUntilMs: number;
  /** Visits that start at this or later are a breach. Not before the end of the promise, or it is taken as that. */
  readonly breachUntilMs: number;
  readonly timeZone: string;
  /** Fewer changes of hands come before fewer gaps. */
  readonly keepsStaff: boolean;
  /** The shortest use the clinic has for a kind, buffers included. Kinds not named: the shortest in the chain. */
  readonly shortestUseMs: ReadonlyMap<ResourceKind, number>;
  /** At most so many offers, and never more than OFFERS_MAX. */
  readonly limit: number;
}

/**
 * The possible visits, best first: inside the promise, then no breach, then the earlier local day, then waits that do
 * not miss their targets by much, then fewer changes of hands where that is asked for, then the earlier start, then
 * fewer useless gaps, then fewer spare skills, then the wait nearest its target.
 *
 * Whether there is any is known exactly before a single visit is looked at: from the last block backwards, free spans
 * become stretches of possible starts. Days are then taken in order, and the search stops with the one that fills
 * the list.
 */
export function findChainOffers(search: ChainSearch): readonly ChainOffer[] {
  const blocks = mustBeBlocks(search.chain);
  const whole = groundOf(search);
  if (whole === null) return [];
  const limit = Math.min(search.limit, OFFERS_MAX);
  const chooseCrew = crewChooser(search);
  const weigh = (candidate: Candidate): Weighed => ({
    candidate,
    crew: chooseCrew(candidate.layout.plan, stepTimes(blocks, candidate.starts)),
  });
  const plans = plansOf(search.chain, search.diary);
  const ways = waysOf(blocks);
  const offers: ChainOffer[] = [];
  let taken: number[] = [];
  for (const { ground, lastMs } of stretchesOfDays(whole, blocks)) {
    if (offers.length >= limit) break;
    const layouts = possibleLayouts(plans, blocks, ground);
    const edges = edgesOf(
      layouts.map(({ plan }) => plan),
      blocks,
      ground,
    );
    const among = { layouts, ways, edges, days: ground.days };
    for (const stage of stagesOf(layouts, { search, lastMs, ground })) {
      if (offers.length >= limit) break;
      if (stage.isNewDay) taken = [];
      const best = bestOf(beginningsOf(among, stage), stage.fromMs, {
        keepsStaff: search.keepsStaff,
        room: Math.min(OFFERS_PER_DAY_MAX - taken.length, limit - offers.length),
        taken,
        weigh,
      });
      for (const choice of best) {
        taken.push(choice.candidate.starts[0] ?? 0);
        offers.push(toOffer(choice, search));
      }
    }
  }
  return offers;
}

/** Most searches fill their list with so many days: the rest of the diary is not looked at before it must be. */
const DAYS_AT_FIRST = 4;

/**
 * The window in pieces of whole local days, each twice as long as the one before: first starts up to `lastMs`, and
 * as much ground behind it as the longest visit can cover.
 */
function* stretchesOfDays(
  whole: SearchGround,
  blocks: readonly Block[],
): Generator<{ readonly ground: SearchGround; readonly lastMs: number }> {
  const longestMs = blocks.reduce((sum, { lengthMs, link }) => sum + lengthMs + (link?.maxMs ?? 0), 0);
  let dayCount = DAYS_AT_FIRST;
  for (let fromMs = whole.fromMs; fromMs < whole.untilMs; dayCount *= 2) {
    let lastMs = fromMs;
    for (let day = 0; day < dayCount; day += 1) lastMs = whole.days.nextDay(lastMs);
    const untilMs = Math.min(whole.untilMs, lastMs + longestMs);
    yield { ground: { ...whole, fromMs, untilMs, known: new Map() }, lastMs };
    fromMs = lastMs;
  }
}

/** The chain as blocks. A chain with a fault is a mistake of the caller. */
export function mustBeBlocks(chain: Chain): readonly Block[] {
  const fault = faultOfChain(chain);
  if (fault !== null) throw new RangeError(fault);
  return blocksOf(chain);
}

/** Null when the window is empty. */
export function groundOf(search: ChainSearch): SearchGround | null {
  const { fromMs, untilMs, chain, patientFree } = search;
  if (!(fromMs < untilMs)) return null;
  return {
    fromMs,
    untilMs,
    days: localDays(chain.startStepMinutes, fromMs, untilMs, search.timeZone),
    patient: patientFree === null ? null : toFreeTimes(patientFree),
    known: new Map(),
  };
}

/** The plans that are possible somewhere in the window. */
export function layoutsOf(
  search: ChainSearch,
  blocks: readonly Block[],
  ground: SearchGround,
): readonly Layout[] {
  return possibleLayouts(plansOf(search.chain, search.diary), blocks, ground);
}

function possibleLayouts(
  plans: readonly Plan[],
  blocks: readonly Block[],
  ground: SearchGround,
): readonly Layout[] {
  return layOutAll(plans, blocks, ground).filter(({ starts }) => (starts[0]?.length ?? 0) > 0);
}

/** A local day, or the part of it on one side of the promise or of the breach. */
interface DayStage extends Stage {
  readonly isNewDay: boolean;
}

/** The local days on which a visit can start, in order, cut where the promise and the breach lie. */
function* stagesOf(
  layouts: readonly Layout[],
  among: { readonly search: ChainSearch; readonly ground: SearchGround; readonly lastMs: number },
): Generator<DayStage> {
  const { search, ground, lastMs } = among;
  const borders = [search.targetUntilMs, Math.max(search.breachUntilMs, search.targetUntilMs)];
  let fromMs = firstStart(layouts, ground.fromMs);
  while (fromMs !== null && fromMs < lastMs) {
    const untilMs = ground.days.nextDay(fromMs);
    const cuts = borders.filter((border) => (fromMs ?? 0) < border && border < untilMs);
    const ends = [...new Set([...cuts, untilMs])];
    let sinceMs = fromMs;
    for (const [index, end] of ends.entries()) {
      yield { fromMs: sinceMs, untilMs: end, isNewDay: index === 0 };
      sinceMs = end;
    }
    fromMs = firstStart(layouts, untilMs);
  }
}

/** The first moment at or after at which a visit can start by any plan. */
function firstStart(layouts: readonly Layout[], fromMs: number): number | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { starts } of layouts) {
    const first = starts[0] ?? [];
    const index = stretchAtOrBefore(first, fromMs);
    const here = first[index];
    const at = here !== undefined && fromMs <= here.last ? fromMs : first[index + 1]?.first;
    earliest = Math.min(earliest, at ?? Number.POSITIVE_INFINITY);
  }
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

function toOffer({ candidate, crew }: Weighed, search: ChainSearch): ChainOffer {
  const firstMs = candidate.starts[0] ?? 0;
  const times = stepTimes(candidate.layout.blocks, candidate.starts);
  return {
    steps: search.chain.steps.map(({ needs }, step) => ({
      startMs: times[step]?.startMs ?? 0,
      endMs: times[step]?.endMs ?? 0,
      resources: needs.map(({ role }, place) => ({
        role,
        resourceId: crew.resources[step]?.[place]?.id ?? '',
      })),
    })),
    insidePromise: firstMs < search.targetUntilMs,
    beforeBreach: firstMs < Math.max(search.breachUntilMs, search.targetUntilMs),
    handovers: crew.handovers,
    unusableGaps: crew.unusableGaps,
    waitErrorMinutes: candidate.waitErrorMs / MINUTE_MS,
  };
}

/** A stretch of one resource that a visit takes. */
export interface ClaimedSpan {
  readonly resourceId: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What an offer takes, buffers included: what overlaps or touches on one resource is one span, so a visit never
 * stands in its own way. In the order in which claims are written: by resource, then by start.
 */
export function spansToClaim(chain: Chain, steps: readonly OfferedStep[]): readonly ClaimedSpan[] {
  const uses = new Map<string, MsSpan[]>();
  for (const [index, { startMs, endMs, resources }] of steps.entries()) {
    for (const [place, { resourceId }] of resources.entries()) {
      const need = chain.steps[index]?.needs[place];
      const own = uses.get(resourceId) ?? [];
      uses.set(resourceId, own);
      own.push([
        startMs - (need?.bufferBeforeMinutes ?? 0) * MINUTE_MS,
        endMs + (need?.bufferAfterMinutes ?? 0) * MINUTE_MS,
      ]);
    }
  }
  const ids = [...uses.keys()].sort();
  return ids.flatMap((resourceId) => {
    const { starts, ends } = toFreeTimes(uses.get(resourceId) ?? []);
    return Array.from(starts, (startMs, at) => ({ resourceId, startMs, endMs: ends[at] ?? startMs }));
  });
}
