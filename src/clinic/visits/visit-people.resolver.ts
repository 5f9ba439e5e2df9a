import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { VisitType } from '../scheduling/visit-type.type.js';
import { Visit } from './visit.type.js';
import { VisitPeopleService } from './visit-people.service.js';
import { VisitRecordService } from './visit-record.service.js';

const PATIENTS = Symbol('patients of visits');
const VISIT_TYPES = Symbol('kinds of visits');
const REPLACEMENTS = Symbol('visits booked instead');

/** From a visit to whom it is for, what it is, and what stands in its place. */
@Resolver(() => Visit)
export class VisitPeopleResolver {
  constructor(
    @Inject(VisitPeopleService) private readonly people: VisitPeopleService,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
  ) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, { description: 'Whose visit it is. Needs READ_PATIENT.' })
  patient(
    @Parent() visit: Visit,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, PATIENTS, (ids) => this.people.patients(actor, ids)).load(visit.patientId);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => VisitType, { description: 'What kind of visit it is. Needs READ_VISIT.' })
  visitType(@Parent() visit: Visit, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, VISIT_TYPES, () => this.people.visitTypes()).load(visit.visitTypeCode);
  }

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => Visit, {
    nullable: true,
    description:
      'The visit that stands in its place now: the last of those that were booked one instead of another. Null when there is none. Needs READ_VISIT.',
  })
  async replacedBy(@Parent() visit: Visit, @CurrentRequest() request: RequestContext) {
    if (visit.replacedById === null) return null;
    return requestLoader(request, REPLACEMENTS, (ids) => this.records.standingInstead(ids)).load(visit.id);
  }
}
