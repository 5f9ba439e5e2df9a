import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  type ConsentDependent,
  ConsentDependents,
  type EndedConsent,
} from '../consent/consent-dependents.service.js';
import { PatientService } from '../patients/patient.service.js';
import { LIVE_SCAN_STATUSES } from './scan-booking.rules.js';
import { type ConsentWithdrawnMatter, SCAN_NOTICE_TOPICS } from './scan-letter.type.js';

/**
 * Scans depend on consent. Whoever withdraws it, or finds that it was none, flags every scan that is booked, in the same
 * transaction: it is written down, the clinic is told, and the gates keep it from the scanner and from the injection. The
 * booking itself stands until a person has talked with the patient.
 */
@Injectable()
export class ScanConsentService implements ConsentDependent {
  readonly room = 'imaging';

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ConsentDependents) dependents: ConsentDependents,
  ) {
    outbox.declare(SCAN_NOTICE_TOPICS.consentWithdrawn);
    dependents.register(this);
  }

  /** Whoever calls this holds the patient; bookings come after, in the order of their ids. */
  async withdrawn(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void> {
    if (ended.purpose !== ConsentPurpose.IMAGING_TRACER_AND_XRAYS) return;
    const { patientId, recordId } = ended;
    const patientIds = await this.patients.allIdsOf(tx, patientId);
    const live = await tx.scanBooking.findMany({
      where: { patientId: { in: [...patientIds] }, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id } of live) await this.#flag(tx, actor, id, recordId);
  }

  /** What a notice tells; null when the scan is over by now, or another notice tells of a later withdrawal. */
  async matter(client: Tx, bookingId: string, withdrawals: number): Promise<ConsentWithdrawnMatter | null> {
    const row = await client.scanBooking.findFirst({
      where: {
        id: bookingId,
        consentWithdrawalsCount: withdrawals,
        status: { in: [...LIVE_SCAN_STATUSES] },
      },
      select: { patientId: true, accessionNumber: true, consentWithdrawnAt: true },
    });
    if (row === null || row.consentWithdrawnAt === null) return null;
    const { patientId, accessionNumber } = row;
    return { bookingId, patientId, accessionNumber, withdrawnAt: instantFromDate(row.consentWithdrawnAt) };
  }

  async #flag(tx: Tx, actor: StaffActor, id: string, consentRecordId: string): Promise<void> {
    const now = dateFromInstant(this.clock.now());
    const [flagged] = await tx.scanBooking.updateManyAndReturn({
      where: { id, status: { in: [...LIVE_SCAN_STATUSES] } },
      data: { consentWithdrawnAt: now, consentWithdrawalsCount: { increment: 1 }, changedAt: now },
      select: { patientId: true, consentWithdrawalsCount: true },
    });
    // It ended at this moment.
    if (flagged === undefined) return;
    const { patientId, consentWithdrawalsCount: version } = flagged;
    await this.audit.record(tx, actor, {
      action: 'scan.consent-withdrawn',
      subjectType: 'scan-booking',
      subjectId: id,
      patientIds: [patientId],
      after: { consentRecordId, withdrawals: version },
    });
    await this.outbox.post(tx, { topic: SCAN_NOTICE_TOPICS.consentWithdrawn, subjectId: id, version });
  }
}
