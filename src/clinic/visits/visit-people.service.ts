import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import type { VisitType } from '../scheduling/visit-type.type.js';

/** The patients and the kinds of visits, from the rooms that own them. */
@Injectable()
export class VisitPeopleService {
  constructor(
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(VisitTypeService) private readonly visitTypeRoom: VisitTypeService,
  ) {}

  /** The look at the patients is recorded by their own room. */
  patients(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patientRoom.viewedByIds(actor, ids);
  }

  /** There are a dozen kinds: all of them are read, and those asked for are found by code. */
  async visitTypes(): Promise<ReadonlyMap<string, VisitType>> {
    const visitTypes = await this.visitTypeRoom.visitTypes();
    return new Map(visitTypes.map((visitType) => [visitType.code, visitType]));
  }
}
