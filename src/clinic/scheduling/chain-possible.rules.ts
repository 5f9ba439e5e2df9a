import { type ChainSearch, groundOf, layoutsOf, mustBeBlocks } from './chain-offer.rules.js';
import { undisturbedParts } from './undisturbed.rules.js';

/** Possible starts in epoch milliseconds: both ends, and every point of the chain's grid between them. */
export interface PossibleStarts {
  readonly first: number;
  readonly last: number;
}

/**
 * Every moment at which a visit can start, at whichever site and whoever serves it, in order and without overlaps. Nothing is ranked, so the
 * days that are looked at cost little; `limit`, promise and breach play no part.
 */
export function possibleStarts(search: ChainSearch): readonly PossibleStarts[] {
  const blocks = mustBeBlocks(search.chain);
  // A visit happens at one site: resources of two are never free together.
  const sites = [...new Set(search.diary.map(({ siteId }) => siteId))];
  const all = undisturbedParts(search).flatMap((part) =>
    sites.flatMap((site) => {
      const ground = groundOf(part);
      if (ground === null) return [];
      const diary = part.diary.filter(({ siteId }) => siteId === site);
      return layoutsOf({ ...part, diary }, blocks, ground).flatMap(({ starts }) => starts[0] ?? []);
    }),
  );
  const whole: PossibleStarts[] = [];
  for (const { first, last } of all.toSorted((a, b) => a.first - b.first)) {
    const before = whole.at(-1);
    if (before !== undefined && first <= before.last) {
      whole[whole.length - 1] = { first: before.first, last: Math.max(before.last, last) };
    } else {
      whole.push({ first, last });
    }
  }
  return whole;
}
