import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import { GIVEN_BACK_NOW } from './freed-place.queries.js';
import {
  extentOf,
  leavesPlace,
  type PlaceSpan,
  spansStillFree,
  usableFrom,
  usableUntil,
} from './freed-place.rules.js';
import { FREED_PLACE_WORK } from './freed-place-letter.type.js';
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
    if (!leavesPlace(action, before)) return;
    const now = this.clock.now();
    const spans = await this.#leftBehind(tx, after.id, usableFrom(now));
    const extent = extentOf(spans);
    if (extent === null || before === null) return;
    const { id: visitId, version: visitVersion } = after;
    const { visitTypeCode, siteCode } = before;
    const id = newId();
    await tx.freedPlace.create({
      data: {
        ...{ id, visitId, visitVersion, visitTypeCode, siteCode },
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
      where: { code: visitTypeCode },
      select: { offersFreed: true },
    });
    const message = { subjectId: id, version: 0 };
    await this.outbox.post(
      tx,
      offersFreed
        ? { ...message, topic: FREED_PLACE_WORK.freed, dueAt: tellingAt ?? now }
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
    const window = extentOf(given);
    if (window === null) return [];
    const resourceIds = [...new Set(given.map(({ resourceId }) => resourceId))];
    return spansStillFree(given, await this.schedule.freeSpans(tx, { window, resourceIds }), from);
  }
}

interface GivenBackRow {
  readonly resourceId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

function latest(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}
