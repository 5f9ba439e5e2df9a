import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { VisitPage } from './visit.type.js';
import { toPageKey, VisitRecordService } from './visit-record.service.js';

const VISITS = Symbol('pages of visits of patients');

/** Patient.visits: the room that owns the visits adds the field. */
@Resolver(() => Patient)
export class PatientVisitsResolver {
  constructor(@Inject(VisitRecordService) private readonly records: VisitRecordService) {}

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => VisitPage, {
    description: 'The patient’s visits, the latest first, cancelled ones included. Needs READ_VISIT.',
  })
  async visits(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    const loader = requestLoader(request, VISITS, (keys) => this.records.pagesOfPatients(actor, keys));
    return (await loader.load(toPageKey(patient.id, page))) ?? { items: [], nextCursor: null };
  }
}
