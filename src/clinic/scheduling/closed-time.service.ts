import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  localDate,
  spanOfDay,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { spansOutside, toResourceSpan } from './free-span.rules.js';
import { FreeTimeService } from './free-time.service.js';
import { closureOver } from './opening.rules.js';
import { LOCK_TO_CHANGE_HOURS } from './schedule.queries.js';
import type { ClosureHitsBookings } from './schedule.refusals.js';

/** From when to when a change can close what was open. No end: for good. */
export interface ChangedTime {
  readonly resourceIds: readonly string[] | null;
  readonly from: Temporal.PlainDate;
  readonly until?: Temporal.PlainDate;
}

/** What every change of hours asks: is the day over, who else is at it, and what is booked in the time it closes? */
@Injectable()
export class ClosedTimeService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  isOver(day: Temporal.PlainDate): boolean {
    return Temporal.PlainDate.compare(day, localDate(this.clock.now(), this.config.clinicTimeZone)) < 0;
  }

  /** Keeps claims of these resources (null: all) waiting until the change is committed. */
  async lock(tx: Tx, resourceIds: readonly string[] | null): Promise<void> {
    const rows = await tx.$queryRawUnsafe<readonly unknown[]>(LOCK_TO_CHANGE_HOURS, resourceIds);
    if (resourceIds !== null && rows.length < resourceIds.length) throw notFound('resource');
  }

  /** Asked after the change is written and before it is committed: a refusal undoes it. Ended holds do not count. */
  async bookingsLeftOutside(tx: Tx, changed: ChangedTime): Promise<ClosureHitsBookings | null> {
    const now = this.clock.now();
    const timeZone = this.config.clinicTimeZone;
    const dayBegins = startOfDay(changed.from, timeZone);
    const from = Temporal.Instant.compare(dayBegins, now) > 0 ? dayBegins : now;
    const until = changed.until && spanOfDay(changed.until, timeZone).end;
    const rows = await tx.spanClaim.findMany({
      where: {
        releasedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: dateFromInstant(now) } }],
        endsAt: { gt: dateFromInstant(from) },
        ...(until ? { startsAt: { lt: dateFromInstant(until) } } : {}),
        ...(changed.resourceIds ? { resourceId: { in: [...changed.resourceIds] } } : {}),
      },
      orderBy: [{ startsAt: 'asc' }, { resourceId: 'asc' }],
    });
    const claims = rows.map(toResourceSpan);
    const first = claims[0];
    const last = claims
      .map((claim) => claim.endsAt)
      .sort(Temporal.Instant.compare)
      .at(-1);
    if (first === undefined || last === undefined) return null;
    const resourceIds = [...new Set(claims.map((claim) => claim.resourceId))];
    const open = await this.freeTime.openSpans(tx, {
      window: { startsAt: first.startsAt, endsAt: last },
      resourceIds,
    });
    return closureOver(spansOutside(claims, open), timeZone);
  }
}
