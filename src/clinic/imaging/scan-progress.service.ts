import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { VisitSettleService } from '../visits/visit-settle.service.js';
import type { ScanBooking } from './scan-booking.type.js';
import { ScanDoseService } from './scan-dose.service.js';
import { earlyStepId, scheduledSteps } from './scan-part.rules.js';
import {
  PROGRESS_NAMES,
  type Progress,
  type ProgressFacts,
  progressBetween,
  progressOf,
  type StepFacts,
  settlementOf,
} from './scan-progress.rules.js';
import { ScanRecordService } from './scan-record.service.js';
import { sayAsImaging } from './scan-visit.service.js';
import { WorklistService } from './worklist.service.js';

/** Keeps a booking and its worklist where its performed steps, or the person who closed it, say that it stands. */
@Injectable()
export class ScanProgressService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(WorklistService) private readonly worklist: WorklistService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VisitSettleService) private readonly visits: VisitSettleService,
    @Inject(ScanDoseService) private readonly doses: ScanDoseService,
  ) {}

  /** Moves the booking to where its performed steps say that it stands, and writes down the move. */
  async follow(tx: Tx, actor: Actor, bookingId: string): Promise<ScanBooking | Refusal> {
    const settled = await this.settle(tx, actor, bookingId);
    if (isRefusal(settled)) return settled;
    const { before, after } = settled;
    if (before.status === after.status) return after;
    const progress = progressBetween(before.status, after.status);
    if (progress === null) throw new Error(`No scan goes from ${before.status} to ${after.status}.`);
    await this.record(tx, actor, PROGRESS_NAMES[progress], before, after);
    return after;
  }

  /** Only a beginning takes up again what was given up: of a step that has begun the booking goes on, or ends. */
  async mustFollow(tx: Tx, actor: Actor, bookingId: string): Promise<void> {
    const followed = await this.follow(tx, actor, bookingId);
    if (isRefusal(followed)) throw new Error(`The booking ${bookingId} cannot go on: ${followed.code}`);
  }

  /**
   * Moves the booking, and the visit under it, to where it stands now, in the transaction of whatever moved it. A performed
   * step is locked before the visit and its booking, everywhere; the steps are read under the booking's lock, so that of
   * two messages that end two steps at once the second sees both. Doing it twice is doing it once. Refused, and to be
   * returned from the transaction, when a scan that had been given up cannot be taken up again.
   */
  async settle(
    tx: Tx,
    actor: Actor,
    bookingId: string,
  ): Promise<{ before: ScanBooking; after: ScanBooking } | Refusal> {
    const before = await this.records.lock(tx, bookingId);
    if (before.status === ScanBookingStatus.CANCELLED) return { before, after: before };
    const facts = await this.factsOf(tx, before);
    const isMissed = before.status === ScanBookingStatus.NO_SHOW;
    if (isMissed && facts.steps.length === 0 && facts.closing === null) return { before, after: before };
    const next = progressOf(facts);
    // Also when the booking stands as it did: between early images and the delayed ones only the visit's last step begins.
    const settlement = settlementOf(facts, next, before.closeReason);
    const visit = await this.visits.settleIn(tx, actor, bookingId, settlement);
    if (isRefusal(visit)) return sayAsImaging(tx, visit);
    const after = isSame(before, next) ? before : await this.move(tx, before, next);
    await this.worklist.project(tx, bookingId);
    // What was broken off before anything was injected needs no dose, and what goes on needs it again.
    if (after.status !== before.status) await this.doses.follow(tx, actor, after);
    return { before, after };
  }

  async record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: ScanBooking,
    after: ScanBooking,
    reason?: string,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'scan-booking',
      subjectId: after.id,
      patientIds: [after.patientId],
      before,
      after: reason === undefined ? after : { ...after, reason },
    });
  }

  /** Guarded by the state that was read, although the lock is held: a way in that forgets the lock changes nothing. */
  private async move(tx: Tx, before: ScanBooking, next: Progress): Promise<ScanBooking> {
    const { count } = await tx.scanBooking.updateMany({
      where: { id: before.id, status: before.status },
      data: {
        status: next.status,
        startedAt: next.startedAt === null ? null : dateFromInstant(next.startedAt),
        endedAt: next.endedAt === null ? null : dateFromInstant(next.endedAt),
        changedAt: dateFromInstant(this.clock.now()),
      },
    });
    if (count !== 1) throw new Error(`The scan booking ${before.id} moved while it was locked.`);
    return this.records.read(tx, before.id);
  }

  private async factsOf(tx: Tx, booking: ScanBooking): Promise<ProgressFacts> {
    const scanner = await tx.scanner.findFirst({
      where: { resourceId: booking.camera.id, retiredAt: null },
      select: { modalities: true },
    });
    const { closedAs, endedAt, accessionNumber } = booking;
    const hasEarlyPart = booking.earlyStartsAt !== null;
    const scheduled = scheduledSteps(accessionNumber, scanner?.modalities ?? [], hasEarlyPart);
    return {
      scheduledStepIds: scheduled.map(({ stepId }) => stepId),
      earlyStepId: hasEarlyPart ? earlyStepId(accessionNumber) : null,
      steps: await this.stepsOf(tx, booking.id),
      closing: closedAs === null || endedAt === null ? null : { closedAs, endedAt },
    };
  }

  private async stepsOf(tx: Tx, bookingId: string): Promise<StepFacts[]> {
    const rows = await tx.performedStep.findMany({
      where: { links: { some: { bookingId } } },
      select: {
        status: true,
        overdueAt: true,
        startedAt: true,
        endedAt: true,
        links: { where: { bookingId }, select: { scheduledProcedureStepId: true } },
      },
    });
    return rows.map(({ status, overdueAt, startedAt, endedAt, links }) => ({
      status,
      isOverdue: overdueAt !== null,
      scheduledStepIds: links.map(({ scheduledProcedureStepId }) => scheduledProcedureStepId),
      startedAt: instantFromDate(startedAt),
      endedAt: endedAt === null ? null : instantFromDate(endedAt),
    }));
  }
}

function isSame(booking: ScanBooking, next: Progress): boolean {
  return (
    booking.status === next.status &&
    booking.startedAt?.epochMilliseconds === next.startedAt?.epochMilliseconds &&
    booking.endedAt?.epochMilliseconds === next.endedAt?.epochMilliseconds
  );
}
