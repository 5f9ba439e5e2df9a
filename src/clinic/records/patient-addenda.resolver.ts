import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { RectificationService } from './rectification.service.js';
import { Addendum } from './rectification.type.js';

const ADDENDA = Symbol('addenda of patients');

/** Patient.addenda: the room that owns the addenda adds the field. */
@Resolver(() => Patient)
export class PatientAddendaResolver {
  constructor(@Inject(RectificationService) private readonly requests: RectificationService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [Addendum], {
    description:
      'What stands beside parts of the record since the patient said that something in it is wrong, oldest first. The look is ' +
      'recorded. Needs READ_PATIENT.',
  })
  async addenda(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, ADDENDA, (ids) => this.requests.addendaOfPatients(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
