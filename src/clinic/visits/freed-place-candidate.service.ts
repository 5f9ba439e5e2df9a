import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { localDate, spanOfDay, Temporal } from '../../platform/time/index.js';
import { findChainOffers, spansToClaim } from '../scheduling/diary.service.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import type {
  BookableTime,
  ChainOffer,
  ChainSearch,
  DiaryResource,
  Span,
} from '../scheduling/schedule.type.js';
import type { VisitType } from '../scheduling/visit-type.type.js';
import { CANDIDATES_MAX, extentOf, spansStillFree, usableFrom } from './freed-place.rules.js';
import type { FreedPlace, FreedPlaceStep } from './freed-place.type.js';
import { diariesFor, fitOf, type PlaceStretch } from './freed-place-fit.rules.js';
import { FreedPlaceKindService, type KindsOfVisit } from './freed-place-kind.service.js';
import { compareFit, type Fit, rankedCandidates } from './freed-place-rank.rules.js';
import { FreedPlaceWaitingService, type WaitingRequest } from './freed-place-waiting.service.js';

/** So many visits are weighed for each who waits: the day is short, and the first is as good as most. */
const FITS_TRIED_MAX = 6;

/** Somebody who waits, with the visit that the place would give them. */
export interface Candidate {
  readonly requestId: string;
  readonly patientId: string;
  /** The visit that they have and would come sooner for; null: none. */
  readonly movesVisitId: string | null;
  readonly steps: readonly FreedPlaceStep[];
  readonly startsAt: Temporal.Instant;
  /** The first day that may be booked for them today. */
  readonly earliestOn: Temporal.PlainDate;
}

/** What is left of a place, for those who are asked already too, and who could have it, in the order in which they are asked. */
export interface PlaceNow {
  readonly spans: readonly PlaceStretchOfTime[];
  readonly candidates: readonly Candidate[];
}

type PlaceStretchOfTime = Parameters<typeof spansStillFree>[0][number];

/** A kind of visit with the diaries in which something for the place was found at all. */
interface KindSearch {
  readonly chain: ChainSearch['chain'];
  readonly diaries: readonly (readonly DiaryResource[])[];
  /** What was found already for somebody who can come at the same times. */
  readonly known: Map<string, Found | null>;
}

interface Found {
  readonly offer: ChainOffer;
  readonly fit: Fit;
}

/** When the patient can come, and what must hold their visit whole. */
type TimeOfOne = Pick<WaitingRequest, 'patientFree' | 'undisturbed'>;

interface Looking {
  readonly window: Span;
  readonly place: readonly PlaceStretch[];
  readonly shortestUseMs: KindsOfVisit['shortestUseMs'];
}

/**
 * Who could have a place. A number of statements that depends on the kinds of visit that wait and not on how many
 * wait: the diary is read once for each kind, and the rest is arithmetic.
 */
@Injectable()
export class FreedPlaceCandidateService {
  constructor(
    @Inject(FreedPlaceKindService) private readonly kinds: FreedPlaceKindService,
    @Inject(FreedPlaceWaitingService) private readonly waiting: FreedPlaceWaitingService,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(Config) private readonly config: Config,
  ) {}

