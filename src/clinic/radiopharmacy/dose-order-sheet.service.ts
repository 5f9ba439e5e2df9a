import { Inject, Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { PlannedDoseStatus } from '../../platform/database/generated/enums.js';
import { parseMailbox } from '../../platform/mail/index.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { changeOf, isSameSheet, type SheetDose, sheetText, toBeTold } from './dose-order.rules.js';
import {
  type DoseOrder,
  type DoseOrderLine,
  type DoseOrderSheet,
  toDoseOrder,
  WITH_VERSIONS,
} from './dose-order.type.js';
import { keyText } from './dose-order-line.service.js';
import { earliestCutOff } from './dose-order-record.service.js';
import { isAfter } from './planned-dose.rules.js';
import { PlannedDoseService } from './planned-dose.service.js';
import { type PlannedDose, WITH_TRACER } from './planned-dose.type.js';

/** A quarter: what somebody looks through. */
const ORDERS_MAX_DAYS = 92;

/** The order of a day as it would go out now, beside what the supplier has. */
@Injectable()
export class DoseOrderSheetService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PlannedDoseService) private readonly doses: PlannedDoseService,
  ) {}

  /** The look is recorded. Throws NOT_FOUND for a supplier or site that there is not. */
  async doseOrderSheet(
    actor: StaffActor,
    supplierId: string,
    siteCode: string,
    heldOn: string,
  ): Promise<DoseOrderSheet> {
    if (!isUUID(supplierId)) throw notFound('supplier');
    const day = Temporal.PlainDate.from(heldOn);
    const key = { supplierId, siteCode, heldOn: dateFromPlainDate(day) };
    return this.database.transaction(async (tx) => {
      const names = await this.#names(tx, supplierId, siteCode);
      const row = await tx.doseOrder.findFirst({ where: key, include: WITH_VERSIONS });
      const rows = await tx.plannedDose.findMany({
        where: { ...key, status: PlannedDoseStatus.WANTED, deliversAt: { not: null } },
        include: WITH_TRACER,
        orderBy: [{ injectionAt: 'asc' }, { id: 'asc' }],
      });
      const reading = { now: this.clock.now(), wantedCutOffAt: earliestCutOff(rows) };
      const order = row === null ? null : toDoseOrder(row, reading);
      await this.audit.record(tx, actor, {
        action: 'dose-order.viewed',
        subjectType: 'dose-order',
        ...(order === null ? {} : { subjectId: order.id }),
        patientIds: [...new Set(rows.map(({ visit }) => visit.patientId))],
        after: { supplierId, siteCode, heldOn },
      });
      const wastedCount =
        order === null ? 0 : await tx.wastedDose.count({ where: { orderId: order.id, takenBackAt: null } });
      return this.#sheet(names, order, await this.doses.judged(tx, rows), {
        ...{ supplierId, siteCode, heldOn, wastedCount },
      });
    });
  }

  /** Orders of days from one to another, both included, with every sheet that went out. Names no patient. */
  async doseOrders(from: string, until: string): Promise<readonly DoseOrder[]> {
    const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(until)];
    const days = first.until(last, { largestUnit: 'day' }).days;
    if (days < 0 || days > ORDERS_MAX_DAYS)
      throw badInput(`until: must be from 0 to ${ORDERS_MAX_DAYS} days after from.`);
    const heldOn = { gte: dateFromPlainDate(first), lte: dateFromPlainDate(last) };
    const rows = await this.database.client.doseOrder.findMany({
      where: { heldOn },
      include: WITH_VERSIONS,
      orderBy: [{ heldOn: 'asc' }, { id: 'asc' }],
    });
    const wanted = await this.database.client.plannedDose.groupBy({
      by: ['supplierId', 'siteCode', 'heldOn'],
      where: { heldOn, status: PlannedDoseStatus.WANTED, supplierId: { not: null } },
      _min: { cutOffAt: true },
    });
    const cutOffs = new Map(
      wanted.map(({ supplierId, _min, ...day }) => [
        keyText({ ...day, supplierId: supplierId ?? '' }),
        _min.cutOffAt,
      ]),
    );
    const now = this.clock.now();
    return rows.map((row) => toDoseOrder(row, { now, wantedCutOffAt: cutOffs.get(keyText(row)) ?? null }));
  }

  #sheet(
    names: { readonly supplierName: string; readonly siteName: string },
    order: DoseOrder | null,
    doses: readonly PlannedDose[],
    day: Pick<DoseOrderSheet, 'supplierId' | 'siteCode' | 'heldOn' | 'wastedCount'>,
  ): DoseOrderSheet {
    const told = toldIn(order);
    const wanted = doses.flatMap(toSheetDose);
    const cutOffAt =
      doses.flatMap((dose) => dose.cutOffAt ?? []).toSorted(Temporal.Instant.compare)[0] ?? null;
    return {
      ...day,
      order,
      lines: doses.flatMap((dose) =>
        toSheetDose(dose).map((line) => ({ dose, change: changeOf(line, told) })),
      ),
      dropped: told.filter(
        (line) => !wanted.some(({ plannedDoseId }) => plannedDoseId === line.plannedDoseId),
      ),
      cutOffAt,
      isCutOffPassed: isAfter(this.clock.now(), cutOffAt ?? order?.cutOffAt ?? null),
      isUpToDate: isSameSheet(wanted, told),
      text: sheetText({
        ...names,
        clinicName: parseMailbox(this.config.mailFrom).name,
        heldOn: Temporal.PlainDate.from(day.heldOn),
        ...toBeTold(order, isSameSheet(wanted, told)),
        timeZone: this.config.clinicTimeZone,
        doses: wanted,
      }),
    };
  }

  async #names(tx: Tx, supplierId: string, siteCode: string) {
    const supplier = await tx.doseSupplier.findUnique({ where: { id: supplierId }, select: { name: true } });
    if (supplier === null) throw notFound('supplier');
    const site = await tx.site.findUnique({ where: { code: siteCode }, select: { name: true } });
    if (site === null) throw notFound('site');
    return { supplierName: supplier.name, siteName: site.name };
  }
}

/** What the supplier has: the lines of the last version, unless everything was cancelled. */
function toldIn(order: DoseOrder | null): readonly DoseOrderLine[] {
  return order?.versions.find(({ version }) => version === order.version)?.lines ?? [];
}

function toSheetDose(dose: PlannedDose): readonly SheetDose[] {
  const { deliversAt, calibratedAt, activityAtCalibrationMbq } = dose;
  if (deliversAt === null || calibratedAt === null || activityAtCalibrationMbq === null) return [];
  return [
    {
      plannedDoseId: dose.id,
      reference: dose.reference,
      tracerCode: dose.tracer.code,
      tracerName: dose.tracer.name,
      injectionAt: dose.injectionAt,
      ...{ deliversAt, calibratedAt, activityAtCalibrationMbq },
    },
  ];
}
