import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReportDose } from './report.type.js';

/** What the scan's own record says of its dose: what was injected, and what the CT part gave. */
@Injectable()
export class ReportDoseService {
  /** As it stands now. What is not known is null. */
  async ofScan(tx: Tx, scanBookingId: string): Promise<ReportDose> {
    const scan = await tx.scanBooking.findUnique({
      where: { id: scanBookingId },
      select: {
        netActivityMbq: true,
        // An entry that another one replaces, or that was taken back, does not count.
        ctDoses: { where: { isVoid: false, replacedBy: null }, select: { ctdiVolMgy: true, dlpMgyCm: true } },
      },
    });
    const series = scan?.ctDoses ?? [];
    const isKnown = series.length > 0;
    return {
      administeredActivityMbq: scan?.netActivityMbq ?? null,
      ctdiVolMgy: isKnown ? Math.max(...series.map(({ ctdiVolMgy }) => ctdiVolMgy)) : null,
      dlpMgyCm: isKnown ? series.reduce((sum, { dlpMgyCm }) => sum + dlpMgyCm, 0) : null,
    };
  }
}
