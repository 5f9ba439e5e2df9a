import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { ConsentService } from '../consent/consent.service.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';

/** The patients and referrals of bookings, from the rooms that own them. */
@Injectable()
export class ScanPeopleService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(ReferralService) private readonly referralRoom: ReferralService,
    @Inject(ConsentService) private readonly consentRoom: ConsentService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The look at the patients is recorded by their own room. */
  patients(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patientRoom.viewedByIds(actor, ids);
  }

  referrals(ids: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    return this.referralRoom.byIds(this.database.client, ids);
  }

  /** Of each of these patients: is consent to imaging in force now? */
  async consents(ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const purpose = ConsentPurpose.IMAGING_TRACER_AND_XRAYS;
    const now = this.clock.now();
    const inForce = await this.consentRoom.patientsInForce(this.database.client, ids, purpose, now);
    return new Map(ids.map((id) => [id, inForce.has(id)]));
  }
}
