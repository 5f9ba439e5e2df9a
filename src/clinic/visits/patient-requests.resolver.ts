import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { VisitRequest } from './request.type.js';
import { RequestRecordService } from './request-record.service.js';

const REQUESTS = Symbol('visit requests of patients');

/** Patient.visitRequests: the room that owns the requests adds the field. */
@Resolver(() => Patient)
export class PatientRequestsResolver {
  constructor(@Inject(RequestRecordService) private readonly records: RequestRecordService) {}

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => [VisitRequest], {
    description:
      'The newest 50 requests of the patient, newest first, closed and booked ones too. The look is recorded. Needs READ_VISIT.',
  })
  async visitRequests(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, REQUESTS, (ids) => this.records.ofPatients(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
