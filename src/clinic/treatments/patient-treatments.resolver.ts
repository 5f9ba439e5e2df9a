import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Visit } from '../visits/visit.type.js';
import { Treatment } from './treatment.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';

const OF_PATIENTS = Symbol('treatments by patient');
const OF_VISITS = Symbol('treatments by visit');

/** Patient.treatments: the room that owns the treatments adds the field. */
@Resolver(() => Patient)
export class PatientTreatmentsResolver {
  constructor(@Inject(TreatmentRecordService) private readonly records: TreatmentRecordService) {}

  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => [Treatment], {
    description:
      'The patient’s treatments, those last asked for first, at most 100; older ones: `treatments`. The look is recorded. ' +
      'Needs READ_TREATMENT.',
  })
  async treatments(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, OF_PATIENTS, (ids) => this.records.ofPatients(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}

/** Visit.treatments: what a visit is booked for. */
@Resolver(() => Visit)
export class VisitTreatmentsResolver {
  constructor(@Inject(TreatmentRecordService) private readonly records: TreatmentRecordService) {}

  @Allow(Permission.READ_TREATMENT)
  @ResolveField(() => [Treatment], {
    description: 'Treatments that the visit is booked for. The look is recorded. Needs READ_TREATMENT.',
  })
  async treatments(
    @Parent() visit: Visit,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, OF_VISITS, (ids) => this.records.ofVisits(actor, ids));
    return (await loader.load(visit.id)) ?? [];
  }
}
