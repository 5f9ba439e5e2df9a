import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import type { DoseOrderMatter } from './dose-order-letter.type.js';

/** What letters to suppliers say, as it stands when they are written. */
@Injectable()
export class DoseOrderLetterService {
  /** A sheet; null once a later one stands in its place. For a letter, unrecorded: it names no patient. */
  async matter(tx: Tx, orderId: string, version: number): Promise<DoseOrderMatter | null> {
    const sheet = await tx.doseOrderVersion.findUnique({
      where: { orderId_version: { orderId, version } },
      include: {
        order: { include: { supplier: true, site: { select: { name: true } } } },
        lines: {
          orderBy: [{ injectionAt: 'asc' }, { id: 'asc' }],
          include: { plannedDose: { select: { reference: true } } },
        },
      },
    });
    if (sheet === null || sheet.order.version !== version) return null;
    const tracers = await tx.tracer.findMany({
      where: { code: { in: sheet.lines.map(({ tracerCode }) => tracerCode) } },
      select: { code: true, name: true },
    });
    const names = new Map(tracers.map(({ code, name }) => [code, name]));
    const { order, status, agreedWith } = sheet;
    return {
      ...{ orderId, version, status, agreedWith },
      heldOn: plainDateFromDate(order.heldOn),
      siteName: order.site.name,
      supplier: { name: order.supplier.name, email: order.supplier.email },
      doses: sheet.lines.map((line) => ({
        plannedDoseId: line.plannedDoseId,
        reference: line.plannedDose.reference,
        tracerCode: line.tracerCode,
        tracerName: names.get(line.tracerCode) ?? line.tracerCode,
        injectionAt: instantFromDate(line.injectionAt),
        deliversAt: instantFromDate(line.deliversAt),
        calibratedAt: instantFromDate(line.calibratedAt),
        activityAtCalibrationMbq: line.activityAtCalibrationMbq,
      })),
    };
  }
}
