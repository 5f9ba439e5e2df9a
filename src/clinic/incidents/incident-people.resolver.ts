import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Incident } from './incident.type.js';
import { IncidentPeopleService } from './incident-people.service.js';

const PATIENTS = Symbol('patients of incidents');

/** From an incident to whom it happened to. */
@Resolver(() => Incident)
export class IncidentPeopleResolver {
  constructor(@Inject(IncidentPeopleService) private readonly people: IncidentPeopleService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, {
    nullable: true,
    description:
      'Whom it happened to; null: nobody who is registered. The look is recorded. Needs READ_PATIENT.',
  })
  async patient(
    @Parent() incident: Incident,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    if (incident.patientId === null) return null;
    return requestLoader(request, PATIENTS, (ids) => this.people.viewed(actor, ids)).load(incident.patientId);
  }
}
