import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  AlreadyWaiting,
  type ReferralNotYetAccepted,
  RequestNotWaiting,
  type VisitTypeRetired,
} from './request.refusals.js';
import { faultOfTimes, instantOfWallTime, type StatedTime } from './request.rules.js';
import type { CloseRequestInput, RequestVisitInput, VisitRequest } from './request.type.js';
import { RequestFactsService } from './request-facts.service.js';
import { RequestRecordService } from './request-record.service.js';
import type { RequestTimeInput } from './request-time.type.js';
import { LOCK_REQUEST } from './visit.queries.js';
import type { VisitNeedsReferral } from './visit.refusals.js';
import type { BookedElsewhere } from './visit-companion.refusals.js';

/** A visit that may be one of several that answer one request. */
export interface OneOfSeries {
  readonly id: string;
  readonly requestId: string | null;
  readonly seriesId: string | null;
}

/** Why a wish is not taken down. */
export type RequestRefusal =
  | AlreadyWaiting
  | VisitTypeRetired
  | BookedElsewhere
  | VisitNeedsReferral
  | ReferralNotYetAccepted;

/** With any of these the request of a series is answered. A hold answers nothing yet. */
export const STANDING_STATUSES: readonly VisitStatus[] = [
  VisitStatus.BOOKED,
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
  VisitStatus.COMPLETED,
];

