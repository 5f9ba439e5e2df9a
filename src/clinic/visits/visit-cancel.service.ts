import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { ClaimService } from '../scheduling/claim.service.js';
import type { Booker } from './booker.type.js';
import { CancelReasonService } from './cancel-reason.service.js';
import { RequestService } from './request.service.js';
import { canCancelFor, canGiveReason, endsTheWish } from './visit.rules.js';
import type { Visit } from './visit.type.js';
import type { CancelVisitInput } from './visit-booking.type.js';
import { VisitChangeService } from './visit-change.service.js';
import { canDo } from './visit-day.rules.js';
import { VisitRecordService } from './visit-record.service.js';

/** A booked visit goes away, inside the transaction of whoever cancels it. */
@Injectable()
export class VisitCancelService {
  constructor(
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
    @Inject(VisitChangeService) private readonly changes: VisitChangeService,
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(CancelReasonService) private readonly reasons: CancelReasonService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Frees the place. The request waits again, or is closed when nobody wants the visit any more; while others of its
   * series stand it stays answered.
   */
  async cancelIn(tx: Tx, booker: Booker, input: CancelVisitInput): Promise<Visit | Refusal> {
    const before = await this.records.lock(tx, input.visitId);
    const cannot = canDo(before, 'cancelVisit', input.version, this.clock.now());
    if (cannot !== null) return cannot;
    const known = await this.reasons.cancelReasons(tx);
    const reason = known.find(({ code }) => code === input.reasonCode);
    if (reason === undefined) {
      throw badInput(`input.reasonCode: must be one of ${known.map(({ code }) => code).join(', ')}.`);
    }
    const comment = input.comment?.trim() || null;
    const refusal =
      canCancelFor(before, reason, this.clock.now()) ?? canGiveReason(reason, booker.roles, comment);
    if (refusal !== null) return refusal;
    const now = dateFromInstant(this.clock.now());
    // A closure speaks of the diary and may still be taken back: whoever it displaces goes on waiting.
    const isOver = endsTheWish(reason) && booker.tellingAt === undefined;
    if (before.requestId !== null && isOver) {
      await this.requests.ended(tx, booker.actor, before, reason.name);
    } else if (before.requestId !== null) {
      await this.requests.freed(tx, before.requestId, before);
    }
    await this.claims.release(tx, before.id, this.clock.now());
    await tx.visit.update({
      where: { id: before.id },
      data: {
        status: VisitStatus.CANCELLED,
        version: { increment: 1 },
        changedAt: now,
        changedById: booker.actor.id,
        cancelledAt: now,
        cancelReasonCode: reason.code,
        cancelComment: comment,
      },
      select: { id: true },
    });
    const after = await this.records.read(tx, before.id);
    const { actor, tellingAt } = booker;
    await this.changes.note(tx, actor, 'visit.cancelled', before, after, tellingAt ?? null);
    return after;
  }
}
