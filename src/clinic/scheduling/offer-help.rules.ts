import { type ChainOffer, type ChainSearch, spansToClaim } from './chain-offer.rules.js';
import { addTimes, type DiaryResource, subtractTimes, toFreeTimes, toSpans } from './diary.rules.js';
import { canServe } from './need-matching.rules.js';
import { findUndisturbed } from './undisturbed.rules.js';
import type { WhyNone } from './why-none.rules.js';

/** What would make a visit possible. Each was tried: with it there is this offer. */
export type OfferHelp =
  /** Outside the time that was asked for. */
  | { readonly help: 'ANOTHER_DAY'; readonly offer: ChainOffer }
  /** At a time at which the patient said he cannot come. */
  | { readonly help: 'ANOTHER_TIME_OF_THE_PATIENT'; readonly offer: ChainOffer }
  /** If this resource worked then, outside its hours. */
  | {
      readonly help: 'EXTRA_SESSION';
      readonly resourceId: string;
      readonly resourceName: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly offer: ChainOffer;
    };

export interface HelpSought {
  readonly search: ChainSearch;
  readonly why: WhyNone;
  /** The same search over a longer time; null when the diary is not open any longer. */
  readonly longer: ChainSearch | null;
  /**
   * Resources with the time that an extra session could open: what the clinic's day allows, less closures, leave and
   * all that is taken. Time that is free anyhow may be in it.
   */
  readonly openable: readonly DiaryResource[];
}

/** Each extra session is a search of its own: so many resources are tried. */
export const EXTRA_SESSIONS_TRIED_MAX = 50;
/** What a person asks colleagues for before giving up. */
export const EXTRA_SESSIONS_SHOWN_MAX = 3;

/** What would help, each kind of help with its best offer; empty when no single change does. */
export function offerHelp(sought: HelpSought): readonly OfferHelp[] {
  const { search, longer } = sought;
  const help: OfferHelp[] = [];
  const [later] = longer === null ? [] : findUndisturbed({ ...longer, limit: 1 });
  if (later !== undefined) help.push({ help: 'ANOTHER_DAY', offer: later });
  if (search.patientFree !== null) {
    const [other] = findUndisturbed({ ...search, patientFree: null, limit: 1 });
    if (other !== undefined) help.push({ help: 'ANOTHER_TIME_OF_THE_PATIENT', offer: other });
  }
  return [...help, ...extraSessions(sought)];
}

function extraSessions({ search, why, openable }: HelpSought): readonly OfferHelp[] {
  if (!('needs' in why)) return [];
  const able = openable.filter((resource) => why.needs.some((need) => canServe(resource, need)));
  const found = able
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, EXTRA_SESSIONS_TRIED_MAX)
    .flatMap((resource) => extraSession(search, resource) ?? []);
  return found.sort((a, b) => betterFirst(a.offer, b.offer)).slice(0, EXTRA_SESSIONS_SHOWN_MAX);
}

/** The first visit that is possible if this resource worked more, and the session that it takes. */
function extraSession(
  search: ChainSearch,
  more: DiaryResource,
): Extract<OfferHelp, { help: 'EXTRA_SESSION' }> | null {
  const known = search.diary.find(({ id }) => id === more.id);
  const { starts, ends } = known === undefined ? more : addTimes(known, more);
  const diary = [...search.diary.filter(({ id }) => id !== more.id), { ...more, starts, ends }];
  const [offer] = findUndisturbed({ ...search, diary, limit: 1 });
  if (offer === undefined) return null;
  const taken = toFreeTimes(
    spansToClaim(search.chain, offer.steps)
      .filter(({ resourceId }) => resourceId === more.id)
      .map(({ startMs, endMs }) => [startMs, endMs]),
  );
  const extra = subtractTimes(taken, known === undefined ? [] : toSpans(known));
  const startMs = extra.starts[0];
  const endMs = extra.ends.at(-1);
  if (startMs === undefined || endMs === undefined) return null;
  return { help: 'EXTRA_SESSION', resourceId: more.id, resourceName: more.name, startMs, endMs, offer };
}

/** The better of two offers of different searches, as far as a patient sees it. */
function betterFirst(a: ChainOffer, b: ChainOffer): number {
  return (
    Number(b.insidePromise) - Number(a.insidePromise) ||
    Number(b.beforeBreach) - Number(a.beforeBreach) ||
    (a.steps[0]?.startMs ?? 0) - (b.steps[0]?.startMs ?? 0)
  );
}
