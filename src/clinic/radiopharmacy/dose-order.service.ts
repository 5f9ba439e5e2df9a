import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { PlannedDoseStatus } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { Actor, StaffActor, UnattendedActor } from '../audit/audit.type.js';
import {
  DoseOrderAlreadySent,
  DoseOrderChanged,
  DoseOrderCutOffPassed,
  DoseOrderNotSent,
  DoseOrderUnchanged,
  DoseWeightMissing,
  NothingToOrder,
} from './dose-order.refusals.js';
import { isSameSheet, orderAfter } from './dose-order.rules.js';
import type {
  AmendDoseOrderInput,
  CancelDoseOrderInput,
  DoseOrder,
  DoseOrderRow,
  SendDoseOrderInput,
} from './dose-order.type.js';
import { DoseOrderLineService, type SentLine } from './dose-order-line.service.js';
import { DoseOrderRecordService, earliestCutOff, justAfter } from './dose-order-record.service.js';
import { OutdatedDoseService } from './outdated-dose.service.js';
import { isAfter, wasteVerdicts } from './planned-dose.rules.js';
import { type PlannedDoseRow, toDoseFacts, WITH_TRACER } from './planned-dose.type.js';
import { WastedDoseService } from './wasted-dose.service.js';

const CUT_OFF: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'radiopharmacy',
  requestId: null,
  source: null,
};

type DayOfOrder = Pick<SendDoseOrderInput, 'supplierId' | 'siteCode' | 'heldOn'>;
type SheetRefusal = NothingToOrder | DoseOrderCutOffPassed | DoseWeightMissing;

