import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { spanOfDay, Temporal } from '../../platform/time/index.js';
import { ClaimService } from './claim.service.js';
import { withinLocalTimes } from './free-span.rules.js';
import { FreeTimeService } from './free-time.service.js';
import type { Resource } from './resource.type.js';
import type { OutsideOpeningHours, SlotAlreadyTaken } from './schedule.refusals.js';
import type {
  ClaimRequest,
  FreeSpan,
  FreeSpanQuery,
  Reader,
  ResourceSpan,
  Span,
  VisitOfferQuery,
  VisitOffers,
  Wanted,
} from './schedule.type.js';
import { faultOfChain } from './visit-chain.rules.js';
import { findVisitOffers } from './visit-offer.rules.js';
import { whyNoOffer } from './why-no-offer.rules.js';

/** Handed out at the front door. */
export { claimConstraints } from './claim.service.js';
/** A pure rule that callers ask themselves. */
export { sayWhyNone } from './why-no-offer.rules.js';

/** Free time, offers and claims: what later rooms build visits from. Knows no visit, only who holds what. */
@Injectable()
export class ScheduleService {
  readonly #timeZone: string;

  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(Config) config: Config,
  ) {
    this.#timeZone = config.clinicTimeZone;
  }

  /** When resources are open and nobody has them, by resource id and time. One statement. */
  async freeSpans(reader: Reader, query: FreeSpanQuery): Promise<readonly FreeSpan[]> {
    return this.freeTime.freeSpans(reader, query);
  }

  /** When resources are open, whoever has them. */
  async openSpans(
    reader: Reader,
    query: Omit<FreeSpanQuery, 'ignoreHolderId'>,
  ): Promise<readonly FreeSpan[]> {
    return this.freeTime.openSpans(reader, query);
  }

  /** The possible visits inside the window, best first. One statement, whatever the days and resources. */
  async visitOffers(reader: Reader, query: VisitOfferQuery): Promise<VisitOffers> {
    const { chain, wanted = {} } = query;
    const fault = faultOfChain(chain);
    if (fault !== null) throw new Fault('INTERNAL', `This kind of visit cannot be searched for: ${fault}.`);
    const open = await this.freeSpans(reader, {
      window: this.#narrow(query.window, wanted),
      kinds: [...new Set([...chain.first.kinds, ...chain.second.kinds])],
      wantedResourceIds: wanted.resourceIds,
      ignoreHolderId: query.ignoreHolderId,
      visitTypeCode: query.visitTypeCode ?? null,
    });
    const { localTimeFrom = null, localTimeUntil = null } = wanted;
    const free = withinLocalTimes(open, localTimeFrom, localTimeUntil, this.#timeZone);
    const offers = findVisitOffers({
      free,
      chain,
      targetUntil: query.window.targetUntil,
      timeZone: this.#timeZone,
      limit: query.limit,
    });
    return { offers, whyNone: offers.length > 0 ? null : whyNoOffer(free, chain, this.#timeZone) };
  }

  /**
   * Takes every span for the holder and answers null, or takes none: a refusal must be returned from the transaction, which undoes the rest.
   * To move a visit, release its old spans first, in the same transaction.
   */
  async claimSpans(tx: Tx, claim: ClaimRequest): Promise<OutsideOpeningHours | SlotAlreadyTaken | null> {
    return this.claims.claimSpans(tx, claim);
  }

  /** Gives back everything the holder has. How many spans that were; none is no mistake. */
  async releaseSpans(tx: Tx, holderId: string, at: Temporal.Instant): Promise<number> {
    return this.claims.releaseSpans(tx, holderId, at);
  }

  /** What the holder has now, in order of time. */
  async spansHeld(tx: Tx, holderId: string): Promise<readonly ResourceSpan[]> {
    return this.claims.spansHeld(tx, holderId);
  }

  /** Resources by id, for names on screens and letters; retired ones too. */
  async resourcesById(
    reader: Pick<Reader, 'resource'>,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Resource>> {
    return this.freeTime.resourcesById(reader, ids);
  }

  #narrow(window: VisitOfferQuery['window'], wanted: Wanted): Span {
    const first = wanted.onOrAfter ? this.#day(wanted.onOrAfter).start : window.from;
    const last = wanted.onOrBefore ? this.#day(wanted.onOrBefore).end : window.until;
    return {
      startsAt: Temporal.Instant.compare(first, window.from) > 0 ? first : window.from,
      endsAt: Temporal.Instant.compare(last, window.until) < 0 ? last : window.until,
    };
  }

  #day(on: string) {
    return spanOfDay(Temporal.PlainDate.from(on), this.#timeZone);
  }
}
