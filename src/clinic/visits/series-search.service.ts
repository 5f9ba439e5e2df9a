import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority, ResourceKind } from '../../platform/database/generated/enums.js';
import {
  addDays,
  formatDate,
  formatLocalDateTime,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { findChainOffers, possibleStarts, sayWhyNone, whyNone } from '../scheduling/diary.service.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import type { BookableTime, Span } from '../scheduling/schedule.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import { type PatientWish, SearchGroundService } from './search-ground.service.js';
import { seriesCalendar } from './series-calendar.rules.js';
import { crewsToKeep, diaryOf } from './series-crew.rules.js';
import {
  FIRST_WINDOW_MAX_DAYS,
  type OfferedOccurrence,
  type SeriesOffer,
  type SeriesOffers,
  type WhyNoSeries,
} from './series-offer.type.js';
import {
  type BlockedOccurrence,
  bestSeries,
  type PlannedOccurrence,
  type PlannedSeries,
  type Way,
} from './series-plan.rules.js';
import { VisitSearchService } from './visit-search.service.js';

type ChainSearch = Parameters<typeof findChainOffers>[0];

const MINUTE_MS = 60_000;

/** What is looked for, when everything about the patient is known. */
export interface SeriesSearch extends PatientWish {
  readonly visitTypeCode: string;
  /** The room that follows such visits; null: none. */
  readonly companion: string | null;
  readonly priority: ReferralPriority | null;
  /** Local date on which the clock started; null: today. */
  readonly startedOn: string | null;
  readonly count: number;
  readonly everyDays: number;
  readonly toleranceDays: number;
  readonly onOrAfter: string | null;
  readonly onOrBefore: string | null;
  readonly wantedResourceIds: readonly string[];
  readonly keepsStaff: boolean;
  readonly shortestUseMs: ReadonlyMap<ResourceKind, number>;
  readonly limit: number;
}

/** A way to serve a series, with the diary that it leaves. */
interface WayInDiary extends Way {
  readonly diary: ChainSearch['diary'];
}

/**
 * Finds series in the diary, which is read once for the whole stretch of days: a fixed number of statements, however
 * many visits. Every moment at which a visit can start is worked out first; who serves, only for what is offered.
 */
@Injectable()
export class SeriesSearchService {
  constructor(
    @Inject(SearchGroundService) private readonly grounds: SearchGroundService,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(VisitSearchService) private readonly visits: VisitSearchService,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** To be asked outside the transaction: it reads by itself. */
  shortestUses(): Promise<ReadonlyMap<ResourceKind, number>> {
    return this.visits.shortestUses();
  }

  async find(tx: Tx, wish: SeriesSearch): Promise<SeriesOffers> {
    const { chain } = await this.visitTypes.protocolInForce(tx, wish.visitTypeCode, this.leadTimes.today());
    const bookable = await this.leadTimes.bookableFor(tx, {
      visitType: wish.visitTypeCode,
      priority: wish.priority,
      startedOn: wish.startedOn === null ? null : Temporal.PlainDate.from(wish.startedOn),
    });
    const days = {
      earliestOn: bookable.earliestOn.toString(),
      targetOn: bookable.targetOn.toString(),
      latestOn: bookable.latestOn.toString(),
    };
    const firstWindow = this.#firstWindow(wish, bookable);
    if (firstWindow === null) {
      const message = `None of the days asked for can be booked for a first visit: choose from ${formatDate(bookable.earliestOn)} to ${formatDate(bookable.latestOn)}.`;
      return { ...days, offers: [], firstWindow, whyNoSeries: { position: 0, wantedAt: null, message } };
    }
    const search = await this.#search(tx, wish, chain, { bookable, firstWindow });
    const ways = waysOf(search, wish.keepsStaff);
    const { series, blocked } = this.#best(search, wish, ways, firstWindow);
    return {
      ...days,
      offers: series.map((one) => toOffer(one, ways, search)),
      firstWindow,
      whyNoSeries: series.length > 0 ? null : this.#why(search, blocked, firstWindow, wish.toleranceDays),
    };
  }

  /** The days asked for that may be booked, and no more of them than are looked at; null: none. */
  #firstWindow({ onOrAfter, onOrBefore }: SeriesSearch, bookable: BookableTime): Span | null {
    const zone = this.config.clinicTimeZone;
    const midnight = (day: string, days: number) =>
      startOfDay(Temporal.PlainDate.from(day).add({ days }), zone);
    const startsAt = latest([bookable.from, ...(onOrAfter === null ? [] : [midnight(onOrAfter, 0)])]);
    const lookedUntil = midnight(localDate(startsAt, zone).toString(), FIRST_WINDOW_MAX_DAYS);
    const asked = onOrBefore === null ? [] : [midnight(onOrBefore, 1)];
    const endsAt = earliest([bookable.until, lookedUntil, ...asked]);
    return Temporal.Instant.compare(startsAt, endsAt) < 0 ? { startsAt, endsAt } : null;
  }

  /** The whole stretch: from the first day of a first visit to the last day that the last may have. */
  async #search(
    tx: Tx,
    wish: SeriesSearch,
    chain: ChainSearch['chain'],
    known: { readonly bookable: BookableTime; readonly firstWindow: Span },
  ): Promise<ChainSearch> {
    const { firstWindow, bookable } = known;
    const days = (wish.count - 1) * wish.everyDays + wish.toleranceDays;
    const endsAt = addDays(firstWindow.endsAt, days, this.config.clinicTimeZone);
    const window = { startsAt: firstWindow.startsAt, endsAt };
    const query = {
      chain,
      visitTypeCode: wish.visitTypeCode,
      window,
      ...(wish.wantedResourceIds.length === 0 ? {} : { wantedResourceIds: wish.wantedResourceIds }),
    };
    const suits = await this.grounds.whatSuits(tx, wish.companion);
    const { companion } = wish;
    return {
      diary: await this.grounds.diary(tx, query, suits),
      chain,
      ...(await this.grounds.patientTime(tx, wish, window, { companion, ignoreHolderId: null })),
      fromMs: window.startsAt.epochMilliseconds,
      untilMs: window.endsAt.epochMilliseconds,
      targetUntilMs: bookable.targetUntil.epochMilliseconds,
      breachUntilMs: bookable.breachUntil.epochMilliseconds,
      timeZone: this.config.clinicTimeZone,
      keepsStaff: wish.keepsStaff,
      shortestUseMs: wish.shortestUseMs,
      limit: wish.limit,
    };
  }

  #best(search: ChainSearch, wish: SeriesSearch, ways: readonly WayInDiary[], firstWindow: Span) {
    const zone = this.config.clinicTimeZone;
    const dayOf = (ms: number) => localDate(instantOf(ms), zone);
    const calendar = seriesCalendar(dayOf(search.fromMs), dayOf(search.untilMs - 1), zone);
    const stepMs = search.chain.startStepMinutes * MINUTE_MS;
    const { count, everyDays, toleranceDays } = wish;
    return bestSeries({
      ways,
      whoever: mustBe(ways.at(-1)),
      pattern: { count, everyDays, toleranceDays, stepMs, calendar },
      fromMs: firstWindow.startsAt.epochMilliseconds,
      untilMs: firstWindow.endsAt.epochMilliseconds,
      targetUntilMs: search.targetUntilMs,
      breachUntilMs: search.breachUntilMs,
      limit: search.limit,
    });
  }

  #why(
    search: ChainSearch,
    blocked: BlockedOccurrence | null,
    firstWindow: Span,
    toleranceDays: number,
  ): WhyNoSeries {
    if (blocked === null) {
      const why = whyNone({ ...search, untilMs: firstWindow.endsAt.epochMilliseconds });
      const message = why === null ? 'There is no time for a first visit.' : sayWhyNone(why);
      return { position: 0, wantedAt: null, message };
    }
    const { position } = blocked;
    const wantedAt = instantOf(blocked.wantedMs);
    const when = formatLocalDateTime(wantedAt, this.config.clinicTimeZone);
    const near = toleranceDays === 0 ? 'on that day' : `within ${toleranceDays} days of it`;
    const message = `Visit ${position + 1} is in the way: of the series that come furthest it would be on ${when}, and nothing is possible then or ${near}. Ask for fewer visits, for other days, or for more days either way.`;
    return { position, wantedAt, message };
  }
}

