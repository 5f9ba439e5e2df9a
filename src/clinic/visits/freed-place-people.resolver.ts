import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { FreedPlaceOffer } from './freed-place.type.js';
import { VisitPeopleService } from './visit-people.service.js';

const PATIENTS = Symbol('patients of offers of freed places');

/** From an offer to whom it is made. */
@Resolver(() => FreedPlaceOffer)
export class FreedPlacePeopleResolver {
  constructor(@Inject(VisitPeopleService) private readonly people: VisitPeopleService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, { description: 'Who is asked. The look is recorded. Needs READ_PATIENT.' })
  patient(
    @Parent() offer: FreedPlaceOffer,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, PATIENTS, (ids) => this.people.patients(actor, ids)).load(offer.patientId);
  }
}
