import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { ReferralOfSomebodyElse } from './treatment.refusals.js';
import { TreatmentTargetService } from './treatment-target.service.js';

/** What a request stands on: the patient, the referral, the places. Held in the house's order: referral, then patient. */
@Injectable()
export class TreatmentGroundService {
  constructor(
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'lockPatient'>,
    @Inject(ReferralService) private readonly referrals: Pick<ReferralService, 'mustHaveReferral'>,
    @Inject(TreatmentTargetService) readonly targets: TreatmentTargetService,
  ) {}

  /** Null: the referral is the patient's, and both are held. Throws NOT_FOUND, and BAD_INPUT for a merged record. */
  async ofReferral(
    tx: Tx,
    { patientId, referralId }: { readonly patientId: string; readonly referralId: string },
  ): Promise<ReferralOfSomebodyElse | null> {
    const referral = await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
    await this.patients.lockPatient(tx, patientId);
    return referral.patientId === patientId ? null : new ReferralOfSomebodyElse();
  }
}
