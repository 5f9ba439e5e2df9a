import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';

/** What requests name and other rooms own. */
@Injectable()
export class RequestPeopleService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(ReferralService) private readonly referralRoom: ReferralService,
    @Inject(VisitTypeService) private readonly types: VisitTypeService,
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

  async visitTypes(codes: readonly string[]): Promise<ReadonlyMap<string, VisitType>> {
    const all = await this.types.visitTypes();
    return new Map(all.filter(({ code }) => codes.includes(code)).map((type) => [type.code, type]));
  }
}
