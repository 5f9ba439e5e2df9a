import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { CaseSourceKind } from '../../platform/database/generated/enums.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { StaffService } from '../auth/staff.service.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { ReportRecordService } from '../reports/report-record.service.js';
import { ResponseService } from '../responses/response.service.js';

const SOURCE_NAMES = {
  REFERRAL: 'referral',
  FINDING: 'scan report',
  FAILED_TREATMENT: 'treatment',
} as const satisfies Record<Exclude<CaseSourceKind, 'REQUEST'>, string>;

/** What a case stands on: a patient, sources of theirs, and people who work here. */
@Injectable()
export class CaseGroundService {
  constructor(
    @Inject(StaffService) private readonly staff: StaffService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(ReportRecordService) private readonly reports: Pick<ReportRecordService, 'standing'>,
    @Inject(ResponseService) private readonly responses: Pick<ResponseService, 'patientOfTreatment'>,
  ) {}

  /** Throws NOT_FOUND unless all of those that are named have an account. */
  async mustHaveStaff(ids: readonly (string | null | undefined)[]): Promise<void> {
    const named = ids.flatMap((id) => (id ? [id.toLowerCase()] : []));
    if (named.length === 0) return;
    const names = await this.staff.namesOf(named);
    if (named.some((id) => !names.has(id))) throw notFound('staff account');
  }

  /** Throws NOT_FOUND for a source that is not the patient's. What somebody asked with is in no room that could be asked. */
  async mustHaveSources(
    tx: Tx,
    patientId: string,
    sources: readonly { readonly kind: CaseSourceKind; readonly sourceId: string }[],
  ): Promise<void> {
    for (const { kind, sourceId } of sources) {
      if (kind === CaseSourceKind.REQUEST) continue;
      if ((await this.#patientOf(tx, kind, sourceId)) !== patientId) throw notFound(SOURCE_NAMES[kind]);
    }
  }

  /** Holds the patient, after the referral. Throws NOT_FOUND, also for a referral of somebody else. */
  async mustHavePatient(tx: Tx, patientId: string, referralId: string | null): Promise<void> {
    const referral = referralId === null ? null : await this.referrals.mustHaveReferral(tx, referralId);
    await this.patients.lockPatient(tx, patientId);
    if (referral !== null && referral.patientId !== patientId) throw notFound('referral');
  }

  async #patientOf(tx: Tx, kind: keyof typeof SOURCE_NAMES, sourceId: string): Promise<string | null> {
    switch (kind) {
      case CaseSourceKind.REFERRAL:
        return (await this.referrals.mustHaveReferral(tx, sourceId)).patientId;
      case CaseSourceKind.FINDING:
        return (await this.reports.standing(tx, sourceId))?.patientId ?? null;
      case CaseSourceKind.FAILED_TREATMENT:
        return this.responses.patientOfTreatment(tx, sourceId);
    }
  }
}