/** With the same people where they are asked for, then at one site, and, last, with whoever can wherever. */
function waysOf(search: ChainSearch, keepsStaff: boolean): readonly WayInDiary[] {
  const codes = [...new Set(search.diary.map(({ siteId }) => siteId))];
  const sites = codes.map((code) => search.diary.filter(({ siteId }) => siteId === code));
  const kept = keepsStaff
    ? sites.flatMap((diary) => crewsToKeep(search.chain, diary).map((crew) => diaryOf(diary, crew)))
    : [];
  const diaries = [...kept, ...(sites.length > 1 ? sites : []), search.diary];
  return diaries.map((diary, order) => ({
    order,
    isKept: order < kept.length,
    diary,
    starts: possibleStarts({ ...search, diary }),
  }));
}

function toOffer(series: PlannedSeries, ways: readonly WayInDiary[], search: ChainSearch): SeriesOffer {
  const occurrences = series.occurrences.map((one) => {
    const way = mustBe(one.changesStaff ? ways.at(-1) : ways[series.way.order]);
    return toOccurrence(one, { ...search, diary: way.diary });
  });
  const firstMs = series.occurrences[0]?.startMs ?? 0;
  return {
    occurrences,
    insidePromise: firstMs < search.targetUntilMs,
    beforeBreach: firstMs < Math.max(search.breachUntilMs, search.targetUntilMs),
    exceptionsCount: series.exceptions,
  };
}

