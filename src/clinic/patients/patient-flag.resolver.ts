import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, isCaller, Permission } from '../auth/permission.type.js';
import { Patient } from './patient.type.js';
import { PatientFlagService } from './patient-flag.service.js';
import { PatientFlag } from './patient-flag.type.js';

const FLAGS = Symbol('flags by patient');

/** Patient.flags: wherever a patient is shown. */
@Resolver(() => Patient)
export class PatientFlagResolver {
  constructor(@Inject(PatientFlagService) private readonly flagService: PatientFlagService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [PatientFlag], {
    description:
      'What is to be seen wherever the patient is shown: alerts of today that are visible to you, the graver first, then ' +
      'communication needs. Needs READ_PATIENT.',
  })
  async flags(@Parent() patient: Patient, @CurrentRequest() request: RequestContext) {
    const roles = isCaller(request.caller) ? request.caller.roles : [];
    const loader = requestLoader(request, FLAGS, (ids) => this.flagService.ofPatients(ids, roles));
    return (await loader.load(patient.id)) ?? [];
  }
}
