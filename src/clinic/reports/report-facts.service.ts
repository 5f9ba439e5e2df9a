import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { ReferralPriority, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { ScanRecordService } from '../imaging/scan-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FACTS = {
  id: true,
  status: true,
  patientId: true,
  referralId: true,
  protocol: { select: { code: true } },
  referral: {
    select: {
      priority: true,
      referrerId: true,
      referrerName: true,
      referrerOrganisation: true,
      referrer: { select: { email: true } },
    },
  },
} as const satisfies Prisma.ScanBookingSelect;

/** A scan, as far as its report goes. */
export interface EvaluatedScan {
  readonly id: string;
  readonly status: ScanBookingStatus;
  readonly patientId: string;
  readonly referralId: string;
  readonly procedureCode: string;
  readonly priority: ReferralPriority;
  /** Null: the patient referred themselves. */
  readonly referrer: ScanReferrer | null;
}

export interface ScanReferrer {
  /** In the directory; null: named on the referral only. */
  readonly referrerId: string | null;
  readonly name: string;
  readonly organisation: string | null;
  readonly email: string | null;
}

/** What is known of the scan that a report is of. */
@Injectable()
export class ReportFactsService {
  constructor(@Inject(ScanRecordService) private readonly scans: Pick<ScanRecordService, 'lock'>) {}

  /** The scan, its visit first, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async held(tx: Tx, scanBookingId: string): Promise<EvaluatedScan> {
    if (!UUID.test(scanBookingId)) throw notFound('scan booking');
    await this.scans.lock(tx, scanBookingId);
    return this.read(tx, scanBookingId);
  }

  /** The scan as it stands. Throws NOT_FOUND. */
  async read(tx: Tx, scanBookingId: string): Promise<EvaluatedScan> {
    const row = await tx.scanBooking.findUnique({ where: { id: scanBookingId }, select: FACTS });
    if (row === null) throw notFound('scan booking');
    const { id, status, patientId, referralId, protocol, referral } = row;
    const { referrerId, referrerName, referrerOrganisation } = referral;
    return {
      ...{ id, status, patientId, referralId },
      procedureCode: protocol.code,
      priority: referral.priority,
      referrer:
        referrerName === null
          ? null
          : {
              referrerId,
              name: referrerName,
              organisation: referrerOrganisation,
              email: referral.referrer?.email ?? null,
            },
    };
  }
}
