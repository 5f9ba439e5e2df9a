import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { toActivity } from './activity.type.js';
import { BatchAlreadyReceived, ExpiryBeyondUseBy } from './batch.refusals.js';
import { latestExpiry } from './batch.rules.js';
import { type ReceiveBatchInput, type TracerBatch, toBatch, WITH_USES } from './batch.type.js';
import { DoseProtocolService } from './dose-protocol.service.js';
import { RadionuclideService } from './radionuclide.service.js';

/** A label that was prepared or calibrated longer ago than this was read wrongly. */
const BATCH_AGE_MAX_DAYS = 30;

/** Batches as they come in, with what their label says. */
@Injectable()
export class BatchReceptionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DoseProtocolService) private readonly protocols: DoseProtocolService,
    @Inject(RadionuclideService) private readonly radionuclides: RadionuclideService,
  ) {}

  /** Takes a batch in. Refused when it is there already, or expires later than the rule for kits allows without a word why. */
  async receiveBatch(
    actor: StaffActor,
    input: ReceiveBatchInput,
  ): Promise<TracerBatch | BatchAlreadyReceived | ExpiryBeyondUseBy> {
    this.#mustBePlausible(input);
    return this.database.transaction<
      TracerBatch | ExpiryBeyondUseBy,
      BatchAlreadyReceived | ExpiryBeyondUseBy
    >(
      async (tx) => {
        const day = localDate(input.preparedAt, this.config.clinicTimeZone);
        const tracer = await this.radionuclides.mustHaveTracer(tx, input.tracerCode);
        const labelTolerancePercent = await toleranceOf(tx, input, day);
        const useBy = await this.protocols.kitUseByMinutes(tx, tracer.code, day);
        const latest = latestExpiry(input.preparedAt, useBy);
        const expiresAt = input.expiresAt ?? latest;
        if (expiresAt === null)
          throw badInput('expiresAt: no protocol says how long a kit of this tracer is used: enter it.');
        if (Temporal.Instant.compare(expiresAt, input.preparedAt) <= 0)
          throw badInput('expiresAt: must be after preparedAt.');
        const isBeyond = latest !== null && Temporal.Instant.compare(expiresAt, latest) > 0;
        if (isBeyond && !input.expirySource) return new ExpiryBeyondUseBy(latest);
        const halfLife = await this.radionuclides.halfLifeOn(tx, tracer.radionuclideSymbol, day);
        const judged = { expiresAt, halfLifeId: halfLife.id, isBeyond, labelTolerancePercent };
        return this.#write(tx, actor, input, judged);
      },
      {
        onConstraint: {
          tracer_batches_once: () => new BatchAlreadyReceived(input.batchNumber),
        },
      },
    );
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    input: ReceiveBatchInput,
    judged: {
      readonly expiresAt: Temporal.Instant;
      readonly halfLifeId: string;
      readonly isBeyond: boolean;
      readonly labelTolerancePercent: number;
    },
  ): Promise<TracerBatch> {
    const { supplierId, batchNumber, tracerCode, siteCode } = input;
    const row = await tx.tracerBatch.create({
      data: {
        ...{ supplierId, batchNumber, tracerCode, siteCode, halfLifeId: judged.halfLifeId },
        preparedAt: dateFromInstant(input.preparedAt),
        calibratedAt: dateFromInstant(input.calibratedAt),
        calibratedActivityMbq: toActivity(input.activity).mbq,
        labelTolerancePercent: judged.labelTolerancePercent,
        expiresAt: dateFromInstant(judged.expiresAt),
        expirySource: judged.isBeyond ? input.expirySource : null,
        volumeMl: input.volumeMl ?? null,
        receivedAt: dateFromInstant(this.clock.now()),
        receivedById: actor.id,
      },
      include: WITH_USES,
    });
    const { tracer: _tracer, uses: _uses, halfLife: _halfLife, ...after } = row;
    await this.audit.record(tx, actor, {
      action: 'batch.received',
      subjectType: 'tracer-batch',
      subjectId: row.id,
      after,
    });
    return toBatch(row);
  }

  #mustBePlausible({ preparedAt, calibratedAt }: ReceiveBatchInput): void {
    const now = this.clock.now();
    if (Temporal.Instant.compare(preparedAt, now) > 0) throw badInput('preparedAt: lies in the future.');
    const oldest = now.subtract({ hours: 24 * BATCH_AGE_MAX_DAYS });
    const newest = now.add({ hours: 24 * BATCH_AGE_MAX_DAYS });
    for (const [name, at] of Object.entries({ preparedAt, calibratedAt })) {
      const isFar = Temporal.Instant.compare(at, oldest) < 0 || Temporal.Instant.compare(at, newest) > 0;
      if (isFar) throw badInput(`${name}: is more than ${BATCH_AGE_MAX_DAYS} days from now.`);
    }
  }
}

/** By the terms of the supplier on the day of the preparation; none without terms. Throws NOT_FOUND. */
async function toleranceOf(
  tx: Tx,
  { supplierId, siteCode }: Pick<ReceiveBatchInput, 'supplierId' | 'siteCode'>,
  day: Temporal.PlainDate,
): Promise<number> {
  if ((await tx.doseSupplier.count({ where: { id: supplierId } })) === 0) throw notFound('supplier');
  if ((await tx.site.count({ where: { code: siteCode, retiredOn: null } })) === 0) throw notFound('site');
  const terms = await tx.supplierTerms.findFirst({
    where: { supplierId, effectiveFrom: { lte: dateFromPlainDate(day) } },
    select: { labelTolerancePercent: true },
    orderBy: { effectiveFrom: 'desc' },
  });
  return terms?.labelTolerancePercent ?? 0;
}
