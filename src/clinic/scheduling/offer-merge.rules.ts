import { localDate, Temporal } from '../../platform/time/index.js';
import { type ChainOffer, type ChainSearch, findChainOffers } from './chain-offer.rules.js';
import { OFFERS_MAX, OFFERS_PER_DAY_MAX, waitBand } from './offer-rank.rules.js';

// Searches that are parts of one: what each has found stands in one list, in the order in which one search ranks.

/** The best of all parts, in the order of the search of each; a day shows no more of them than of one part. */
export function findInParts(parts: readonly ChainSearch[], search: ChainSearch): readonly ChainOffer[] {
  const [only] = parts;
  if (parts.length <= 1) return only === undefined ? [] : findChainOffers(only);
  const ranked = rankOffers(
    parts.flatMap((part) => findChainOffers(part)),
    search,
    (offer) => offer,
  );
  const dayOf = localDayOf(search.timeZone);
  const shown = new Map<string, number>();
  const limit = Math.min(search.limit, OFFERS_MAX);
  const list: ChainOffer[] = [];
  for (const offer of ranked) {
    if (list.length >= limit) break;
    const day = dayOf(startOf(offer));
    const ofDay = shown.get(day) ?? 0;
    if (ofDay >= OFFERS_PER_DAY_MAX) continue;
    shown.set(day, ofDay + 1);
    list.push(offer);
  }
  return list;
}

/** Things that have an offer, those with the better first. */
export function rankOffers<Thing>(
  things: readonly Thing[],
  { timeZone, keepsStaff }: Pick<ChainSearch, 'timeZone' | 'keepsStaff'>,
  offerOf: (thing: Thing) => ChainOffer,
): readonly Thing[] {
  const dayOf = localDayOf(timeZone);
  return things
    .map((thing) => ({ thing, offer: offerOf(thing), day: dayOf(startOf(offerOf(thing))) }))
    .sort((a, b) => betterFirst(keepsStaff, a, b))
    .map(({ thing }) => thing);
}

function localDayOf(timeZone: string): (ms: number) => string {
  return (ms) => localDate(Temporal.Instant.fromEpochMilliseconds(ms), timeZone).toString();
}

const startOf = (offer: ChainOffer): number => offer.steps[0]?.startMs ?? 0;
const bandOf = (offer: ChainOffer): number => waitBand(offer.waitErrorMinutes * 60_000);

interface Ranked {
  readonly offer: ChainOffer;
  readonly day: string;
}

/** As the search ranks its own offers, as far as an offer shows it. */
function betterFirst(keepsStaff: boolean, a: Ranked, b: Ranked): number {
  return (
    Number(b.offer.insidePromise) - Number(a.offer.insidePromise) ||
    Number(b.offer.beforeBreach) - Number(a.offer.beforeBreach) ||
    (a.day < b.day ? -1 : Number(a.day > b.day)) ||
    bandOf(a.offer) - bandOf(b.offer) ||
    (keepsStaff ? a.offer.handovers - b.offer.handovers : 0) ||
    startOf(a.offer) - startOf(b.offer) ||
    a.offer.unusableGaps - b.offer.unusableGaps ||
    a.offer.waitErrorMinutes - b.offer.waitErrorMinutes
  );
}
