import { type ChainOffer, type ChainSearch, type ClaimedSpan, spansToClaim } from './chain-offer.rules.js';
import { addTimes, type DiaryResource, type MsSpan, subtractTimes, toFreeTimes } from './diary.rules.js';
import { findOffersAtSites } from './site-offer.rules.js';

/** Somebody who has time that is wanted, and who could have another time instead. */
export interface Movable {
  readonly holderId: string;
  /** What it has, buffers included, of what the search may use. Sorted by nothing; nothing in it is free in a diary. */
  readonly claims: readonly (ClaimedSpan & Omit<DiaryResource, 'starts' | 'ends'>)[];
  /** When its own patient can be at the clinic; null: always. */
  readonly patientFree: readonly MsSpan[] | null;
  /** Stretches of which one must hold it whole; null or left out: the waits are its patient's own. */
  readonly undisturbed?: readonly MsSpan[] | null;
  /** Its new start must lie before this: the end of its own promise. */
  readonly startsBeforeMs: number;
}

export interface SwapHelp {
  readonly holderId: string;
  /** The best visit that there would be in its place. */
  readonly offer: ChainOffer;
  /** Where it could move at the same time. */
  readonly movesTo: ChainOffer;
}

/** What a person proposes to somebody else's patient before giving up. */
export const SWAPS_SHOWN_MAX = 3;

/**
 * Which one visit of the same kind would make this one possible if it moved, in the order in which they were handed in.
 * Each was tried: with its time free there is a visit, and beside that visit there is another place for it, which keeps
 * its own promise. `whole` is the search over the open diary.
 */
export function swapHelp(
  search: ChainSearch,
  whole: ChainSearch,
  movables: readonly Movable[],
): readonly SwapHelp[] {
  const help: SwapHelp[] = [];
  for (const movable of movables) {
    if (help.length >= SWAPS_SHOWN_MAX) break;
    const freed = withFreed(search.diary, movable);
    const [offer] = findOffersAtSites({ ...search, diary: freed, limit: 1 });
    if (offer === undefined) continue;
    const [movesTo] = findOffersAtSites({
      ...whole,
      diary: without(withFreed(whole.diary, movable), spansToClaim(search.chain, offer.steps)),
      patientFree: movable.patientFree,
      undisturbed: movable.undisturbed ?? null,
      untilMs: whole.untilMs,
      // Best first: inside its own promise, if there is any place there.
      targetUntilMs: movable.startsBeforeMs,
      breachUntilMs: movable.startsBeforeMs,
      limit: 1,
    });
    if (movesTo?.insidePromise) help.push({ holderId: movable.holderId, offer, movesTo });
  }
  return help;
}

/** The diary as it would be without that visit. */
function withFreed(diary: readonly DiaryResource[], { claims }: Movable): readonly DiaryResource[] {
  const resources = new Map(diary.map((resource) => [resource.id, resource]));
  for (const { resourceId, startMs, endMs, ...traits } of claims) {
    const known = resources.get(resourceId) ?? { ...traits, id: resourceId, ...toFreeTimes([]) };
    resources.set(resourceId, { ...known, ...addTimes(known, toFreeTimes([[startMs, endMs]])) });
  }
  return [...resources.values()];
}

/** The diary once these are taken. */
function without(diary: readonly DiaryResource[], taken: readonly ClaimedSpan[]): readonly DiaryResource[] {
  return diary.map((resource) => {
    const own = taken.filter(({ resourceId }) => resourceId === resource.id);
    if (own.length === 0) return resource;
    return {
      ...resource,
      ...subtractTimes(
        resource,
        own.map(({ startMs, endMs }): MsSpan => [startMs, endMs]),
      ),
    };
  });
}
