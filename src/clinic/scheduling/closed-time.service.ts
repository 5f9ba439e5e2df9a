import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { TRANSACTION_TIMEOUT_MS, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  localDate,
  spanOfDay,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { wholeOf } from './claim.rules.js';
import { type ResourceSpan, spansOutside, toResourceSpan } from './free-span.rules.js';
import { FreeTimeService, WINDOW_MAX_DAYS } from './free-time.service.js';
import { closureOver } from './opening.rules.js';
import { LOCK_TO_CHANGE_HOURS } from './schedule.queries.js';
import type { ClosureHitsBookings } from './schedule.refusals.js';

/**
 * A hold that ended less than this ago may be confirmed at this moment: whoever confirms it looks at the clock inside
 * a transaction, which lasts at most so long, and does not wait for the lock on the resource. Until then the hold counts.
 */
const CONFIRMING_MAX_MS = TRANSACTION_TIMEOUT_MS;

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

  /**
   * Asked after the change is written and before it is committed: a refusal undoes it. However far ahead a booking is,
   * it counts. Ended holds do not count, except those that somebody may just be confirming.
   */
  async bookingsLeftOutside(tx: Tx, changed: ChangedTime): Promise<ClosureHitsBookings | null> {
    const now = this.clock.now();
    const timeZone = this.config.clinicTimeZone;
    const dayBegins = startOfDay(changed.from, timeZone);
    const from = Temporal.Instant.compare(dayBegins, now) > 0 ? dayBegins : now;
    const holdsSince = now.subtract({ milliseconds: CONFIRMING_MAX_MS });
    const until = changed.until && spanOfDay(changed.until, timeZone).end;
    const rows = await tx.spanClaim.findMany({
      where: {
        releasedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: dateFromInstant(holdsSince) } }],
        endsAt: { gt: dateFromInstant(from) },
        ...(until ? { startsAt: { lt: dateFromInstant(until) } } : {}),
        ...(changed.resourceIds ? { resourceId: { in: [...changed.resourceIds] } } : {}),
      },
      orderBy: [{ startsAt: 'asc' }, { resourceId: 'asc' }],
    });
    const left: ResourceSpan[] = [];
    for (const claims of inWindows(rows.map(toResourceSpan))) {
      const resourceIds = [...new Set(claims.map((claim) => claim.resourceId))];
      const open = await this.freeTime.openSpans(tx, { window: wholeOf(claims), resourceIds });
      left.push(...spansOutside(claims, open));
    }
    return closureOver(left, timeZone);
  }
}

/** Claims in order of start, in groups that one look at the diary can hold. No claim is cut: each is in one group. */
function inWindows(claims: readonly ResourceSpan[]): readonly (readonly ResourceSpan[])[] {
  const groups: ResourceSpan[][] = [];
  let group: ResourceSpan[] = [];
  let windowEnds: Temporal.Instant | null = null;
  for (const claim of claims) {
    if (windowEnds === null || Temporal.Instant.compare(claim.endsAt, windowEnds) > 0) {
      group = [];
      groups.push(group);
      windowEnds = claim.startsAt.add({ hours: WINDOW_MAX_DAYS * 24 });
    }
    group.push(claim);
  }
  return groups;
}
