import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CriticalFindingService } from './critical-finding.service.js';
import {
  CloseCriticalFindingInput,
  CloseCriticalFindingResult,
  CriticalFinding,
  CriticalFindingFilterInput,
  CriticalFindingPage,
  FlagCriticalFindingInput,
  FlagCriticalFindingResult,
  TellCriticalFindingInput,
  TellCriticalFindingResult,
} from './critical-finding.type.js';
import { CriticalFindingRecordService } from './critical-finding-record.service.js';
import { ScanReport } from './report.type.js';

const CRITICAL = Symbol('critical findings of reports');

@Resolver(() => ScanReport)
export class CriticalFindingResolver {
  constructor(
    @Inject(CriticalFindingService) private readonly findings: CriticalFindingService,
    @Inject(CriticalFindingRecordService) private readonly records: CriticalFindingRecordService,
  ) {}

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => [CriticalFinding], {
    description:
      'What could not wait for the letter, in the order in which it was flagged. Needs READ_FINDINGS.',
  })
  async criticalFindings(@Parent() report: ScanReport, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, CRITICAL, (ids) => this.records.ofReports(ids));
    return (await loader.load(report.id)) ?? [];
  }

  @Allow(Permission.READ_FINDINGS)
  @Query(() => CriticalFindingPage, {
    name: 'criticalFindings',
    description: 'Critical findings, those due first first. The look is recorded. Needs READ_FINDINGS.',
  })
  listedCriticalFindings(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => CriticalFindingFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: CriticalFindingFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.criticalFindings(actor, filter, page);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => FlagCriticalFindingResult, {
    description:
      'Flags what cannot wait for the letter; the clinic is told at once, and again until somebody has read it back. ' +
      'Refused as ScanNotPerformed. Needs WRITE_FINDINGS.',
  })
  flagCriticalFinding(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is seen.' }) input: FlagCriticalFindingInput,
  ) {
    return this.findings.flagCriticalFinding(actor, input);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => TellCriticalFindingResult, {
    description:
      'Records whom you have told of a critical finding, and whether they read it back. Refused as CriticalFindingClosed. ' +
      'Needs WRITE_FINDINGS.',
  })
  tellCriticalFinding(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who was told.' }) input: TellCriticalFindingInput,
  ) {
    return this.findings.tellCriticalFinding(actor, input);
  }

  @Allow(Permission.WRITE_FINDINGS)
  @Mutation(() => CloseCriticalFindingResult, {
    description:
      'Closes a critical finding with a note. Refused as CriticalFindingClosed, and as CriticalFindingNotAcknowledged while ' +
      'nobody has read it back. Needs WRITE_FINDINGS.',
  })
  closeCriticalFinding(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The note.' }) input: CloseCriticalFindingInput,
  ) {
    return this.findings.closeCriticalFinding(actor, input);
  }
}