  async candidates(
    tx: Tx,
    place: FreedPlace & { readonly leftByPatientId: string },
    known: KindsOfVisit,
    now: Temporal.Instant,
  ): Promise<PlaceNow> {
    const spans = await this.#stillFree(tx, place, now);
    const usable = spansStillFree(spans, spans, usableFrom(now));
    const extent = extentOf(usable);
    if (extent === null) return { spans, candidates: [] };
    const kindOf = new Map(place.spans.map(({ resource }) => [resource.id, resource.kind]));
    const stretches = usable.flatMap((span): PlaceStretch[] => {
      const kind = kindOf.get(span.resourceId);
      const { startsAt, endsAt, resourceId } = span;
      const [startMs, endMs] = [startsAt.epochMilliseconds, endsAt.epochMilliseconds];
      return kind === undefined ? [] : [{ resourceId, kind, startMs, endMs }];
    });
    const on = localDate(extent.startsAt, this.config.clinicTimeZone);
    const window = this.#daysAround(extent, usableFrom(now));
    const visitTypes = this.kinds.kindsNeeding(known, new Set(stretches.map(({ kind }) => kind)));
    const { id, leftByPatientId } = place;
    const toFill = { id, leftByPatientId, on, endsAt: extent.endsAt };
    const waiting = await this.waiting.waiting(tx, toFill, visitTypes, { now, window });
    const looking = { window, place: stretches, shortestUseMs: known.shortestUseMs };
    const kinds = await this.#kindsOf(tx, awaited(visitTypes, waiting), looking, id);
    const bookable = await this.#bookableOf(tx, waiting);
    const candidates = rankedCandidates(waiting.map(toWaiting), on, CANDIDATES_MAX, ({ one }) => {
      const kind = kinds.get(one.request.visitTypeCode);
      const days = bookable.get(keyOf(one));
      return kind && days ? this.#bestFor(one, kind, days, { ...looking, now }) : null;
    });
    return { spans, candidates };
  }

  /** What of the place is open, free and not over. Its own hold does not count. */
  async #stillFree(tx: Tx, place: FreedPlace, now: Temporal.Instant): Promise<PlaceNow['spans']> {
    const spans = place.spans.map(({ resource, startsAt, endsAt }) => {
      return { resourceId: resource.id, startsAt, endsAt };
    });
    const window = extentOf(spans);
    if (window === null) return [];
    const resourceIds = [...new Set(spans.map(({ resourceId }) => resourceId))];
    const asked = { window, resourceIds, ignoreHolderId: place.id };
    return spansStillFree(spans, await this.schedule.freeSpans(tx, asked), now);
  }

  /** The local days of the place, from the first moment at which a visit can begin. */
  #daysAround({ startsAt, endsAt }: Span, from: Temporal.Instant): Span {
    const zone = this.config.clinicTimeZone;
    const { start } = spanOfDay(localDate(startsAt, zone), zone);
    return {
      startsAt: Temporal.Instant.compare(start, from) < 0 ? from : start,
      endsAt: spanOfDay(localDate(endsAt, zone), zone).end,
    };
  }

  /** Each kind that somebody waits for and that fits into the place at all, whoever comes. */
  async #kindsOf(
    tx: Tx,
    visitTypes: readonly VisitType[],
    looking: Looking,
    placeId: string,
  ): Promise<ReadonlyMap<string, KindSearch>> {
    const found = new Map<string, KindSearch>();
    for (const visitType of visitTypes) {
      const { chain, diary } = await this.kinds.groundFor(tx, visitType, looking.window, placeId);
      const diaries = diariesFor(diary, looking.place, severalOf(chain)).filter((some) => {
        const search = this.#search({ chain, diary: some }, looking, looking.window);
        return findChainOffers(search).some((offer) => this.#fit(chain, offer, looking) !== null);
      });
      if (diaries.length > 0) found.set(visitType.code, { chain, diaries, known: new Map() });
    }
    return found;
  }

  async #bookableOf(tx: Tx, waiting: readonly WaitingRequest[]): Promise<ReadonlyMap<string, BookableTime>> {
    const known = new Map<string, BookableTime>();
    for (const one of waiting) {
      const { visitTypeCode, priority } = one.request;
      if (known.has(keyOf(one))) continue;
      known.set(keyOf(one), await this.kinds.bookable(tx, visitTypeCode, priority));
    }
    return known;
  }

  #bestFor(
    { request, movesVisitId, noticeHoursMin, ...patientTime }: WaitingRequest,
    kind: KindSearch,
    bookable: BookableTime,
    looking: Looking & { readonly now: Temporal.Instant },
  ): (Candidate & { readonly fit: Fit }) | null {
    const noticeUntil = looking.now.add({ hours: noticeHoursMin });
    const window = {
      startsAt: [looking.window.startsAt, bookable.from, noticeUntil].reduce((a, b) =>
        Temporal.Instant.compare(a, b) < 0 ? b : a,
      ),
      endsAt: [looking.window.endsAt, bookable.until].reduce((a, b) =>
        Temporal.Instant.compare(a, b) < 0 ? a : b,
      ),
    };
    const { id: requestId, patientId, keepsStaff } = request;
    const best = this.#best(kind, { ...patientTime, keepsStaff, window }, looking);
    if (best === null) return null;
    const { offer, fit } = best;
    const steps = offer.steps.map((step, index) => toStep(step, kind.chain.steps[index]?.name ?? ''));
    const startsAt = steps[0]?.startsAt ?? window.startsAt;
    const { earliestOn } = bookable;
    return { requestId, patientId, movesVisitId, steps, startsAt, earliestOn, fit };
  }

  /** Most of those who wait for one kind can come at the same times: they are looked at once. */
  #best(
    { chain, diaries, known }: KindSearch,
    wish: Pick<ChainSearch, 'keepsStaff'> & TimeOfOne & { readonly window: Span },
    looking: Looking,
  ): Found | null {
    const key = JSON.stringify(wish);
    const before = known.get(key);
    if (before !== undefined) return before;
    let best: Found | null = null;
    for (const diary of diaries) {
      const offers = findChainOffers(this.#search({ chain, diary, ...wish }, looking, wish.window));
      const fitting = offers.flatMap((offer): Found[] => {
        const fit = this.#fit(chain, offer, looking);
        return fit === null ? [] : [{ offer, fit }];
      });
      best = fitting.toSorted((a, b) => compareFit(a.fit, b.fit))[0] ?? null;
      if (best !== null) break;
    }
    known.set(key, best);
    return best;
  }

  #fit(chain: KindSearch['chain'], offer: ChainOffer, looking: Looking): Fit | null {
    return fitOf(looking.place, spansToClaim(chain, offer.steps), looking.shortestUseMs);
  }

  /** One place is as late as it is: neither the promise nor the breach of who waits puts one start before another. */
  #search(
    wish: Pick<ChainSearch, 'chain' | 'diary'> & Partial<Pick<ChainSearch, 'keepsStaff'> & TimeOfOne>,
    { shortestUseMs }: Looking,
    { startsAt, endsAt }: Span,
  ): ChainSearch {
    const [fromMs, untilMs] = [startsAt.epochMilliseconds, endsAt.epochMilliseconds];
    return {
      chain: wish.chain,
      diary: wish.diary,
      patientFree: wish.patientFree ?? null,
      undisturbed: wish.undisturbed ?? null,
      ...{ fromMs, untilMs, targetUntilMs: untilMs, breachUntilMs: untilMs },
      timeZone: this.config.clinicTimeZone,
      keepsStaff: wish.keepsStaff ?? false,
      shortestUseMs,
      limit: FITS_TRIED_MAX,
    };
  }
}

