import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority, ResourceKind } from '../../platform/database/generated/enums.js';
import { formatDate, spanOfDay, Temporal } from '../../platform/time/index.js';
import { findChainOffers, helpAtSites, sayWhyNone, whyNoneAtSites } from '../scheduling/diary.service.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import type { BookableTime, Span } from '../scheduling/schedule.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import { namesIn, toHelp, toOffer, toSwap } from './offered-visit.type.js';
import { OpenableTimeService } from './openable-time.service.js';
import { type PatientWish, SearchGroundService } from './search-ground.service.js';
import { SwapHelpService } from './swap-help.service.js';
import type { IsSuitable } from './visit-companion.service.js';
import type { VisitOffers, WhyNoOffer } from './visit-offer.type.js';

type ChainSearch = Parameters<typeof findChainOffers>[0];

/** What is looked for, when everything about the patient is known. */
export interface VisitSearch extends PatientWish {
  readonly visitTypeCode: string;
  /** The room that follows such visits; null: none. */
  readonly companion: string | null;
  /** Of the visit that is moved; null: the protocol in force today. */
  readonly protocolId: string | null;
  readonly priority: ReferralPriority | null;
  /** Local date on which the clock started; null: today. */
  readonly startedOn: string | null;
  readonly onOrAfter: string | null;
  readonly onOrBefore: string | null;
  readonly wantedResourceIds: readonly string[];
  /** Only at this site; null or left out: at any. */
  readonly siteCode?: string | null;
  readonly ignoreHolderId: string | null;
  readonly keepsStaff: boolean;
  readonly limit: number;
}

/** What is read once and asked of every search for the wish. */
interface Known {
  readonly bookable: BookableTime;
  readonly shortestUseMs: ReadonlyMap<ResourceKind, number>;
  readonly suits: IsSuitable;
}

/** Finds visits in the diary, and says why when there is none. A fixed number of statements; nothing is held. */
@Injectable()
export class VisitSearchService {
  constructor(
    @Inject(SearchGroundService) private readonly grounds: SearchGroundService,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(OpenableTimeService) private readonly openable: OpenableTimeService,
    @Inject(SwapHelpService) private readonly swapping: SwapHelpService,
    @Inject(Config) private readonly config: Config,
  ) {}

