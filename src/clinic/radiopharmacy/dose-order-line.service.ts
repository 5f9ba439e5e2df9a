import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../../platform/database/database.service.js';
import { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import { HELD_ORDERS } from './dose-order.queries.js';
import { inForceOn } from './dose-protocol.rules.js';
import type { OrderedLine } from './planned-dose.rules.js';

/** What an order is for: a supplier, a site, a day. */
export interface OrderKey {
  readonly supplierId: string;
  readonly siteCode: string;
  readonly heldOn: Date;
}

/** A dose on the sheet that the supplier has, with its order. */
export interface SentLine extends OrderedLine {
  readonly orderId: string;
  readonly plannedDoseId: string;
  readonly chargesWasted: boolean;
}

const STANDING: DoseOrderStatus[] = [DoseOrderStatus.SENT, DoseOrderStatus.AMENDED];

/** The sheets that suppliers have, line by line. */
@Injectable()
export class DoseOrderLineService {
  /** The lines of these doses on sheets that stand: the latest version of each order that was not cancelled. */
  async linesOf(tx: Tx, plannedDoseIds: readonly string[]): Promise<readonly SentLine[]> {
    if (plannedDoseIds.length === 0) return [];
    return this.#lines(tx, { plannedDoseId: { in: [...plannedDoseIds] } });
  }

  /** The lines of one order, as the supplier has it. */
  async linesOfOrder(tx: Tx, orderId: string): Promise<readonly SentLine[]> {
    return this.#lines(tx, { orderId });
  }

  /** Those of these doses that have a sheet of their day with the supplier, whether or not they are on it. */
  async sentDays(tx: Tx, keys: readonly OrderKey[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return new Set();
    const rows = await tx.doseOrder.findMany({
      where: {
        status: { in: STANDING },
        OR: keys.map(({ supplierId, siteCode, heldOn }) => ({ supplierId, siteCode, heldOn })),
      },
      select: { supplierId: true, siteCode: true, heldOn: true },
    });
    return new Set(rows.map(keyText));
  }

  /** Holds the orders of these days, drafts where there were none, and these too. Their ids, by key. */
  async hold(
    tx: Tx,
    keys: readonly OrderKey[],
    alsoIds: readonly string[] = [],
  ): Promise<ReadonlyMap<string, string>> {
    const missing = keys.map(({ supplierId, siteCode, heldOn }) => ({
      id: newId(),
      ...{ supplierId, siteCode, heldOn },
    }));
    if (missing.length > 0) await tx.doseOrder.createMany({ data: missing, skipDuplicates: true });
    const rows =
      keys.length === 0
        ? []
        : await tx.doseOrder.findMany({
            where: { OR: keys.map(({ supplierId, siteCode, heldOn }) => ({ supplierId, siteCode, heldOn })) },
            select: { id: true, supplierId: true, siteCode: true, heldOn: true },
          });
    const ids = [...new Set([...rows.map(({ id }) => id), ...alsoIds])];
    if (ids.length > 0) await tx.$queryRawUnsafe(HELD_ORDERS, ids);
    return new Map(rows.map((row) => [keyText(row), row.id]));
  }

  /** For this room: the visits among these that something was drawn for already. */
  async drawnVisits(tx: Tx, visitIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.batchUse.findMany({
      where: { visitId: { in: [...visitIds] }, givenBackAt: null },
      select: { visitId: true },
    });
    return new Set(rows.flatMap(({ visitId }) => visitId ?? []));
  }

  async #lines(
    tx: Tx,
    where: { readonly plannedDoseId?: { in: string[] }; readonly orderId?: string },
  ): Promise<readonly SentLine[]> {
    const rows = await tx.doseOrderLine.findMany({
      where: { ...where, sheet: { order: { status: { in: STANDING } } } },
      include: { sheet: { include: { order: { include: { supplier: { include: { terms: true } } } } } } },
      orderBy: { id: 'asc' },
    });
    const latest = rows.filter(({ orderVersion, sheet }) => orderVersion === sheet.order.version);
    return latest.map(({ sheet: { order, cutOffAt }, ...line }) => {
      const dated = order.supplier.terms.map((terms) => ({
        terms,
        effectiveFrom: plainDateFromDate(terms.effectiveFrom),
      }));
      const terms = inForceOn(dated, plainDateFromDate(order.heldOn))?.terms;
      return {
        id: line.id,
        orderId: order.id,
        plannedDoseId: line.plannedDoseId,
        siteCode: order.siteCode,
        tracerCode: line.tracerCode,
        deliversAt: instantFromDate(line.deliversAt),
        calibratedAt: instantFromDate(line.calibratedAt),
        activityAtCalibrationMbq: line.activityAtCalibrationMbq,
        halfLifeHours: line.halfLifeHours,
        cutOffAt: cutOffAt === null ? null : instantFromDate(cutOffAt),
        shortfallPercentMax: terms?.shortfallPercentMax ?? 0,
        chargesWasted: terms?.chargesWasted ?? true,
      };
    });
  }
}

export function keyText({ supplierId, siteCode, heldOn }: OrderKey): string {
  return `${supplierId} ${siteCode} ${plainDateFromDate(heldOn).toString()}`;
}
