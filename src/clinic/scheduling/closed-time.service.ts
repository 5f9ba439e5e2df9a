import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { TRANSACTION_TIMEOUT_MS, type Tx } from '../../platform/database/database.service.js';
import { ExceptionKind } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  spanOfDay,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { wholeOf } from './claim.rules.js';
import { ClaimHolders } from './claim-holders.service.js';
import { type ResourceSpan, spansOutside, toResourceSpan } from './free-span.rules.js';
import { FreeTimeService, WINDOW_MAX_DAYS } from './free-time.service.js';
import { TELL_DAYS } from './opening.queries.js';
import { closureOver, dateFromLocalTime } from './opening.rules.js';
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

/** A day on which something is closed, or the part of it between two times on the wall. */
export interface ClosedDay {
  /** `YYYY-MM-DD`. */
  readonly heldOn: string;
  /** `HH:MM`; both null: the whole day. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
}

/** What every change of hours asks: is the day over, who else is at it, and what is booked in the time it closes? */
@Injectable()
export class ClosedTimeService {
  constructor(
    @Inject(FreeTimeService) private readonly freeTime: FreeTimeService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ClaimHolders) private readonly holders: ClaimHolders,
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
   * Closes resources as one change, which is taken back by its id. The lock comes before; `bookingsLeftOutside` is asked
   * once everything booked in that time has been moved. Whoever looks at those days is told of it, and of its end.
   */
  async close(
    tx: Tx,
    closure: { readonly id: string; readonly reason: string; readonly resourceIds: readonly string[] },
    days: readonly ClosedDay[],
  ): Promise<void> {
    const times = days.map((day) => ({
      heldOn: dateFromPlainDate(Temporal.PlainDate.from(day.heldOn)),
      startsAt: day.startsAt === null ? null : dateFromLocalTime(day.startsAt),
      endsAt: day.endsAt === null ? null : dateFromLocalTime(day.endsAt),
    }));
    await tx.openingException.createMany({
      data: closure.resourceIds.flatMap((resourceId) =>
        times.map((time) => ({
          ...time,
          resourceId,
          kind: ExceptionKind.CLOSED,
          reason: closure.reason,
          closureId: closure.id,
        })),
      ),
    });
    await this.#tellAll(tx, closure.resourceIds, times);
  }

  /** Takes back what was closed as one change: nothing that is booked can be in the way of that. */
  async reopen(tx: Tx, closureId: string): Promise<void> {
    const rows = await tx.openingException.findMany({
      where: { closureId },
      select: { resourceId: true, heldOn: true },
    });
    await tx.openingException.deleteMany({ where: { closureId } });
    await this.#tellAll(
      tx,
      rows.flatMap(({ resourceId }) => resourceId ?? []),
      rows,
    );
  }

  async #tellAll(
    tx: Tx,
    resourceIds: readonly string[],
    days: readonly { readonly heldOn: Date }[],
  ): Promise<void> {
    const inOrder = days.map(({ heldOn }) => plainDateFromDate(heldOn)).toSorted(Temporal.PlainDate.compare);
    const [from, until] = [inOrder[0], inOrder.at(-1)];
    if (from !== undefined && until !== undefined) await this.tell(tx, { resourceIds, from, until });
  }

  /** Before a change of hours is committed: whoever looks at those days is told once it is. */
  async tell(tx: Tx, { resourceIds, from, until }: ChangedTime): Promise<void> {
    await tx.$queryRawUnsafe(TELL_DAYS, from.toString(), until?.toString() ?? null, resourceIds);
  }

  /**
   * Asked after the change is written and before it is committed: a refusal undoes it. However far ahead a booking is,
   * it counts, and is held against the sessions that serve its kind of visit. Ended holds do not count, except those that
   * somebody may just be confirming.
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
    const kinds = await this.holders.kindsOf(tx, [...new Set(rows.map(({ holderId }) => holderId))]);
    const claims = rows.map((row) => ({ ...toResourceSpan(row), kind: kinds.get(row.holderId) ?? null }));
    const left: ResourceSpan[] = [];
    for (const kind of new Set(claims.map((claim) => claim.kind))) {
      for (const group of inWindows(claims.filter((claim) => claim.kind === kind))) {
        const resourceIds = [...new Set(group.map((claim) => claim.resourceId))];
        // A session that serves other kinds of visit only is closed to this one.
        const serving = kind === null ? {} : { visitTypeCode: kind };
        const open = await this.freeTime.openSpans(tx, { window: wholeOf(group), resourceIds, ...serving });
        left.push(...spansOutside(group, open));
      }
    }
    left.sort((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt));
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
