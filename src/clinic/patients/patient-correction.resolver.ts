import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from './patient.type.js';
import { PatientCorrectionService } from './patient-correction.service.js';
import { CorrectPatientInput, CorrectPatientResult } from './patient-correction.type.js';

@Resolver(() => Patient)
export class PatientCorrectionResolver {
  constructor(@Inject(PatientCorrectionService) private readonly corrections: PatientCorrectionService) {}

  @Allow(Permission.CORRECT_PATIENT)
  @Mutation(() => CorrectPatientResult, {
    description:
      'Puts right what a record says; what stood there stays in the audit record, and the scanner’s next answer has the new. ' +
      'Refused as PatientChangedMeanwhile, NhsNumberTaken, or LikelyDuplicate when the new details are very like ' +
      'somebody else’s. BAD_INPUT names each field that cannot be kept. Needs CORRECT_PATIENT.',
  })
  correctPatient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Whose record, and what is put right.' }) input: CorrectPatientInput,
  ) {
    return this.corrections.correctPatient(actor, input);
  }
}
