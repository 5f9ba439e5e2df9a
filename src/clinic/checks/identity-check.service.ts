import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { CheckKind, ExposureAct } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { IdentityCheck } from './check.type.js';
import { answererProblem, identityProblem, unheldPointProblem } from './check-entry.rules.js';
import { CHECK_CONSTRAINTS, CheckEntryService, type EntryRefusal } from './check-entry.service.js';
import type { RecordIdentityCheckInput } from './check-input.type.js';
import { toIdentityCheck } from './check-row.type.js';
import { textOrNull } from './check-text.rules.js';

/** Who somebody said that they are. What differs is recorded as well as what agrees: the record is what stops the injection. */
@Injectable()
export class IdentityCheckService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(CheckEntryService) private readonly entries: CheckEntryService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordIdentityCheck(
    actor: StaffActor,
    input: RecordIdentityCheckInput,
  ): Promise<IdentityCheck | EntryRefusal> {
    const problem = answererProblem(input) ?? identityProblem(input);
    if (problem !== null) throw badInput(problem);
    const { matched, differing, askedOpenly, answeredBy } = input;
    return this.database.transaction(
      async (tx) => {
        const act = ExposureAct.IDENTIFY_PATIENT;
        const ground = await this.entries.open(tx, actor, CheckKind.IDENTITY, input, act);
        if (isRefusal(ground)) return ground;
        const patient = await this.patients.mustHavePatient(tx, ground.visit.patientId);
        const unheld = unheldPointProblem(input, patient);
        if (unheld !== null) throw badInput(unheld);
        const row = await this.entries.write(tx, actor, ground, {
          identity: {
            create: {
              ...{ matched: [...matched], differing: [...differing], askedOpenly, answeredBy },
              answererName: textOrNull(input.answererName),
              comment: textOrNull(input.comment),
            },
          },
        });
        const check = toIdentityCheck(row);
        if (check === null) throw new Error('an identity check was written without its part');
        return check;
      },
      { onConstraint: CHECK_CONSTRAINTS },
    );
  }
}
