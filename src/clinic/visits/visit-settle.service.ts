import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { RequestService } from './request.service.js';
import { RequestAlreadyBooked } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { type CompanionStanding, settledAs, settledStatus } from './visit-companion.rules.js';
import { VisitRecordService } from './visit-record.service.js';
import { VisitTimeService } from './visit-time.service.js';

/** How a visit stands by the word of the room that follows it. */
export interface Settlement {
  readonly standing: CompanionStanding;
  readonly startedAt: Temporal.Instant | null;
  readonly finishedAt: Temporal.Instant | null;
  /** When its last step, which is that room's, began and ended. */
  readonly lastStep: {
    readonly startedAt: Temporal.Instant | null;
    readonly endedAt: Temporal.Instant | null;
  };
  /** Why it was broken off; null unless it was. */
  readonly because: string | null;
}

/** Visits that have given their time back. */
const GAVE_BACK: readonly VisitStatus[] = [VisitStatus.DISCONTINUED, VisitStatus.NO_SHOW];

/**
 * A visit that another room follows begins, ends, or goes back, because that room says so: what a scanner does is a
 * fact, whatever the diary says. Inside that room's transaction.
 */
@Injectable()
export class VisitSettleService {
  constructor(
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(VisitTimeService) private readonly times: VisitTimeService,
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * What was broken off gives back its time. What goes on again takes the patient's time again, and of its resources
   * what nobody else has by now; it is refused, and the refusal must be returned from the transaction, when the request
   * has another visit or the patient is elsewhere. Doing it twice is doing it once.
   */
  async settleIn(tx: Tx, actor: Actor, visitId: string, settlement: Settlement): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, visitId);
    const status = settledStatus(settlement.standing, before.arrivedAt !== null);
    if (isSettled(before, status, settlement)) return before;
    const now = this.clock.now();
    const [gaveBack, givesBack] = [GAVE_BACK.includes(before.status), GAVE_BACK.includes(status)];
    if (givesBack && !gaveBack) {
      if (before.requestId !== null) await this.requests.freed(tx, before.requestId, before);
      await this.times.giveBack(tx, before.id, now);
    }
    if (gaveBack && !givesBack) {
      const refusal = await this.#revive(tx, actor, before, now);
      if (refusal !== null) return refusal;
    }
    await this.#write(tx, actor, before, status, settlement, now);
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, actor, settledAs(settlement.standing), before, after);
    return after;
  }

  async #revive(tx: Tx, actor: Actor, visit: Visit, now: Temporal.Instant): Promise<Refusal | null> {
    for (const endedId of await this.times.clearTheWay(tx, visit)) {
      await this.changes.note(tx, actor, 'visit.hold-lapsed', null, await this.records.read(tx, endedId));
    }
    if (visit.replacedById !== null) return new RequestAlreadyBooked(visit.replacedById);
    const notWaiting =
      visit.requestId === null ? null : await this.requests.booked(tx, visit.requestId, visit);
    // A request that was closed meanwhile stays closed: what goes on in the scanner does not ask for it.
    const isAnswered = isRefusal(notWaiting) && notWaiting.status !== VisitRequestStatus.CLOSED;
    if (isAnswered) return new RequestAlreadyBooked();
    return this.times.retakeFree(tx, visit, await this.times.needsOf(tx, visit), now);
  }

  async #write(
    tx: Tx,
    actor: Actor,
    before: Visit,
    status: VisitStatus,
    { startedAt, finishedAt, lastStep, because }: Settlement,
    now: Temporal.Instant,
  ): Promise<void> {
    const last = before.steps.at(-1);
    if (last !== undefined) {
      await tx.visitStep.update({
        where: { visitId_position: { visitId: before.id, position: last.position } },
        data: { startedAt: dateOrNull(lastStep.startedAt), endedAt: dateOrNull(lastStep.endedAt) },
        select: { id: true },
      });
    }
    await tx.visit.update({
      where: { id: before.id },
      data: {
        status,
        startedAt: dateOrNull(startedAt),
        finishedAt: dateOrNull(finishedAt),
        discontinuedBecause: because,
        version: { increment: 1 },
        changedAt: dateFromInstant(now),
        changedById: actor.id,
      },
      select: { id: true },
    });
  }
}

function isSettled(
  visit: Visit,
  status: VisitStatus,
  { startedAt, finishedAt, because }: Settlement,
): boolean {
  return (
    visit.status === status &&
    visit.startedAt?.epochMilliseconds === startedAt?.epochMilliseconds &&
    visit.finishedAt?.epochMilliseconds === finishedAt?.epochMilliseconds &&
    visit.discontinuedBecause === because
  );
}

function dateOrNull(at: Temporal.Instant | null): Date | null {
  return at === null ? null : dateFromInstant(at);
}