/** Wishes for a visit, from the desk to the visit. Nothing else writes requests. */
@Injectable()
export class RequestService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestFactsService) private readonly facts: RequestFactsService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * Puts a patient on the waiting list. Two who do so at once come one after the other: the second is told of the first.
   * Throws NOT_FOUND, and BAD_INPUT naming the field.
   */
  async requestVisit(actor: StaffActor, input: RequestVisitInput): Promise<VisitRequest | RequestRefusal> {
    return this.database.transaction((tx) => this.requestIn(tx, actor, input));
  }

  /** The same inside the transaction of whoever asks, with a refusal to be returned from it. */
  async requestIn(
    tx: Tx,
    actor: StaffActor,
    input: RequestVisitInput,
  ): Promise<VisitRequest | RequestRefusal> {
    const times = input.times.map(toStatedTime);
    const fault = faultOfTimes(times);
    if (fault !== null) throw badInput(`${fault}.`);
    const referral = await this.facts.referralFor(tx, input);
    if (isRefusal(referral)) return referral;
    const { patientId, visitTypeCode } = input;
    const referralId = referral?.id ?? null;
    const waiting = await this.records.waitingFor(tx, { patientId, visitTypeCode, referralId });
    if (waiting !== null) {
      return new AlreadyWaiting(waiting.id, Temporal.PlainDate.from(waiting.clock.startedOn));
    }
    const clock = await this.facts.clockFor(tx, input, referral);
    const { id } = await tx.visitRequest.create({
      data: {
        patientId,
        visitTypeCode,
        referralId,
        priority: clock.priority,
        clockStartedOn: dateFromPlainDate(clock.startedOn),
        clockStartedBy: clock.startedBy,
        targetOn: dateFromPlainDate(clock.targetOn),
        breachOn: dateFromPlainDate(clock.breachOn),
        travelMinutes: input.travelMinutes,
        keepsStaff: input.keepsStaff,
        wantsFreed: input.wantsFreed,
        noticeHoursMin: input.noticeHoursMin,
        requestedAt: dateFromInstant(this.clock.now()),
        requestedById: actor.id,
        times: { createMany: { data: times.map(toRow) } },
      },
      select: { id: true },
    });
    return this.#note(tx, actor, 'visit-request.made', null, id);
  }

  /** Takes a waiting request off the list. Throws NOT_FOUND. */
  async closeRequest(actor: StaffActor, input: CloseRequestInput): Promise<VisitRequest | RequestNotWaiting> {
    return this.database.transaction((tx) => this.closeIn(tx, actor, input));
  }

  /** The same inside the transaction of whoever closes it, with a refusal to be returned from it. */
  async closeIn(
    tx: Tx,
    actor: StaffActor,
    input: CloseRequestInput,
  ): Promise<VisitRequest | RequestNotWaiting> {
    const before = await this.records.lock(tx, input.requestId);
    if (before.status !== VisitRequestStatus.WAITING) return new RequestNotWaiting(before.status);
    return this.#close(tx, actor, before, input.reason.normalize('NFC').trim());
  }

  /**
   * For whoever books a visit for a request, in the same transaction: it no longer waits. A refusal must be returned from
   * the transaction. The entry in the audit record is the visit's own, which names the request. One of a series comes
   * to others that stand: then the request need not have waited.
   */
  async booked(tx: Tx, requestId: string, visit?: OneOfSeries): Promise<RequestNotWaiting | null> {
    const isChanged = await this.#turn(tx, requestId, VisitRequestStatus.WAITING, VisitRequestStatus.BOOKED);
    if (isChanged || (await this.#othersStand(tx, visit))) return null;
    const { status } = await this.records.read(tx, requestId);
    return new RequestNotWaiting(status);
  }

  /**
   * For whoever books one instead of another of a series that nobody wanted any more: somebody does after all, and the request
   * that was closed with it is answered, on the clock that it had. Why it was closed stays in the audit record.
   */
  async answeredAgain(tx: Tx, requestId: string): Promise<void> {
    await tx.visitRequest.updateMany({
      where: { id: requestId, status: VisitRequestStatus.CLOSED },
      data: {
        status: VisitRequestStatus.BOOKED,
        closedAt: null,
        closedById: null,
        closeReason: null,
        version: { increment: 1 },
      },
    });
  }

  /**
   * For whoever cancels the visit of a request, or finds that it was missed: it waits again, unless others of the series
   * stand. Done twice it is done once.
   */
  async freed(tx: Tx, requestId: string, visit?: OneOfSeries): Promise<void> {
    if (await this.#othersStand(tx, visit)) return;
    await this.#turn(tx, requestId, VisitRequestStatus.BOOKED, VisitRequestStatus.WAITING);
  }

  /**
   * For whoever cancels a visit that nobody wants any more: its request is closed for that reason, unless others of the
   * series stand. Done twice it is done once.
   */
  async ended(tx: Tx, actor: StaffActor, visit: OneOfSeries, reason: string): Promise<void> {
    if (visit.requestId === null || (await this.#othersStand(tx, visit))) return;
    const before = await this.records.lock(tx, visit.requestId);
    if (before.status === VisitRequestStatus.BOOKED) await this.#close(tx, actor, before, reason);
  }

  /** Asked under the lock of the request: of two of a series that are cancelled at once, the second sees the first gone. */
  async #othersStand(tx: Tx, visit: OneOfSeries | undefined): Promise<boolean> {
    if (!visit?.seriesId || visit.requestId === null) return false;
    await tx.$queryRawUnsafe(LOCK_REQUEST, visit.requestId);
    const { id, requestId, seriesId } = visit;
    const where = { requestId, seriesId, id: { not: id }, status: { in: [...STANDING_STATUSES] } };
    return (await tx.visit.count({ where })) > 0;
  }

  async #turn(tx: Tx, id: string, from: VisitRequestStatus, to: VisitRequestStatus): Promise<boolean> {
    const { count } = await tx.visitRequest.updateMany({
      where: { id, status: from },
      data: { status: to, version: { increment: 1 } },
    });
    return count === 1;
  }

  async #close(tx: Tx, actor: StaffActor, before: VisitRequest, closeReason: string): Promise<VisitRequest> {
    await tx.visitRequest.update({
      where: { id: before.id },
      data: {
        status: VisitRequestStatus.CLOSED,
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
        closeReason,
        version: { increment: 1 },
      },
      select: { id: true },
    });
    return this.#note(tx, actor, 'visit-request.closed', before, before.id);
  }

  async #note(
    tx: Tx,
    actor: StaffActor,
    action: 'visit-request.made' | 'visit-request.closed',
    before: VisitRequest | null,
    id: string,
  ): Promise<VisitRequest> {
    const after = await this.records.read(tx, id);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'visit-request',
      subjectId: id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before }),
      after,
    });
    return after;
  }
}

function toStatedTime(time: RequestTimeInput): StatedTime {
  return {
    isoWeekday: time.isoWeekday ?? null,
    fromTime: time.fromTime ?? null,
    untilTime: time.untilTime ?? null,
    firstOn: time.firstOn ?? null,
    lastOn: time.lastOn ?? null,
    isExcluded: time.isExcluded,
  };
}

function toRow(time: StatedTime): Prisma.VisitRequestTimeCreateManyRequestInput {
  const timeOf = (text: string | null) => (text === null ? null : dateFromInstant(instantOfWallTime(text)));
  const dayOf = (text: string | null) =>
    text === null ? null : dateFromPlainDate(Temporal.PlainDate.from(text));
  return {
    isoWeekday: time.isoWeekday,
    fromTime: timeOf(time.fromTime),
    untilTime: timeOf(time.untilTime),
    firstOn: dayOf(time.firstOn),
    lastOn: dayOf(time.lastOn),
    isExcluded: time.isExcluded,
  };
}
