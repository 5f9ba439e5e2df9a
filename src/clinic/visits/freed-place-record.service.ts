import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import { LOCK_FREED_PLACE } from './freed-place.queries.js';
import {
  extentOf,
  FREED_PLACE_VERBS,
  hasLapsed,
  shownPlaceStatus,
  spansStillFree,
  usableFrom,
} from './freed-place.rules.js';
import {
  type FreedPlace,
  type FreedPlaceFilterInput,
  type FreedPlaceOffer,
  toOffer,
} from './freed-place.type.js';

/** What is read with a place, so that a list takes as many statements as one. */
const WHOLE = {
  spans: {
    orderBy: [{ resourceId: 'asc' }, { startsAt: 'asc' }],
    include: { resource: { select: { id: true, kind: true, name: true } } },
  },
  offers: { orderBy: { rank: 'asc' } },
  visit: { select: { patientId: true } },
} as const satisfies Prisma.FreedPlaceInclude;

type WholeRow = Prisma.FreedPlaceGetPayload<{ include: typeof WHOLE }>;

/** A place as the table has it, with whose visit left it. */
export type FreedPlaceAtHand = FreedPlace & { readonly leftByPatientId: string };

/** An offer with its place, which is locked. */
export interface OfferAtHand {
  readonly place: FreedPlaceAtHand;
  readonly offer: FreedPlaceOffer;
  readonly visitTypeCode: string;
}

/** Reading freed places, always as they stand now. */
@Injectable()
export class FreedPlaceRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** The place as it was last written down, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async lock(tx: Tx, id: string): Promise<FreedPlaceAtHand> {
    await tx.$queryRawUnsafe(LOCK_FREED_PLACE, id);
    return this.read(tx, id);
  }

  /** The same without the lock. Throws NOT_FOUND. */
  async read(tx: Tx, id: string): Promise<FreedPlaceAtHand> {
    const row = await tx.freedPlace.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('freed place');
    return toPlace(row);
  }

  /** The place of an offer, kept from changing, and the offer in it, with what kind of visit it is. Throws NOT_FOUND. */
  async lockOf(tx: Tx, offerId: string): Promise<OfferAtHand> {
    const found = await tx.freedPlaceOffer.findUnique({
      where: { id: offerId },
      select: { freedPlaceId: true, request: { select: { visitTypeCode: true } } },
    });
    if (found === null) throw notFound('offer of a freed place');
    const place = await this.lock(tx, found.freedPlaceId);
    const offer = place.offers.find(({ id }) => id === offerId);
    if (offer === undefined) throw notFound('offer of a freed place');
    return { place, offer, visitTypeCode: found.request.visitTypeCode };
  }

  /** One place as it stands at this moment; the look at those who are asked is recorded. */
  async freedPlace(actor: Actor, id: string): Promise<FreedPlace> {
    return this.database.transaction(async (tx) => {
      const place = await this.shown(tx, await this.read(tx, id));
      await this.#recordLook(tx, actor, 'freed-place.viewed', [place], id);
      return place;
    });
  }

  /** Places by their start, each as it stands at this moment; the look at those who are asked is recorded. */
  async freedPlaces(actor: Actor, filter: FreedPlaceFilterInput, page: PageInput): Promise<Page<FreedPlace>> {
    if (filter.from && filter.until && filter.from > filter.until) {
      throw badInput('filter.until: must not be before filter.from.');
    }
    const where = { AND: [this.#toWhere(filter), after(page.after)] };
    return this.database.transaction(async (tx) => {
      const rows = await tx.freedPlace.findMany({
        where,
        include: WHOLE,
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = await this.#judged(tx, rows.slice(0, page.size).map(toPlace));
      await this.#recordLook(tx, actor, 'freed-places.listed', items);
      const last = items.at(-1);
      const isLastPage = rows.length <= page.size || last === undefined;
      return { items, nextCursor: isLastPage ? null : encodeCursor(last.startsAt.toString(), last.id) };
    });
  }

  /** The offers that were made to each of these requests, the newest first; whoever shows the request records the look. */
  async ofRequests(ids: readonly string[]): Promise<ReadonlyMap<string, readonly FreedPlaceOffer[]>> {
    const rows = await this.database.client.freedPlaceOffer.findMany({
      where: { requestId: { in: [...ids] }, sentAt: { not: null } },
      orderBy: [{ sentAt: 'desc' }, { id: 'desc' }],
    });
    const offers = rows.map(toOffer).map((offer) => asShown(offer, this.clock.now()));
    return new Map(ids.map((id) => [id, offers.filter(({ requestId }) => requestId === id)]));
  }

  /** Whether an open place is still to be had is asked of the diary. */
  async shown(tx: Tx, place: FreedPlaceAtHand): Promise<FreedPlace> {
    const [judged] = await this.#judged(tx, [place]);
    return judged ?? place;
  }

  /** One look at the diary, however many places. */
  async #judged(tx: Tx, places: readonly FreedPlaceAtHand[]): Promise<readonly FreedPlace[]> {
    const now = this.clock.now();
    const open = places.filter(({ status }) => status === FreedPlaceStatus.OPEN);
    const spans = open.flatMap((place) => place.spans.map(toSpan));
    const window = extentOf(spans);
    const resourceIds = [...new Set(spans.map(({ resourceId }) => resourceId))];
    const free = window === null ? [] : await this.schedule.freeSpans(tx, { window, resourceIds });
    return places.map(({ leftByPatientId: _, ...place }) => {
      const isStillFree = spansStillFree(place.spans.map(toSpan), free, usableFrom(now)).length > 0;
      const status = shownPlaceStatus(place, isStillFree, now);
      const offers = place.offers.map((offer) => asShown(offer, now));
      return { ...place, status, offers, allowedActions: FREED_PLACE_VERBS[status] };
    });
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: 'freed-place.viewed' | 'freed-places.listed',
    places: readonly FreedPlace[],
    subjectId?: string,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'freed-place',
      ...(subjectId === undefined ? {} : { subjectId }),
      patientIds: [...new Set(places.flatMap(({ offers }) => offers.map(({ patientId }) => patientId)))],
    });
  }

  #toWhere(filter: FreedPlaceFilterInput): Prisma.FreedPlaceWhereInput {
    const zone = this.config.clinicTimeZone;
    const dayOf = (day: string, days: number) =>
      dateFromInstant(startOfDay(Temporal.PlainDate.from(day).add({ days }), zone));
    return {
      status: { in: [...(filter.statuses ?? [FreedPlaceStatus.OPEN, FreedPlaceStatus.OFFERING])] },
      startsAt: {
        ...(filter.from ? { gte: dayOf(filter.from, 0) } : {}),
        ...(filter.until ? { lt: dayOf(filter.until, 1) } : {}),
      },
      ...(filter.visitTypeCode ? { visitTypeCode: filter.visitTypeCode } : {}),
      ...(filter.resourceId ? { spans: { some: { resourceId: filter.resourceId } } } : {}),
    };
  }
}

