import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { type OpenReferral, OpenReferralExists } from './duplicate-referral.refusals.js';
import { OPEN_STATUSES, unconfirmed } from './duplicate-referral.rules.js';

/** The same referral twice: by letter and by telephone, from the GP and from the insurer. */
@Injectable()
export class DuplicateReferralService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * The referrals of a patient that are not over and may be for the same service, the longest waiting first. Whoever asks
   * stands in line for the patient until the transaction ends, so that of two who take in the same letter the second
   * sees what the first has done. Throws NOT_FOUND.
   */
  async openOnes(tx: Tx, patientId: string, serviceCode: string | null): Promise<readonly OpenReferral[]> {
    await this.patientRoom.lockPatient(tx, patientId);
    const rows = await tx.referral.findMany({
      where: {
        patientId,
        status: { in: [...OPEN_STATUSES] },
        ...(serviceCode === null ? {} : { OR: [{ serviceCode }, { serviceCode: null }] }),
      },
      select: {
        id: true,
        status: true,
        priority: true,
        source: true,
        referrerName: true,
        serviceCode: true,
        receivedOn: true,
      },
      orderBy: [{ receivedOn: 'asc' }, { id: 'asc' }],
    });
    return rows.map(({ id, receivedOn, ...rest }) => ({
      referralId: id,
      ...rest,
      receivedOn: plainDateFromDate(receivedOn).toString(),
    }));
  }

  /** The warning, when one of the open referrals is not confirmed to be another matter. */
  async warning(
    tx: Tx,
    referral: {
      readonly patientId: string;
      readonly serviceCode: string | null;
      readonly confirmedNotDuplicateOf: readonly string[];
    },
  ): Promise<OpenReferralExists | null> {
    const open = await this.openOnes(tx, referral.patientId, referral.serviceCode);
    const asked = unconfirmed(open, referral.confirmedNotDuplicateOf);
    return asked.length === 0 ? null : new OpenReferralExists(open);
  }

  /** A warning shows referrals, and what it was said in has been rolled back: the look is recorded by itself. */
  async recordLook(actor: Actor, patientId: string, { openReferrals }: OpenReferralExists): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.record(tx, actor, {
        action: 'referrals.compared',
        subjectType: 'referral',
        patientIds: [patientId],
        after: { referralIds: openReferrals.map(({ referralId }) => referralId) },
      }),
    );
  }
}
