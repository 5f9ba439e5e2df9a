import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Resource as ResourceRow } from '../../platform/database/generated/client.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, Fault, notFound } from '../../platform/refusal/refusal.js';
import {
  dateFromInstant,
  instantFromDate,
  localDate,
  spanOfDay,
  Temporal,
} from '../../platform/time/index.js';
import {
  firstFit,
  inClaimOrder,
  sayOpenHours,
  spansOutside,
  toResourceSpan,
  withinLocalTimes,
} from './free-span.rules.js';
import { type Resource, toResource } from './resource.type.js';
import { LOCK_TO_CLAIM, SPANS } from './schedule.queries.js';
import { OutsideOpeningHours, SlotAlreadyTaken } from './schedule.refusals.js';
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

/** A pure rule that callers ask themselves, handed out at the front door. */
export { sayWhyNone } from './why-no-offer.rules.js';

/** The refusal behind the exclusion constraint, for the `onConstraint` of a transaction that claims. */
export const claimConstraints = { span_claims_no_overlap: () => new SlotAlreadyTaken() } as const;

/** A year ahead and a month: no diary is open for longer, and a longer window is a typing mistake. */
const WINDOW_MAX_DAYS = 400;
/** A visit is a few steps with a few resources each; more is not a visit. */
const CLAIMED_SPANS_MAX = 50;
/** How far to look for the next free time when one is taken. Later than this, ask for offers. */
const NEXT_FREE_MAX_DAYS = 28;

/** Free time, offers and claims: what later rooms build visits from. Knows no visit, only who holds what. */
@Injectable()
export class ScheduleService {
  readonly #timeZone: string;

  constructor(@Inject(Config) config: Config) {
    this.#timeZone = config.clinicTimeZone;
  }

  /** When resources are open and nobody has them, by resource id and time. One statement. */
  async freeSpans(reader: Reader, query: FreeSpanQuery): Promise<readonly FreeSpan[]> {
    return this.#spans(reader, query, true);
  }

  /** When resources are open, whoever has them. */
  async openSpans(
    reader: Reader,
    query: Omit<FreeSpanQuery, 'ignoreHolderId'>,
  ): Promise<readonly FreeSpan[]> {
    return this.#spans(reader, query, false);
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
    const spans = claim.spans.toSorted(inClaimOrder);
    mustBeClaimable(spans);
    const ids = [...new Set(spans.map((span) => span.resourceId))];
    const locked = await tx.$queryRawUnsafe<readonly unknown[]>(LOCK_TO_CLAIM, ids);
    if (locked.length < ids.length) throw notFound('resource');
    const free = await this.freeSpans(tx, { window: wholeOf(spans), resourceIds: ids });
    if (spansOutside(spans, free).length > 0) return this.#whyNotFree(tx, claim.holderId, spans);
    // Rows that meet a live claim are skipped by the exclusion constraint, also those that others are just writing.
    const { count } = await tx.spanClaim.createMany({
      data: spans.map((span) => ({
        resourceId: span.resourceId,
        startsAt: dateFromInstant(span.startsAt),
        endsAt: dateFromInstant(span.endsAt),
        holderId: claim.holderId,
        claimedAt: dateFromInstant(claim.at),
      })),
      skipDuplicates: true,
    });
    return count < spans.length ? this.#whyNotFree(tx, claim.holderId, spans) : null;
  }

  /** Gives back everything the holder has. How many spans that were; none is no mistake. */
  async releaseSpans(tx: Tx, holderId: string, at: Temporal.Instant): Promise<number> {
    const { count } = await tx.spanClaim.updateMany({
      where: { holderId, releasedAt: null },
      data: { releasedAt: dateFromInstant(at) },
    });
    return count;
  }

  /** What the holder has now, in order of time. */
  async spansHeld(tx: Tx, holderId: string): Promise<readonly ResourceSpan[]> {
    const rows = await tx.spanClaim.findMany({
      where: { holderId, releasedAt: null },
      orderBy: [{ startsAt: 'asc' }, { resourceId: 'asc' }],
    });
    return rows.map(toResourceSpan);
  }