/** What a supplier is told: a sheet, a later one, or that nothing is wanted. Of two who tell it at once one comes after the other. */
@Injectable()
export class DoseOrderService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DoseOrderLineService) private readonly lines: DoseOrderLineService,
    @Inject(DoseOrderRecordService) private readonly records: DoseOrderRecordService,
    @Inject(OutdatedDoseService) private readonly outdated: OutdatedDoseService,
    @Inject(WastedDoseService) private readonly wasted: WastedDoseService,
  ) {}

  /** Sends what is wanted of a day, computed anew from what is known of each patient now. */
  async sendDoseOrder(
    actor: StaffActor,
    input: SendDoseOrderInput,
  ): Promise<DoseOrder | SheetRefusal | DoseOrderAlreadySent> {
    const agreedWith = input.agreedWith ?? null;
    await this.outdated.followDay(input.siteCode, Temporal.PlainDate.from(input.heldOn));
    return this.database.transaction<DoseOrder | SheetRefusal | DoseOrderAlreadySent>(async (tx) => {
      const order = await this.#held(tx, input);
      const status = orderAfter(order.status, 'SEND');
      if (status === null) return new DoseOrderAlreadySent(order.version);
      const wanted = await this.#wanted(tx, order);
      const refusal = this.#refusalOf(wanted, null, agreedWith);
      if (refusal !== null) return refusal;
      return this.records.write(tx, actor, order, { status, doses: wanted, agreedWith, comment: null });
    });
  }

  /** Sends what is wanted now in place of what the supplier has. After the cut-off, what nobody can use counts as wasted. */
  async amendDoseOrder(
    actor: StaffActor,
    input: AmendDoseOrderInput,
  ): Promise<DoseOrder | SheetRefusal | DoseOrderNotSent | DoseOrderChanged | DoseOrderUnchanged> {
    type Answer = DoseOrder | SheetRefusal | DoseOrderNotSent | DoseOrderChanged | DoseOrderUnchanged;
    const agreedWith = input.agreedWith ?? null;
    await this.outdated.followDay(input.siteCode, Temporal.PlainDate.from(input.heldOn));
    return this.database.transaction<Answer>(async (tx) => {
      const order = await this.#held(tx, input);
      const status = orderAfter(order.status, 'AMEND');
      if (status === null) return new DoseOrderNotSent();
      if (order.version !== input.version) return new DoseOrderChanged(order.version);
      const wanted = await this.#wanted(tx, order);
      const told = await this.lines.linesOfOrder(tx, order.id);
      if (isSameSheet(wanted.flatMap(toTold), told)) return new DoseOrderUnchanged();
      const refusal = this.#refusalOf(wanted, order.cutOffAt, agreedWith);
      if (refusal !== null) return refusal;
      await this.#settle(tx, actor, told, input.takesBack);
      const comment = input.comment ?? null;
      return this.records.write(tx, actor, order, { status, doses: wanted, agreedWith, comment });
    });
  }

  /** Tells the supplier to deliver nothing. After the cut-off all of it counts as wasted, unless the supplier takes it back. */
  async cancelDoseOrder(
    actor: StaffActor,
    input: CancelDoseOrderInput,
  ): Promise<DoseOrder | DoseOrderNotSent | DoseOrderChanged> {
    const agreedWith = input.agreedWith ?? null;
    if (input.takesBack && agreedWith === null)
      throw badInput('agreedWith: say who at the supplier takes the doses back.');
    return this.database.transaction<DoseOrder | DoseOrderNotSent | DoseOrderChanged>(async (tx) => {
      const order = await this.#held(tx, input);
      const status = orderAfter(order.status, 'CANCEL');
      if (status === null) return new DoseOrderNotSent();
      if (order.version !== input.version) return new DoseOrderChanged(order.version);
      const told = await this.lines.linesOfOrder(tx, order.id);
      if (input.takesBack) await this.wasted.takeBack(tx, actor, idsOf(told));
      else await this.#countCancelled(tx, actor, told);
      return this.records.write(tx, actor, order, { status, doses: [], agreedWith, comment: input.reason });
    });
  }

  /**
   * The cut-off of what the supplier has, has passed: what nobody can use any more, and nobody took off the sheet in time,
   * counts as wasted from now on. When to look again, for a sheet that can be changed for longer; null: done.
   */
  async passCutOff(orderId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      await this.lines.hold(tx, [], [orderId]);
      const told = await this.lines.linesOfOrder(tx, orderId);
      const [cutOffAt] = told.flatMap((line) => line.cutOffAt ?? []);
      if (cutOffAt === undefined) return null;
      if (!isAfter(this.clock.now(), cutOffAt)) return justAfter(cutOffAt);
      await this.#settle(tx, CUT_OFF, told, false);
      return null;
    });
  }

  /** The order of a day, held; a draft where there was none. */
  async #held(tx: Tx, { supplierId, siteCode, heldOn }: DayOfOrder): Promise<DoseOrderRow> {
    if ((await tx.doseSupplier.count({ where: { id: supplierId } })) === 0) throw notFound('supplier');
    if ((await tx.site.count({ where: { code: siteCode } })) === 0) throw notFound('site');
    const day = dateFromPlainDate(Temporal.PlainDate.from(heldOn));
    const [id] = [...(await this.lines.hold(tx, [{ supplierId, siteCode, heldOn: day }])).values()];
    if (id === undefined) throw new Error('an order that was just made is not there');
    return this.records.mustHave(tx, id);
  }

  /** What is wanted of the day and can be delivered, by time. */
  async #wanted(tx: Tx, { supplierId, siteCode, heldOn }: DoseOrderRow): Promise<readonly PlannedDoseRow[]> {
    return tx.plannedDose.findMany({
      where: {
        ...{ supplierId, siteCode, heldOn, status: PlannedDoseStatus.WANTED },
        deliversAt: { not: null },
      },
      include: WITH_TRACER,
      orderBy: [{ injectionAt: 'asc' }, { id: 'asc' }],
    });
  }

  #refusalOf(
    wanted: readonly PlannedDoseRow[],
    sentCutOffAt: Date | null,
    agreedWith: string | null,
  ): SheetRefusal | null {
    if (wanted.length === 0) return new NothingToOrder();
    const unweighed = wanted.filter(({ basis }) => basis === 'WEIGHT_MISSING');
    if (unweighed.length > 0) return new DoseWeightMissing(unweighed.map(({ reference }) => reference));
    const cutOffAt = earliestCutOff([...wanted, { cutOffAt: sentCutOffAt }]);
    if (cutOffAt === null || agreedWith !== null) return null;
    const cutOff = instantFromDate(cutOffAt);
    return isAfter(this.clock.now(), cutOff) ? new DoseOrderCutOffPassed(cutOff) : null;
  }

  /** Before another sheet stands in place of what the supplier has. */
  async #settle(tx: Tx, actor: Actor, told: readonly SentLine[], takesBack: boolean): Promise<void> {
    if (takesBack) {
      await this.wasted.takeBack(tx, actor, idsOf(told));
      return;
    }
    const doses = await this.#dosesOf(tx, told);
    for (const line of told) {
      const dose = doses.get(line.plannedDoseId);
      if (dose === undefined) continue;
      for (const { reason } of wasteVerdicts(dose, [line], this.clock.now()))
        if (reason !== null) await this.wasted.count(tx, actor, line, reason);
    }
  }

  async #countCancelled(tx: Tx, actor: StaffActor, told: readonly SentLine[]): Promise<void> {
    const doses = await this.#dosesOf(tx, told);
    for (const line of told) {
      const isDrawn = doses.get(line.plannedDoseId)?.isDrawn ?? false;
      if (!isDrawn && isAfter(this.clock.now(), line.cutOffAt))
        await this.wasted.count(tx, actor, line, 'ORDER_CANCELLED');
    }
  }

  async #dosesOf(tx: Tx, told: readonly SentLine[]) {
    const rows = await tx.plannedDose.findMany({
      where: { id: { in: told.map(({ plannedDoseId }) => plannedDoseId) } },
      include: WITH_TRACER,
    });
    const drawn = await this.lines.drawnVisits(
      tx,
      rows.map(({ visitId }) => visitId),
    );
    return new Map(rows.map((row) => [row.id, toDoseFacts(row, drawn.has(row.visitId))]));
  }
}

function idsOf(lines: readonly SentLine[]): readonly string[] {
  return lines.map(({ id }) => id);
}

/** A dose as a sheet would tell it. */
function toTold(row: PlannedDoseRow) {
  const { deliversAt, calibratedAt, activityAtCalibrationMbq } = row;
  if (deliversAt === null || calibratedAt === null || activityAtCalibrationMbq === null) return [];
  return [
    {
      plannedDoseId: row.id,
      tracerCode: row.tracerCode,
      deliversAt: instantFromDate(deliversAt),
      calibratedAt: instantFromDate(calibratedAt),
      activityAtCalibrationMbq,
    },
  ];
}
