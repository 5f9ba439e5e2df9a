import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { ReferralNotYetAccepted, type RequestNotWaiting } from './request.refusals.js';
import { isReferralAccepted } from './request.rules.js';
import { RequestService } from './request.service.js';
import { RequestAlreadyBooked } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import type { VisitAction } from './visit-action.type.js';
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

/** Visits that are nobody's fact yet: without its camera such a visit would only seem to be booked. */
const TO_COME: readonly VisitStatus[] = [VisitStatus.BOOKED, VisitStatus.ARRIVED];

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
   * what nobody else has by now; what is only to come again takes all of it or is refused. Refused, and the refusal must
   * be returned from the transaction, also when the request has another visit or the patient is elsewhere, and what is only
   * to come when its request was closed or its referral is over. Doing it twice is doing it once.
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
      const refusal = await this.#revive(tx, actor, before, status, now);
      if (refusal !== null) return refusal;
    }
    await this.#write(tx, actor, before, status, settlement, now);
    const after = await this.records.read(tx, before.id);
    await this.changes.note(tx, actor, recordedAs(before, status, settlement), before, after);
    return after;
  }

  async #revive(
    tx: Tx,
    actor: Actor,
    visit: Visit,
    status: VisitStatus,
    now: Temporal.Instant,
  ): Promise<Refusal | null> {
    for (const endedId of await this.times.clearTheWay(tx, visit)) {
      await this.changes.note(tx, actor, 'visit.hold-lapsed', null, await this.records.read(tx, endedId));
    }
    if (visit.replacedById !== null) return new RequestAlreadyBooked(visit.replacedById);
    const notWaiting =
      visit.requestId === null ? null : await this.requests.booked(tx, visit.requestId, visit);
    const isToCome = TO_COME.includes(status);
    const unwanted = isToCome ? await this.#unwanted(tx, visit, notWaiting) : null;
    if (unwanted !== null) return unwanted;
    // A request that was closed meanwhile stays closed: what goes on in the scanner does not ask for it.
    const isAnswered = isRefusal(notWaiting) && notWaiting.status !== VisitRequestStatus.CLOSED;
    if (isAnswered) return new RequestAlreadyBooked();
    const needs = await this.times.needsOf(tx, visit);
    return isToCome ? this.times.retake(tx, visit, needs, now) : this.times.retakeFree(tx, visit, needs, now);
  }

  /** Why nobody wants any more what is only to come: its referral is over, or its request was closed. */
  async #unwanted(
    tx: Tx,
    { requestId }: Visit,
    notWaiting: RequestNotWaiting | null,
  ): Promise<Refusal | null> {
    if (requestId === null) return null;
    const { referral } = await tx.visitRequest.findUniqueOrThrow({
      where: { id: requestId },
      select: { referral: { select: { status: true } } },
    });
    if (referral !== null && !isReferralAccepted(referral))
      return new ReferralNotYetAccepted(referral.status);
    return notWaiting?.status === VisitRequestStatus.CLOSED ? notWaiting : null;
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
  { startedAt, finishedAt, lastStep, because }: Settlement,
): boolean {
  const last = visit.steps.at(-1);
  return (
    visit.status === status &&
    isSameTime(visit.startedAt, startedAt) &&
    isSameTime(visit.finishedAt, finishedAt) &&
    isSameTime(last?.startedAt ?? null, lastStep.startedAt) &&
    isSameTime(last?.endedAt ?? null, lastStep.endedAt) &&
    visit.discontinuedBecause === because
  );
}

/** Of a visit that was under way before its last step, such as one with early images, only that step begins. */
function recordedAs(before: Visit, status: VisitStatus, { standing, lastStep }: Settlement): VisitAction {
  const isUnderWay = status === VisitStatus.IN_PROGRESS && before.status === status;
  const begins = (before.steps.at(-1)?.startedAt ?? null) === null && lastStep.startedAt !== null;
  return isUnderWay && begins ? 'visit.step-started' : settledAs(standing);
}

function isSameTime(one: Temporal.Instant | null, other: Temporal.Instant | null): boolean {
  return one?.epochMilliseconds === other?.epochMilliseconds;
}

function dateOrNull(at: Temporal.Instant | null): Date | null {
  return at === null ? null : dateFromInstant(at);
}