  async find(
    tx: Tx,
    wish: VisitSearch,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): Promise<VisitOffers> {
    const { id: protocolId, chain } =
      wish.protocolId === null
        ? await this.visitTypes.protocolInForce(tx, wish.visitTypeCode, this.leadTimes.today())
        : await this.visitTypes.protocolById(tx, wish.protocolId);
    const bookable = await this.leadTimes.bookableFor(tx, {
      visitType: wish.visitTypeCode,
      priority: wish.priority,
      startedOn: wish.startedOn === null ? null : Temporal.PlainDate.from(wish.startedOn),
    });
    const window = this.#narrow(bookable, wish);
    const suits = await this.grounds.whatSuits(tx, wish.companion);
    const known = { bookable, shortestUseMs, suits };
    const search = await this.#search(tx, wish, chain, window, known);
    const offers = findChainOffers(search);
    const names = namesIn(search);
    return {
      offers: offers.map((offer) => toOffer(offer, chain, names)),
      earliestOn: bookable.earliestOn.toString(),
      targetOn: bookable.targetOn.toString(),
      latestOn: bookable.latestOn.toString(),
      whyNoOffer:
        offers.length > 0
          ? null
          : await this.#why(tx, { ...wish, protocolId }, search, known, async () => {
              const whole = { startsAt: bookable.from, endsAt: bookable.until };
              const isAll = sameSpan(window, whole);
              return isAll ? null : this.#search(tx, wish, chain, whole, known);
            }),
    };
  }

  /** The days asked for, inside those that may be booked. Empty when they do not meet. */
  #narrow(bookable: BookableTime, { onOrAfter, onOrBefore }: VisitSearch): Span {
    const zone = this.config.clinicTimeZone;
    const first = onOrAfter === null ? null : spanOfDay(Temporal.PlainDate.from(onOrAfter), zone).start;
    const last = onOrBefore === null ? null : spanOfDay(Temporal.PlainDate.from(onOrBefore), zone).end;
    return {
      startsAt: first !== null && Temporal.Instant.compare(first, bookable.from) > 0 ? first : bookable.from,
      endsAt: last !== null && Temporal.Instant.compare(last, bookable.until) < 0 ? last : bookable.until,
    };
  }

  async #search(
    tx: Tx,
    wish: VisitSearch,
    chain: ChainSearch['chain'],
    window: Span,
    known: Known,
  ): Promise<ChainSearch> {
    const query = {
      chain,
      visitTypeCode: wish.visitTypeCode,
      window,
      ...(wish.ignoreHolderId === null ? {} : { ignoreHolderId: wish.ignoreHolderId }),
      ...(wish.wantedResourceIds.length === 0 ? {} : { wantedResourceIds: wish.wantedResourceIds }),
    };
    const diary = await this.grounds.diary(tx, query, known.suits);
    return {
      diary: wish.siteCode == null ? diary : diary.filter(({ siteId }) => siteId === wish.siteCode),
      chain,
      ...(await this.grounds.patientTime(tx, wish, window, wish)),
      fromMs: window.startsAt.epochMilliseconds,
      untilMs: window.endsAt.epochMilliseconds,
      targetUntilMs: known.bookable.targetUntil.epochMilliseconds,
      breachUntilMs: known.bookable.breachUntil.epochMilliseconds,
      timeZone: this.config.clinicTimeZone,
      keepsStaff: wish.keepsStaff,
      shortestUseMs: known.shortestUseMs,
      limit: wish.limit,
    };
  }

  /**
   * The shortest use that the clinic has for each kind: free time that is shorter is of no use to anybody. To be asked
   * outside the transaction: it reads by itself.
   */
  async shortestUses(): Promise<ReadonlyMap<ResourceKind, number>> {
    const shortest = new Map<ResourceKind, number>();
    for (const { protocol, retiredOn } of await this.visitTypes.visitTypes()) {
      if (retiredOn !== null) continue;
      for (const step of protocol?.steps ?? []) {
        for (const { kind, bufferBeforeMinutes, bufferAfterMinutes } of step.needs) {
          const minutes = bufferBeforeMinutes + step.durationMinutes + bufferAfterMinutes;
          shortest.set(kind, Math.min(shortest.get(kind) ?? Number.POSITIVE_INFINITY, minutes * 60_000));
        }
      }
    }
    return shortest;
  }

  async #why(
    tx: Tx,
    wish: VisitSearch & { readonly protocolId: string },
    search: ChainSearch,
    { bookable: { earliestOn, latestOn }, suits }: Known,
    longerSearch: () => Promise<ChainSearch | null>,
  ): Promise<WhyNoOffer | null> {
    const bySite = whyNoneAtSites(search);
    const [nearest] = bySite;
    if (nearest === undefined) return null;
    const { why } = nearest;
    const kinds = kindsIn([why]);
    const missing = kindsIn(bySite.map((one) => one.why));
    const [longer, openable] = [
      await longerSearch(),
      await this.openable.openable(tx, {
        kinds: missing,
        search,
        ignoreHolderId: wish.ignoreHolderId,
      }),
    ];
    const sessions = openable
      .filter(suits)
      .filter(({ siteId }) => wish.siteCode == null || siteId === wish.siteCode);
    const help = helpAtSites({ search, longer, openable: sessions });
    const sought = {
      ...wish,
      siteCode: wish.siteCode ?? null,
      keepsPatient: this.grounds.keepsPatient(wish.companion),
      kinds: missing,
      search,
      whole: longer ?? search,
    };
    const swaps = await this.swapping.swaps(tx, sought);
    const names = namesIn(search, longer, { diary: sessions }, ...swaps);
    const isLookedIn = search.fromMs < search.untilMs;
    return {
      block: why.reason,
      position: 'step' in why ? why.step : null,
      stepName: 'stepName' in why ? why.stepName : null,
      siteCode: nearest.siteId,
      kinds,
      withPatient: why.reason === 'PATIENT_NOT_FREE' || ('withPatient' in why && why.withPatient),
      window: isLookedIn ? { startsAt: instantOf(search.fromMs), endsAt: instantOf(search.untilMs) } : null,
      message: isLookedIn
        ? sayWhy(bySite)
        : `None of the days asked for can be booked: choose from ${formatDate(earliestOn)} to ${formatDate(latestOn)}.`,
      help: [
        ...help.map((one) => toHelp(one, search.chain, names)),
        ...swaps.map((one) => toSwap(one, search.chain, names)),
      ],
    };
  }
}

type WhyNone = ReturnType<typeof whyNoneAtSites>[number]['why'];

function kindsIn(whys: readonly WhyNone[]): readonly ResourceKind[] {
  return [...new Set(whys.flatMap((why) => ('needs' in why ? why.needs.map(({ kind }) => kind) : [])))];
}

/** What is in the way, in a sentence for each site where there are several. */
function sayWhy(bySite: ReturnType<typeof whyNoneAtSites>): string {
  const sentences = bySite.map(({ siteId, why }) =>
    bySite.length === 1 ? sayWhyNone(why) : `${siteId}: ${sayWhyNone(why)}`,
  );
  return sentences.join(' ');
}

function sameSpan(a: Span, b: Span): boolean {
  return (
    Temporal.Instant.compare(a.startsAt, b.startsAt) === 0 &&
    Temporal.Instant.compare(a.endsAt, b.endsAt) === 0
  );
}

function instantOf(ms: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
