import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { type DoseOrder, type DoseOrderRow, toDoseOrder, WITH_VERSIONS } from './dose-order.type.js';
import { DOSE_ORDER_TOPICS } from './dose-order-letter.type.js';
import type { PlannedDoseRow } from './planned-dose.type.js';
import { RADIOPHARMACY_WORK } from './radiopharmacy-work.type.js';

/** A sheet that goes out. */
export interface NewSheet {
  readonly status: DoseOrderStatus;
  /** What is on it; nothing, when everything is cancelled. */
  readonly doses: readonly PlannedDoseRow[];
  readonly agreedWith: string | null;
  readonly comment: string | null;
}

/** Orders as they stand, and their sheets as they go out: version by version, never changed. */
@Injectable()
export class DoseOrderRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(DOSE_ORDER_TOPICS.told);
    outbox.declare(RADIOPHARMACY_WORK.cutOffPassed);
  }

  async mustHave(tx: Tx, id: string): Promise<DoseOrderRow> {
    return tx.doseOrder.findUniqueOrThrow({ where: { id }, include: WITH_VERSIONS });
  }

  /** With the order held: its next version, which the supplier has from now on. */
  async write(tx: Tx, actor: StaffActor, order: DoseOrderRow, sheet: NewSheet): Promise<DoseOrder> {
    const { status, doses, agreedWith, comment } = sheet;
    const version = order.version + 1;
    const cutOffAt = earliestCutOff(doses) ?? order.cutOffAt;
    const lines = doses.flatMap(lineOf);
    await tx.doseOrderVersion.create({
      data: {
        ...{ orderId: order.id, version, status, cutOffAt, agreedWith, comment, sentById: actor.id },
        sentAt: dateFromInstant(this.clock.now()),
      },
    });
    await tx.doseOrderLine.createMany({
      data: lines.map((line) => ({ orderId: order.id, orderVersion: version, ...line })),
    });
    await tx.doseOrder.update({ where: { id: order.id }, data: { status, version, cutOffAt } });
    await this.audit.record(tx, actor, {
      action: `dose-order.${status.toLowerCase()}`,
      subjectType: 'dose-order',
      subjectId: order.id,
      patientIds: [...new Set(doses.map(({ visit }) => visit.patientId))],
      before: { status: order.status, version: order.version },
      after: { status, version, cutOffAt, agreedWith, comment, lines },
    });
    await this.outbox.post(tx, { topic: DOSE_ORDER_TOPICS.told, subjectId: order.id, version });
    await this.#watch(tx, order.id, version, doses.length === 0 ? null : cutOffAt);
    const written = await this.mustHave(tx, order.id);
    return toDoseOrder(written, { now: this.clock.now(), wantedCutOffAt: null });
  }

  /** Has the order looked at once nothing can be taken off its sheet any more. A sheet that goes out later is judged at once. */
  async #watch(tx: Tx, subjectId: string, version: number, cutOffAt: Date | null): Promise<void> {
    const topic = RADIOPHARMACY_WORK.cutOffPassed;
    await this.outbox.withdraw(tx, [topic], [subjectId]);
    if (cutOffAt === null) return;
    const dueAt = justAfter(instantFromDate(cutOffAt));
    await this.outbox.post(tx, { topic, subjectId, version, dueAt });
  }
}

/** The cut-off's own moment is still in time. */
export function justAfter(cutOffAt: Temporal.Instant): Temporal.Instant {
  return cutOffAt.add({ milliseconds: 1 });
}

/** Of a dose that some delivery brings: what the sheet says of it. */
function lineOf(dose: PlannedDoseRow) {
  const { deliversAt, calibratedAt, activityAtCalibrationMbq } = dose;
  if (deliversAt === null || calibratedAt === null || activityAtCalibrationMbq === null) return [];
  return [
    {
      plannedDoseId: dose.id,
      tracerCode: dose.tracerCode,
      injectionAt: dose.injectionAt,
      plannedActivityMbq: dose.plannedActivityMbq,
      ...{ deliversAt, calibratedAt, activityAtCalibrationMbq },
      halfLifeHours: dose.halfLife.halfLifeHours,
    },
  ];
}

/** Until when all of these can be ordered; null: there are none. */
export function earliestCutOff(doses: readonly Pick<PlannedDoseRow, 'cutOffAt'>[]): Date | null {
  const moments = doses.flatMap(({ cutOffAt }) => cutOffAt ?? []);
  return moments.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