/** Who serves a visit that starts at that very moment: a promise that ends right after it puts it before all others. */
function toOccurrence(occurrence: PlannedOccurrence, search: ChainSearch): OfferedOccurrence {
  const { position, startMs, wantedMs, isException, changesStaff } = occurrence;
  const longestMs = search.chain.steps.reduce(
    (sum, { durationMinutes, wait }) => sum + (durationMinutes + (wait?.maxMinutes ?? 0)) * MINUTE_MS,
    0,
  );
  const promise = { targetUntilMs: startMs + 1, breachUntilMs: startMs + 1 };
  const [best] = findChainOffers({
    ...search,
    ...promise,
    fromMs: startMs,
    untilMs: startMs + longestMs,
    limit: 1,
  });
  if (best?.steps[0]?.startMs !== startMs) throw new RangeError('a start that was possible is not');
  const names = new Map(search.diary.map(({ id, kind, name }) => [id, { id, kind, name }]));
  const steps = best.steps.map(({ startMs: stepMs, endMs }, place) => ({
    position: place,
    name: search.chain.steps[place]?.name ?? '',
    startsAt: instantOf(stepMs),
    endsAt: instantOf(endMs),
  }));
  const resources = best.steps.flatMap((step, stepPosition) =>
    step.resources.map(({ role, resourceId }) => {
      const resource = mustBe(names.get(resourceId));
      return { stepPosition, role, resource };
    }),
  );
  const [startsAt, endsAt] = [instantOf(startMs), instantOf(best.steps.at(-1)?.endMs ?? startMs)];
  const wantedAt = instantOf(wantedMs);
  const siteCode = search.diary.find(({ id }) => id === resources[0]?.resource.id)?.siteId ?? null;
  return { position, startsAt, endsAt, wantedAt, isException, changesStaff, siteCode, steps, resources };
}

function latest(instants: readonly Temporal.Instant[]): Temporal.Instant {
  return mustBe(instants.toSorted(Temporal.Instant.compare).at(-1));
}

function earliest(instants: readonly Temporal.Instant[]): Temporal.Instant {
  return mustBe(instants.toSorted(Temporal.Instant.compare)[0]);
}

function instantOf(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}

function mustBe<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('a part of the series has got lost');
  return value;
}
