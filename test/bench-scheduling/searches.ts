import {
  type ChainOffer,
  type ChainSearch,
  findChainOffers,
} from '../../src/clinic/scheduling/chain-offer.rules.js';
import { type DiaryResource, subtractTimes, toFreeTimes } from '../../src/clinic/scheduling/diary.rules.js';
import {
  OFFER_SPACING_MINUTES,
  OFFERS_MAX,
  OFFERS_PER_DAY_MAX,
} from '../../src/clinic/scheduling/offer-rank.rules.js';
import { localDate, Temporal } from '../../src/platform/time/index.js';
import { percentile } from '../bench/figures.js';
import {
  CLINIC_SIZES,
  type Clinic,
  FILLS,
  FIVE_STEPS,
  type Fill,
  GRID_MINUTES,
  makeClinic,
  type SizeName,
  TIME_ZONE,
} from './clinics.js';
import { type Candidates, candidatesOf, gridSearch } from './grid-search.js';

// The two searches on the same bookings, in memory.

const SEED = 11;
/**
 * Each side runs alone for so long before it is measured, and so often at least. A count alone is not fair: the grid
 * is compiled within its first calls, so long are they, while a search of a few milliseconds is still interpreted for
 * the most part after five.
 */
const WARM_UP_MS = 400;
const WARM_UPS_MIN = 5;
/** A few of each at least, however slow it is. */
const ROUNDS_MIN = 5;

/** Medians in milliseconds. */
export interface SearchTimes {
  /** From free spans to offers. */
  readonly facetMs: number;
  /** From bookings to free spans, which PostgreSQL does for the service. */
  readonly subtractMs: number;
  /** The grid search, each check against all bookings of a resource. */
  readonly gridMs: number;
  /** The grid search, each check against the bookings of one day. */
  readonly dayGridMs: number;
}

export interface SearchFigures extends SearchTimes {
  readonly size: SizeName;
  readonly fill: Fill;
  readonly offers: number;
  readonly rounds: number;
  /** In words; empty when both find the same. */
  readonly differences: readonly string[];
}

export function diaryOf({ resources }: Clinic): readonly DiaryResource[] {
  return resources.map(({ id, kind, skills, sessions, bookings }) => ({
    id,
    kind,
    name: id,
    siteId: '',
    skills,
    ...subtractTimes(toFreeTimes(sessions), bookings),
  }));
}

export function searchIn(clinic: Clinic, diary: readonly DiaryResource[]): ChainSearch {
  return {
    diary,
    patientFree: null,
    chain: FIVE_STEPS,
    fromMs: clinic.fromMs,
    untilMs: clinic.untilMs,
    targetUntilMs: clinic.targetUntilMs,
    breachUntilMs: clinic.breachUntilMs,
    timeZone: TIME_ZONE,
    keepsStaff: false,
    shortestUseMs: new Map(),
    limit: OFFERS_MAX,
  };
}

export function gridOffers(clinic: Clinic, candidates: Candidates): ReturnType<typeof gridSearch> {
  return gridSearch({
    candidates,
    chain: FIVE_STEPS,
    fromMs: clinic.fromMs,
    untilMs: clinic.untilMs,
    gridMinutes: GRID_MINUTES,
    limit: OFFERS_MAX,
    perDayMax: OFFERS_PER_DAY_MAX,
    spacingMinutes: OFFER_SPACING_MINUTES,
    patientFree: null,
  });
}

export function measureSearches(size: SizeName, seconds: number): readonly SearchFigures[] {
  return FILLS.map((fill) => {
    const clinic = makeClinic(CLINIC_SIZES[size], fill, SEED);
    const offers = findChainOffers(searchIn(clinic, diaryOf(clinic)));
    const differences = differencesOf(
      offers,
      gridOffers(clinic, candidatesOf(clinic.resources, true)),
      clinic,
    );
    const { times, rounds } = timesOf(clinic, seconds);
    return { size, fill, offers: offers.length, ...times, rounds, differences };
  });
}

/** One after the other in each round, so that what else the machine does slows all of them. */
function timesOf(clinic: Clinic, seconds: number): { readonly times: SearchTimes; readonly rounds: number } {
  const lists: Record<keyof SearchTimes, number[]> = {
    facetMs: [],
    subtractMs: [],
    gridMs: [],
    dayGridMs: [],
  };
  const timed = <T>(name: keyof SearchTimes, work: () => T): T => {
    const startedAt = performance.now();
    const result = work();
    lists[name].push(performance.now() - startedAt);
    return result;
  };
  const plain = candidatesOf(clinic.resources, false);
  const byDay = candidatesOf(clinic.resources, true);
  const round = (): void => {
    const diary = timed('subtractMs', () => diaryOf(clinic));
    timed('facetMs', () => findChainOffers(searchIn(clinic, diary)));
    timed('gridMs', () => gridOffers(clinic, plain));
    timed('dayGridMs', () => gridOffers(clinic, byDay));
  };
  const freeSpans = diaryOf(clinic);
  warmUp(() => diaryOf(clinic));
  warmUp(() => findChainOffers(searchIn(clinic, freeSpans)));
  warmUp(() => gridOffers(clinic, plain));
  warmUp(() => gridOffers(clinic, byDay));
  const until = performance.now() + seconds * 1_000;
  for (let count = 0; count < ROUNDS_MIN || performance.now() < until; count += 1) round();
  const median = (name: keyof SearchTimes): number => percentile(lists[name], 0.5);
  return {
    times: {
      facetMs: median('facetMs'),
      subtractMs: median('subtractMs'),
      gridMs: median('gridMs'),
      dayGridMs: median('dayGridMs'),
    },
    rounds: lists.gridMs.length,
  };
}

function warmUp(work: () => unknown): void {
  const until = performance.now() + WARM_UP_MS;
  for (let count = 0; count < WARM_UPS_MIN || performance.now() < until; count += 1) work();
}

/** Both must agree whether there is an offer, on the best day, and on what side of the promise it lies. */
export function differencesOf(
  facet: readonly ChainOffer[],
  grid: ReturnType<typeof gridSearch>,
  clinic: Clinic,
): readonly string[] {
  const place = (startMs: number | undefined): string => {
    if (startMs === undefined) return 'no offer';
    const day = localDate(Temporal.Instant.fromEpochMilliseconds(startMs), TIME_ZONE).toString();
    return `${day}, ${startMs < clinic.targetUntilMs ? 'inside' : 'outside'} the promise`;
  };
  const ofFacet = place(facet[0]?.steps[0]?.startMs);
  const ofGrid = place(grid[0]?.[0]?.startMs);
  return ofFacet === ofGrid ? [] : [`${clinic.size.name}: Facet finds ${ofFacet}, the grid ${ofGrid}`];
}
