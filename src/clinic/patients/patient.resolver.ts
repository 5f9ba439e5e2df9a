import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { PatientService } from './patient.service.js';
import { Patient, PatientPage, RegisterPatientInput, RegisterPatientResult } from './patient.type.js';

@Resolver(() => Patient)
export class PatientResolver {
  constructor(@Inject(PatientService) private readonly patientService: PatientService) {}

  @Allow(Permission.READ_PATIENT)
  @Query(() => Patient, {
    description: 'One patient. Needs READ_PATIENT; the look is recorded. NOT_FOUND otherwise.',
  })
  patient(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the patient.' }) id: string,
  ) {
    return this.patientService.patient(actor, id);
  }

  @Allow(Permission.READ_PATIENT)
  @Query(() => PatientPage, {
    description:
      'Patients that one text finds, by family name. Needs READ_PATIENT; everybody shown is recorded as seen. ' +
      'BAD_INPUT for fewer than 2 characters and for what cannot be anything below.',
  })
  patients(
    @CurrentActor() actor: StaffActor,
    @Args('search', {
      type: () => String,
      description:
        'Parts of a name in any order (accents and case do not matter), a date of birth (1980-01-31 or 31/01/1980), ' +
        'a local number (F0000123), an NHS number, or a complete telephone number (national or with +).',
    })
    search: string,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.patientService.patients(actor, search, page);
  }

  @Allow(Permission.REGISTER_PATIENT)
  @Mutation(() => RegisterPatientResult, {
    description:
      'Registers a person and gives them a local number. Needs REGISTER_PATIENT. Refused as LikelyDuplicate or ' +
      'NhsNumberTaken; BAD_INPUT names each field that cannot be kept.',
  })
  registerPatient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The person.' }) input: RegisterPatientInput,
  ) {
    return this.patientService.registerPatient(actor, input);
  }
}