/** The kinds of resource of which some step needs more than one. */
function severalOf({ steps }: KindSearch['chain']): ReadonlySet<ResourceKind> {
  return new Set(
    steps.flatMap(({ needs }) =>
      needs.flatMap(({ kind }, index) => (needs.findIndex((one) => one.kind === kind) < index ? [kind] : [])),
    ),
  );
}

/** The kinds for which anybody waits. */
function awaited(visitTypes: readonly VisitType[], waiting: readonly WaitingRequest[]): readonly VisitType[] {
  const codes = new Set(waiting.map(({ request }) => request.visitTypeCode));
  return visitTypes.filter(({ code }) => codes.has(code));
}

function keyOf({ request }: WaitingRequest): string {
  return `${request.visitTypeCode} ${request.priority}`;
}

function toWaiting(one: WaitingRequest) {
  const { id: requestId, clock } = one.request;
  return {
    one,
    requestId,
    hasVisit: one.movesVisitId !== null,
    startedOn: Temporal.PlainDate.from(clock.startedOn),
    breachOn: Temporal.PlainDate.from(clock.breachOn),
  };
}

function toStep({ startMs, endMs, resources }: ChainOffer['steps'][number], name: string): FreedPlaceStep {
  return {
    name,
    startsAt: Temporal.Instant.fromEpochMilliseconds(startMs),
    endsAt: Temporal.Instant.fromEpochMilliseconds(endMs),
    resources: resources.map(({ role, resourceId }) => ({ role, resourceId })),
  };
}
