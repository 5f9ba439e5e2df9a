import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { isWanted } from './finding.rules.js';
import { PatientFinding, PatientFindingFilterInput } from './report.type.js';
import { ReportRecordService } from './report-record.service.js';

const FINDINGS = Symbol('findings by patient');

/** Patient.findings: the room that owns the findings adds the field. */
@Resolver(() => Patient)
export class PatientFindingsResolver {
  constructor(@Inject(ReportRecordService) private readonly records: ReportRecordService) {}

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => [PatientFinding], {
    description:
      'What is signed of the patient’s scans and stands, the newest scan first. The look is recorded. Needs READ_FINDINGS.',
  })
  async findings(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => PatientFindingFilterInput,
      defaultValue: {},
      description: 'Narrows the findings.',
    })
    filter: PatientFindingFilterInput,
  ) {
    const loader = requestLoader(request, FINDINGS, (ids) => this.records.findingsOf(actor, ids));
    const found = (await loader.load(patient.id)) ?? [];
    return found.filter(({ finding }) => isWanted(finding, filter));
  }
}