  /** Resources by id, for names on screens and letters; retired ones too. */
  async resourcesById(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Resource>> {
    const rows: readonly ResourceRow[] = await reader.resource.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, toResource(row)]));
  }

  async #spans(reader: Reader, query: FreeSpanQuery, minusClaims: boolean): Promise<readonly FreeSpan[]> {
    const { startsAt, endsAt } = query.window;
    if (Temporal.Instant.compare(startsAt, endsAt) >= 0) return [];
    if (startsAt.until(endsAt).total('hours') > WINDOW_MAX_DAYS * 24) {
      throw badInput(`Ask for at most ${WINDOW_MAX_DAYS} days of the diary at once.`);
    }
    const rows = await reader.$queryRawUnsafe<readonly SpanRow[]>(
      SPANS,
      startsAt.toString(),
      endsAt.toString(),
      this.#timeZone,
      query.kinds ?? null,
      query.resourceIds ?? null,
      query.wantedResourceIds?.length ? query.wantedResourceIds : null,
      minusClaims,
      query.ignoreHolderId ?? null,
    );
    return rows.map((row) => ({
      ...row,
      startsAt: instantFromDate(row.startsAt),
      endsAt: instantFromDate(row.endsAt),
    }));
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

  /** Closed, or open and taken? Asked only when something is in the way. */
  async #whyNotFree(
    tx: Tx,
    holderId: string,
    spans: readonly ResourceSpan[],
  ): Promise<OutsideOpeningHours | SlotAlreadyTaken> {
    const resourceIds = spans.map((span) => span.resourceId);
    const whole = wholeOf(spans);
    const days = {
      startsAt: spanOfDay(localDate(whole.startsAt, this.#timeZone), this.#timeZone).start,
      endsAt: spanOfDay(localDate(whole.endsAt, this.#timeZone), this.#timeZone).end,
    };
    const open = await this.openSpans(tx, { window: days, resourceIds });
    const [closed] = spansOutside(spans, open);
    if (closed) return this.#outsideHours(tx, closed, open);
    const window = { startsAt: whole.startsAt, endsAt: whole.endsAt.add({ hours: NEXT_FREE_MAX_DAYS * 24 }) };
    const free = await this.freeSpans(tx, { window, resourceIds, ignoreHolderId: holderId });
    const [taken] = spansOutside(spans, free);
    return new SlotAlreadyTaken(taken ? firstFit(taken, free) : null);
  }

  async #outsideHours(tx: Tx, closed: ResourceSpan, open: readonly FreeSpan[]): Promise<OutsideOpeningHours> {
    const day = spanOfDay(localDate(closed.startsAt, this.#timeZone), this.#timeZone);
    const hours = open.filter(
      (span) =>
        span.resourceId === closed.resourceId &&
        Temporal.Instant.compare(span.startsAt, day.end) < 0 &&
        Temporal.Instant.compare(span.endsAt, day.start) > 0,
    );
    const resources = await this.resourcesById(tx, [closed.resourceId]);
    const name = resources.get(closed.resourceId)?.name ?? 'The resource';
    const openSpans = hours.map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
    const whenOpen = sayOpenHours(name, closed.startsAt, openSpans, this.#timeZone);
    return new OutsideOpeningHours(closed.resourceId, openSpans, whenOpen);
  }
}

interface SpanRow {
  readonly resourceId: string;
  readonly kind: ResourceKind;
  readonly resourceName: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

function wholeOf(spans: readonly ResourceSpan[]): Span {
  const starts = spans.map((span) => span.startsAt).sort(Temporal.Instant.compare);
  const ends = spans.map((span) => span.endsAt).sort(Temporal.Instant.compare);
  const startsAt = starts[0];
  const endsAt = ends.at(-1);
  if (startsAt === undefined || endsAt === undefined) throw new RangeError('nothing to claim');
  return { startsAt, endsAt };
}

function mustBeClaimable(spans: readonly ResourceSpan[]): void {
  if (spans.length === 0 || spans.length > CLAIMED_SPANS_MAX) {
    throw new RangeError(`a claim is of 1 to ${CLAIMED_SPANS_MAX} spans, not ${spans.length}`);
  }
  if (spans.some((span) => Temporal.Instant.compare(span.startsAt, span.endsAt) >= 0)) {
    throw new RangeError('a claimed span must end after it starts');
  }
}
