import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ScanReport } from './report.type.js';
import { ReportReleaseService } from './report-release.service.js';
import { ReportTellingService } from './report-telling.service.js';
import {
  ReleaseReportInput,
  ReleaseReportResult,
  ReportTelling,
  TellReportInput,
  TellReportResult,
} from './report-telling.type.js';

const TELLINGS = Symbol('tellings of reports');

@Resolver(() => ScanReport)
export class ReportTellingResolver {
  constructor(
    @Inject(ReportReleaseService) private readonly release: ReportReleaseService,
    @Inject(ReportTellingService) private readonly told: ReportTellingService,
  ) {}

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => [ReportTelling], { description: 'To whom it was sent, in order. Needs READ_FINDINGS.' })
  async tellings(@Parent() report: ScanReport, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, TELLINGS, (ids) => this.told.ofReports(ids));
    return (await loader.load(report.id)) ?? [];
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => TellReportResult, {
    description:
      'Sends a final report to a clinician who looks after the patient. Refused as ReportNotSigned, ReportNotFinal or ' +
      'ReportChangedMeanwhile. Needs WRITE_FINDINGS.',
  })
  tellReport(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Whom.' }) input: TellReportInput,
  ) {
    return this.release.tellReport(actor, input);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => ReleaseReportResult, {
    description:
      'Releases a final report to the patient, who is sent a copy. Each version once; what was added to it or corrected is released anew. Refused ' +
      'as ReportNotSigned, ReportNotFinal, ReportChangedMeanwhile or ReportAlreadyReleased. Needs WRITE_FINDINGS.',
  })
  releaseReportToPatient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is released.' }) input: ReleaseReportInput,
  ) {
    return this.release.releaseReportToPatient(actor, input);
  }
}
