import { Inject, Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { BatchUsePurpose } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Activity } from './activity.rules.js';
import { HELD_BATCH } from './batch.queries.js';
import {
  BatchDiscarded,
  BatchExpired,
  BatchNotPreparedYet,
  StockTooSmall,
  TracerDiffers,
  UseGivenBack,
} from './batch.refusals.js';
import { atCalibration, BatchFault, faultOfUse, stockAt } from './batch.rules.js';
import {
  type BatchStock,
  type TracerBatch,
  type TracerBatchFilterInput,
  toBatch,
  toStock,
  type UseRefusal,
  WITH_USES,
} from './batch.type.js';

/** What is to be drawn from a batch. */
export interface WantedUse {
  readonly batchId: string;
  /** What is to be given; left out: whatever the batch holds. */
  readonly tracerCode?: string;
  readonly activity: Activity;
  readonly at: Temporal.Instant;
  readonly purpose: BatchUsePurpose;
  /** Of a dose for a patient. */
  readonly visitId: string | null;
}

const MS_PER_DAY = 86_400_000;
/** Beyond it a moment was entered wrongly: nothing that is given to patients is kept for so long. */
const STOCK_ASKED_DAYS_MAX = 60;

const LATEST_FIRST = [{ expiresAt: 'desc' }, { id: 'desc' }] as const;

/** What is there, and what is drawn from it: never what has expired, and never more than is left. */
@Injectable()
export class BatchService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Batches, the one that expires last first. What names visits is recorded as seen. */
  async batches(
    actor: StaffActor,
    filter: TracerBatchFilterInput,
    page: PageInput,
  ): Promise<Page<TracerBatch>> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const rows = await tx.tracerBatch.findMany({
        where: {
          ...(filter.siteCode ? { siteCode: filter.siteCode } : {}),
          ...(filter.tracerCode ? { tracerCode: filter.tracerCode } : {}),
          AND: [filter.usableNow ? usableAt(now) : {}, after(page.after)],
        },
        include: WITH_USES,
        orderBy: [...LATEST_FIRST],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size).map(toBatch);
      await this.#recordLook(tx, actor, shown);
      const last = shown.at(-1);
      return {
        items: filter.usableNow ? shown.filter((batch) => toStock(batch, now).isUsable) : shown,
        nextCursor: rows.length > page.size && last ? encodeCursor(last.expiresAt.toString(), last.id) : null,
      };
    });
  }

  /** One batch. The look is recorded. Throws NOT_FOUND. */
  async batch(actor: StaffActor, id: string): Promise<TracerBatch> {
    return this.database.transaction(async (tx) => {
      const batch = await this.mustHaveBatch(tx, id);
      await this.#recordLook(tx, actor, [batch]);
      return batch;
    });
  }

  /** What is left in it at a moment; now when none is said. Throws BAD_INPUT. */
  stockOf(batch: TracerBatch, at: Temporal.Instant | null): BatchStock {
    const moment = at ?? this.clock.now();
    const days = Math.abs(moment.epochMilliseconds - batch.calibratedAt.epochMilliseconds) / MS_PER_DAY;
    if (at !== null && days > STOCK_ASKED_DAYS_MAX)
      throw badInput(`at: must be within ${STOCK_ASKED_DAYS_MAX} days of the time of calibration.`);
    return toStock(batch, moment);
  }

  /** For later rooms: a batch, or NOT_FOUND. Records no look. */
  async mustHaveBatch(tx: Tx, id: string): Promise<TracerBatch> {
    const row = isUUID(id) ? await tx.tracerBatch.findUnique({ where: { id }, include: WITH_USES }) : null;
    if (row === null) throw notFound('batch');
    return toBatch(row);
  }

  /** For later rooms: may so much of a tracer be drawn from it at that moment? It only reads: `use` judges again, under the batch's lock. */
  async judgeUse(
    tx: Tx,
    batchId: string,
    tracerCode: string,
    activity: Activity,
    at: Temporal.Instant,
  ): Promise<UseRefusal | null> {
    const batch = await this.mustHaveBatch(tx, batchId);
    return refusalOf(batch, tracerCode, activity, at);
  }

  /**
   * Draws from a batch, in the caller's transaction: of those who draw at once one comes after the other. A refusal is for
   * the caller to return. With the audit row.
   */
  async use(tx: Tx, actor: StaffActor, wanted: WantedUse): Promise<{ readonly useId: string } | UseRefusal> {
    const batch = await this.held(tx, wanted.batchId);
    const tracerCode = wanted.tracerCode ?? batch.facts.tracerCode;
    const refusal = refusalOf(batch, tracerCode, wanted.activity, wanted.at);
    if (refusal !== null) return refusal;
    const row = await tx.batchUse.create({
      data: {
        batchId: batch.id,
        visitId: wanted.visitId,
        purpose: wanted.purpose,
        activityMbq: wanted.activity.mbq,
        drawnAt: dateFromInstant(wanted.at),
        calibratedMbq: atCalibration(batch.facts, wanted.activity, wanted.at).mbq,
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
      include: { visit: { select: { patientId: true } } },
    });
    const { visit, ...after } = row;
    await this.audit.record(tx, actor, {
      action: 'batch.drawn',
      subjectType: 'batch-use',
      subjectId: row.id,
      patientIds: visit === null ? [] : [visit.patientId],
      before: { drawnMbq: batch.facts.drawnMbq },
      after,
    });
    return { useId: row.id };
  }

  /** Puts back what was drawn, in the caller's transaction: it never left the batch, or was entered in error. */
  async giveBack(tx: Tx, actor: StaffActor, useId: string, reason: string): Promise<UseGivenBack | null> {
    const found = await tx.batchUse.findUnique({ where: { id: useId }, select: { batchId: true } });
    if (found === null) throw notFound('use of a batch');
    await this.held(tx, found.batchId);
    const now = dateFromInstant(this.clock.now());
    const [row] = await tx.batchUse.updateManyAndReturn({
      where: { id: useId, givenBackAt: null },
      data: { givenBackAt: now, givenBackById: actor.id, givenBackReason: reason },
      include: { visit: { select: { patientId: true } } },
    });
    if (row === undefined) return new UseGivenBack();
    const { visit, ...after } = row;
    await this.audit.record(tx, actor, {
      action: 'batch.given-back',
      subjectType: 'batch-use',
      subjectId: useId,
      patientIds: visit === null ? [] : [visit.patientId],
      before: { ...after, givenBackAt: null, givenBackById: null, givenBackReason: null },
      after,
    });
    return null;
  }

  /** For this room: a batch, its row locked until the transaction ends. Throws NOT_FOUND. */
  async held(tx: Tx, id: string): Promise<TracerBatch> {
    if (!isUUID(id)) throw notFound('batch');
    await tx.$queryRawUnsafe(HELD_BATCH, id);
    return this.mustHaveBatch(tx, id);
  }

  async #recordLook(tx: Tx, actor: StaffActor, batches: readonly TracerBatch[]): Promise<void> {
    const visitIds = batches.flatMap(({ uses }) => uses.flatMap(({ visitId }) => visitId ?? []));
    if (visitIds.length === 0) return;
    const visits = await tx.visit.findMany({ where: { id: { in: visitIds } }, select: { patientId: true } });
    await this.audit.record(tx, actor, {
      action: 'batches.viewed',
      subjectType: 'tracer-batch',
      ...(batches.length === 1 && batches[0] !== undefined ? { subjectId: batches[0].id } : {}),
      patientIds: [...new Set(visits.map(({ patientId }) => patientId))],
    });
  }
}

