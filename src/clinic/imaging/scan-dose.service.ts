import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import type { Actor } from '../audit/audit.type.js';
import { PlannedDoseService } from '../radiopharmacy/planned-dose.service.js';
import { VettingService } from '../vetting/vetting.service.js';
import type { ScanBooking } from './scan-booking.type.js';
import { ScanGateService } from './scan-gate.service.js';

const COME_TO_NOTHING: readonly ScanBookingStatus[] = [
  ScanBookingStatus.CANCELLED,
  ScanBookingStatus.NO_SHOW,
  ScanBookingStatus.DISCONTINUED,
];

/** The dose that a scan needs follows it, in the transaction in which it is booked, moved or comes to nothing. */
@Injectable()
export class ScanDoseService {
  constructor(
    @Inject(ScanGateService) private readonly gates: ScanGateService,
    @Inject(VettingService) private readonly vetting: VettingService,
    @Inject(PlannedDoseService) private readonly doses: PlannedDoseService,
  ) {}

  /** Never refuses: what cannot follow is shown as a conflict to whoever orders. What was injected is ordered no more. */
  async follow(tx: Tx, actor: Actor, booking: ScanBooking): Promise<void> {
    if (booking.injectedAt !== null) return;
    const { visitId, patientId, referralId, procedureCode, siteCode, injectionAt } =
      await this.gates.subjectOf(tx, booking.id);
    const isWanted = !COME_TO_NOTHING.includes(booking.status);
    const request = isWanted ? await this.vetting.standing(tx, { visitId, referralId }) : null;
    await this.doses.follow(tx, actor, {
      visitId,
      patientId,
      procedureCode,
      siteCode,
      injectionAt: isWanted ? injectionAt : null,
      weightKg: request?.weightKg ?? null,
      activityMbq: request?.activityMbq ?? null,
    });
  }
}
