import type { ChainOffer, ChainSearch } from './chain-offer.rules.js';
import type { DiaryResource } from './diary.rules.js';
import { EXTRA_SESSIONS_SHOWN_MAX, type HelpSought, type OfferHelp, offerHelp } from './offer-help.rules.js';
import { findInParts, rankOffers } from './offer-merge.rules.js';
import { undisturbedParts, whyNoneUndisturbed } from './undisturbed.rules.js';
import type { WhyNone } from './why-none.rules.js';

// A visit happens at one site, so each site is searched by itself, and what was found stands in one list.

/** Codes of the sites of these resources, in order. */
function sitesOf(...diaries: readonly (readonly DiaryResource[] | null | undefined)[]): readonly string[] {
  return [...new Set(diaries.flatMap((diary) => (diary ?? []).map(({ siteId }) => siteId)))].sort();
}

function atSite<Search extends Pick<ChainSearch, 'diary'>>(search: Search, siteId: string): Search {
  return { ...search, diary: search.diary.filter((resource) => resource.siteId === siteId) };
}

/** The best of all sites, in the order of the search at each; a day shows no more of them than of one site. */
export function findOffersAtSites(search: ChainSearch): readonly ChainOffer[] {
  const sites = sitesOf(search.diary);
  const bySite = sites.length <= 1 ? [search] : sites.map((site) => atSite(search, site));
  return findInParts(bySite.flatMap(undisturbedParts), search);
}

/** How far a search gets before it fails: what fails later needs less help. */
const REASONS: Readonly<Record<WhyNone['reason'], number>> = {
  WINDOW_TOO_SHORT: 0,
  NOT_FREE: 1,
  PATIENT_NOT_FREE: 1,
  NEVER_FREE_TOGETHER: 2,
  WAIT_NOT_FILLED: 3,
  WAIT_NOT_MET: 3,
  ROLE_CHANGES_HANDS: 4,
};

export interface WhyNoneAtSite {
  /** Null: nothing at any site is free at all. */
  readonly siteId: string | null;
  readonly why: WhyNone;
}

/** Why there is no visit at each site, the site nearest to one first; empty when there is a visit. */
export function whyNoneAtSites(search: ChainSearch): readonly WhyNoneAtSite[] {
  const sites = sitesOf(search.diary);
  if (sites.length === 0) {
    const why = whyNoneUndisturbed(search);
    return why === null ? [] : [{ siteId: null, why }];
  }
  const found: WhyNoneAtSite[] = [];
  for (const siteId of sites) {
    const why = whyNoneUndisturbed(atSite(search, siteId));
    if (why === null) return [];
    found.push({ siteId, why });
  }
  return found.sort(
    (a, b) =>
      REASONS[b.why.reason] - REASONS[a.why.reason] ||
      stepOf(b.why) - stepOf(a.why) ||
      ableTo(b.why) - ableTo(a.why),
  );
}

/** The first of them, for whoever tells of one thing only. */
export function whyNoneAnywhere(search: ChainSearch): WhyNone | null {
  return whyNoneAtSites(search)[0]?.why ?? null;
}

function stepOf(why: WhyNone): number {
  return 'step' in why ? why.step : -1;
}

function ableTo(why: WhyNone): number {
  return 'needs' in why ? why.needs.reduce((sum, { able }) => sum + able.length, 0) : 0;
}

/** What would help, at any one site: of each kind of help the best. */
export function helpAtSites(sought: Omit<HelpSought, 'why'>): readonly OfferHelp[] {
  const { search, longer, openable } = sought;
  const help = sitesOf(search.diary, longer?.diary, openable).flatMap((siteId) => {
    const here = atSite(search, siteId);
    const why = whyNoneUndisturbed(here);
    if (why === null) return [];
    return offerHelp({
      search: here,
      why,
      longer: longer === null ? null : atSite(longer, siteId),
      openable: openable.filter((resource) => resource.siteId === siteId),
    });
  });
  const ranked = rankOffers(help, search, ({ offer }) => offer);
  const of = (kind: OfferHelp['help'], most: number): readonly OfferHelp[] =>
    ranked.filter((one) => one.help === kind).slice(0, most);
  return [
    ...of('ANOTHER_DAY', 1),
    ...of('ANOTHER_TIME_OF_THE_PATIENT', 1),
    ...of('EXTRA_SESSION', EXTRA_SESSIONS_SHOWN_MAX),
  ];
}
