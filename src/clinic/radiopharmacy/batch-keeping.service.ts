import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { toActivity } from './activity.type.js';
import { BatchDiscarded, type UseGivenBack, UseIsOfPatient } from './batch.refusals.js';
import { BatchService } from './batch.service.js';
import type {
  DiscardBatchInput,
  DrawFromBatchInput,
  GiveBackToBatchInput,
  TracerBatch,
  UseRefusal,
} from './batch.type.js';

/** What is done with batches beside giving them to patients. */
@Injectable()
export class BatchKeepingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(BatchService) private readonly batches: BatchService,
  ) {}

  /** Nothing more is drawn from it from now on. Refused when it was discarded before. */
  async discardBatch(
    actor: StaffActor,
    { batchId, reason }: DiscardBatchInput,
  ): Promise<TracerBatch | BatchDiscarded> {
    return this.database.transaction(async (tx) => {
      const batch = await this.batches.held(tx, batchId);
      if (batch.discardedAt !== null) return new BatchDiscarded(batch.batchNumber);
      const discarded = {
        discardedAt: dateFromInstant(this.clock.now()),
        discardedById: actor.id,
        discardReason: reason,
      };
      await tx.tracerBatch.update({ where: { id: batchId }, data: discarded });
      await this.audit.record(tx, actor, {
        action: 'batch.discarded',
        subjectType: 'tracer-batch',
        subjectId: batchId,
        before: { discardedAt: null },
        after: discarded,
      });
      return this.batches.mustHaveBatch(tx, batchId);
    });
  }

  /** Draws for a test or throws away. Refused as a dose for a patient would be. */
  async drawFromBatch(
    actor: StaffActor,
    { batchId, purpose, activity, drawnAt }: DrawFromBatchInput,
  ): Promise<TracerBatch | UseRefusal> {
    const now = this.clock.now();
    const at = drawnAt ?? now;
    if (Temporal.Instant.compare(at, now) > 0) throw badInput('drawnAt: lies in the future.');
    return this.database.transaction<TracerBatch | UseRefusal>(async (tx) => {
      const wanted = { batchId, activity: toActivity(activity), at, purpose, visitId: null };
      const used = await this.batches.use(tx, actor, wanted);
      return isRefusal(used) ? used : this.batches.mustHaveBatch(tx, batchId);
    });
  }

  /** Puts back what was not drawn for a patient. */
  async giveBackToBatch(
    actor: StaffActor,
    { useId, reason }: GiveBackToBatchInput,
  ): Promise<TracerBatch | UseGivenBack | UseIsOfPatient> {
    return this.database.transaction<TracerBatch | UseGivenBack | UseIsOfPatient>(async (tx) => {
      const use = await this.#mustHaveUse(tx, useId);
      if (use.visitId !== null) return new UseIsOfPatient();
      const refusal = await this.batches.giveBack(tx, actor, useId, reason);
      return refusal ?? this.batches.mustHaveBatch(tx, use.batchId);
    });
  }

  async #mustHaveUse(tx: Tx, id: string) {
    const use = await tx.batchUse.findUnique({ where: { id }, select: { batchId: true, visitId: true } });
    if (use === null) throw notFound('use of a batch');
    return use;
  }
}