function asShown(offer: FreedPlaceOffer, now: Temporal.Instant): FreedPlaceOffer {
  return hasLapsed(offer, now) ? { ...offer, status: 'LAPSED' } : offer;
}

function toSpan({ resource, startsAt, endsAt }: FreedPlace['spans'][number]) {
  return { resourceId: resource.id, startsAt, endsAt };
}

function toPlace(row: WholeRow): FreedPlaceAtHand {
  return {
    id: row.id,
    visitId: row.visitId,
    visitVersion: row.visitVersion,
    restOfId: row.restOfId,
    visitTypeCode: row.visitTypeCode,
    siteCode: row.siteCode,
    startsAt: instantFromDate(row.startsAt),
    endsAt: instantFromDate(row.endsAt),
    freedAt: instantFromDate(row.freedAt),
    status: row.status,
    version: row.version,
    answerBy: row.answerBy && instantFromDate(row.answerBy),
    settledAt: row.settledAt && instantFromDate(row.settledAt),
    spans: row.spans.map(({ resource, startsAt, endsAt }) => ({
      resource,
      startsAt: instantFromDate(startsAt),
      endsAt: instantFromDate(endsAt),
    })),
    offers: row.offers.map(toOffer),
    candidatesCount: row.offers.length,
    allowedActions: FREED_PLACE_VERBS[row.status],
    leftByPatientId: row.visit.patientId,
  };
}

function after(cursor: string | null | undefined): Prisma.FreedPlaceWhereInput {
  if (!cursor) return {};
  const [startsAt, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const begins = dateFromInstant(Temporal.Instant.from(startsAt));
  return { OR: [{ startsAt: { gt: begins } }, { startsAt: begins, id: { gt: id } }] };
}
