import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { CheckKind, ExposureAct } from '../../platform/database/generated/enums.js';
import { badInput, Fault, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromText, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { PregnancyEnquiry } from './check.type.js';
import { answererProblem, pregnancyProblem } from './check-entry.rules.js';
import { CHECK_CONSTRAINTS, CheckEntryService, type EntryRefusal } from './check-entry.service.js';
import type { RecordPregnancyEnquiryInput } from './check-input.type.js';
import { toPregnancyEnquiry } from './check-row.type.js';
import { textOrNull } from './check-text.rules.js';
import { PregnancyPolicyService } from './pregnancy-policy.service.js';

/** Whether somebody may be pregnant. Anybody may be asked, whatever the record says of them. */
@Injectable()
export class PregnancyEnquiryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(CheckEntryService) private readonly entries: CheckEntryService,
    @Inject(PregnancyPolicyService) private readonly policies: PregnancyPolicyService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordPregnancyEnquiry(
    actor: StaffActor,
    input: RecordPregnancyEnquiryInput,
  ): Promise<PregnancyEnquiry | EntryRefusal> {
    const answerer = answererProblem(input);
    if (answerer !== null) throw badInput(answerer);
    const { potential, answer, attestation, answeredBy, lastPeriodOn } = input;
    return this.database.transaction(
      async (tx) => {
        const act = ExposureAct.ENQUIRE_PREGNANCY;
        const ground = await this.entries.open(tx, actor, CheckKind.PREGNANCY, input, act);
        if (isRefusal(ground)) return ground;
        const patient = await this.patients.mustHavePatient(tx, ground.visit.patientId);
        const born = Temporal.PlainDate.from(patient.dateOfBirth);
        const problem = pregnancyProblem(input, { born, today: ground.today });
        if (problem !== null) throw badInput(problem);
        const policy = await this.policies.inForce(tx, ground.today);
        // The first row comes with the table and is never taken away.
        if (policy === null) throw new Fault('INTERNAL', 'No pregnancy policy is set.');
        const row = await this.entries.write(tx, actor, ground, {
          pregnancy: {
            create: {
              ...{ policyId: policy.id, potential, answer, attestation, answeredBy },
              notApplicableReason: textOrNull(input.notApplicableReason),
              lastPeriodOn: lastPeriodOn ? dateFromText(lastPeriodOn) : null,
              lastPeriodUnknownWhy: textOrNull(input.lastPeriodUnknownWhy),
              answererName: textOrNull(input.answererName),
              comment: textOrNull(input.comment),
            },
          },
        });
        const enquiry = toPregnancyEnquiry(row);
        if (enquiry === null) throw new Error('a pregnancy enquiry was written without its part');
        return enquiry;
      },
      { onConstraint: CHECK_CONSTRAINTS },
    );
  }
}