function refusalOf(
  batch: TracerBatch,
  tracerCode: string,
  activity: Activity,
  at: Temporal.Instant,
): UseRefusal | null {
  const fault = faultOfUse(batch.facts, tracerCode, activity, at);
  const { batchNumber } = batch;
  switch (fault) {
    case null:
      return null;
    case BatchFault.TRACER_DIFFERS:
      return new TracerDiffers(batchNumber, batch.facts.tracerCode, tracerCode);
    case BatchFault.NOT_PREPARED_YET:
      return new BatchNotPreparedYet(batchNumber, batch.preparedAt);
    case BatchFault.DISCARDED:
      return new BatchDiscarded(batchNumber);
    case BatchFault.EXPIRED:
      return new BatchExpired(batchNumber, batch.expiresAt);
    case BatchFault.STOCK_TOO_SMALL:
      return new StockTooSmall(batchNumber, stockAt(batch.facts, at).mbq);
    default:
      return fault satisfies never;
  }
}

function usableAt(now: Temporal.Instant): Prisma.TracerBatchWhereInput {
  const minute = now.round({ smallestUnit: 'minute', roundingMode: 'floor' });
  return {
    preparedAt: { lte: dateFromInstant(now) },
    expiresAt: { gte: dateFromInstant(minute) },
    discardedAt: null,
  };
}

function after(cursor: string | null | undefined): Prisma.TracerBatchWhereInput {
  if (!cursor) return {};
  const [text, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const expiresAt = dateFromInstant(Temporal.Instant.from(text));
  return { OR: [{ expiresAt: { lt: expiresAt } }, { expiresAt, id: { lt: id } }] };
}
