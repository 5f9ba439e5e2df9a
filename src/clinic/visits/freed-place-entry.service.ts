import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import { GIVEN_BACK_NOW } from './freed-place.queries.js';
import {
  extentOf,
  leavesPlace,
  longEnough,
  type PlaceSpan,
  spansStillFree,
  usableFrom,
  usableUntil,
} from './freed-place.rules.js';
import { FREED_PLACE_WORK } from './freed-place-letter.type.js';
import type { FreedPlaceAtHand } from './freed-place-record.service.js';
import type { VisitChange } from './visit-companion.service.js';

/** Writes down the places that visits leave, in the transaction in which they leave them. */
@Injectable()
export class FreedPlaceEntryService {
  constructor(
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    for (const topic of Object.values(FREED_PLACE_WORK)) outbox.declare(topic);
  }

  /**
   * What the visit has given back and is open and free, as far as somebody could still come. Only ever adds rows, so it
   * stands in nobody's way. Nobody is asked about it before `tellingAt`: until then the change may be taken back.
   */
  async enter(tx: Tx, { action, before, after, tellingAt }: VisitChange): Promise<void> {
    if (before === null || !leavesPlace(action, before)) return;
    const now = this.clock.now();
    const spans = await this.#leftBehind(tx, after.id, usableFrom(now));
    const { id: visitId, version: visitVersion } = after;
    const { visitTypeCode, siteCode } = before;
    const left = { visitId, visitVersion, visitTypeCode, siteCode, restOfId: null };
    await this.#write(tx, left, spans, { now, offeredAt: tellingAt ?? now });
  }

  /**
   * What is left of a place into which somebody was booked, as far as it is long enough for anything and somebody could
   * still come. Each is smaller than the one before by a visit, so there is an end to it.
   */
  async enterRest(
    tx: Tx,
    place: FreedPlaceAtHand,
    shortestUseMs: ReadonlyMap<ResourceKind, number>,
  ): Promise<void> {
    const now = this.clock.now();
    const spans = place.spans.map(({ resource, startsAt, endsAt }) => {
      return { resourceId: resource.id, startsAt, endsAt };
    });
    const kindOf = new Map(place.spans.map(({ resource }) => [resource.id, resource.kind]));
    const rest = longEnough(await this.#stillFree(tx, spans, usableFrom(now)), kindOf, shortestUseMs);
    const { visitId, visitVersion, visitTypeCode, siteCode, id: restOfId } = place;
    const left = { visitId, visitVersion, visitTypeCode, siteCode, restOfId };
    await this.#write(tx, left, rest, { now, offeredAt: now });
  }

  async #write(
    tx: Tx,
    left: Left,
    spans: readonly PlaceSpan[],
    { now, offeredAt }: { readonly now: Temporal.Instant; readonly offeredAt: Temporal.Instant },
  ): Promise<void> {
    const extent = extentOf(spans);
    if (extent === null) return;
    const id = newId();
    await tx.freedPlace.create({
      data: {
        ...{ id, ...left },
        startsAt: dateFromInstant(extent.startsAt),
        endsAt: dateFromInstant(extent.endsAt),
        freedAt: dateFromInstant(now),
        spans: {
          createMany: {
            data: spans.map(({ resourceId, startsAt, endsAt }) => ({
              resourceId,
              startsAt: dateFromInstant(startsAt),
              endsAt: dateFromInstant(endsAt),
            })),
          },
        },
      },
      select: { id: true },
    });
    const { offersFreed } = await tx.visitType.findUniqueOrThrow({
      where: { code: left.visitTypeCode },
      select: { offersFreed: true },
    });
    const message = { subjectId: id, version: 0 };
    await this.outbox.post(
      tx,
      offersFreed
        ? { ...message, topic: FREED_PLACE_WORK.freed, dueAt: offeredAt }
        : { ...message, topic: FREED_PLACE_WORK.due, dueAt: latest(now, usableUntil(extent)) },
    );
  }

  async #leftBehind(tx: Tx, visitId: string, from: Temporal.Instant): Promise<readonly PlaceSpan[]> {
    const rows = await tx.$queryRawUnsafe<readonly GivenBackRow[]>(GIVEN_BACK_NOW, visitId, from.toString());
    const given = rows.map(({ resourceId, startsAt, endsAt }) => ({
      resourceId,
      startsAt: instantFromDate(startsAt),
      endsAt: instantFromDate(endsAt),
    }));
    return this.#stillFree(tx, given, from);
  }

  async #stillFree(
    tx: Tx,
    spans: readonly PlaceSpan[],
    from: Temporal.Instant,
  ): Promise<readonly PlaceSpan[]> {
    const window = extentOf(spans);
    if (window === null) return [];
    const resourceIds = [...new Set(spans.map(({ resourceId }) => resourceId))];
    return spansStillFree(spans, await this.schedule.freeSpans(tx, { window, resourceIds }), from);
  }
}

/** Which visit left a place, and of which place it is the rest. */
type Left = Pick<FreedPlaceAtHand, 'visitId' | 'visitVersion' | 'visitTypeCode' | 'siteCode' | 'restOfId'>;

interface GivenBackRow {
  readonly resourceId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

function latest(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}
