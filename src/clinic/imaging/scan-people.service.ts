import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
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
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The look at the patients is recorded by their own room. */
  patients(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patientRoom.viewedByIds(actor, ids);
  }

  /** A referral says why somebody is in pain: the look at it is recorded. */
  async referrals(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    return this.database.transaction(async (tx) => {
      const referrals = await this.referralRoom.byIds(tx, ids);
      await this.audit.record(tx, actor, {
        action: 'referrals.viewed',
        subjectType: 'referral',
        patientIds: [...new Set([...referrals.values()].map((referral) => referral.patientId))],
      });
      return referrals;
    });
  }

  /** Of each of these patients: is consent to imaging in force now? */
  async consents(ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
    const purpose = ConsentPurpose.IMAGING_TRACER_AND_XRAYS;
    const now = this.clock.now();
    const inForce = await this.consentRoom.patientsInForce(this.database.client, ids, purpose, now);
    return new Map(ids.map((id) => [id, inForce.has(id)]));
  }
}
