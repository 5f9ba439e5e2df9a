import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';

/** Whom cases are about. */
@Injectable()
export class CasePeopleService {
  constructor(@Inject(PatientService) private readonly patients: PatientService) {}

  /** By id. The look is recorded. */
  async viewed(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patients.viewedByIds(actor, ids);
  }
}
