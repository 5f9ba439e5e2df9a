import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { AcknowledgementService } from './acknowledgement.service.js';
import {
  AcknowledgementResult,
  AcknowledgeResultInput,
  CloseAcknowledgementInput,
  ReassignAcknowledgementInput,
  ReportAcknowledgement,
  ReportAcknowledgementPage,
  ResultsToAcknowledgeFilterInput,
} from './acknowledgement.type.js';
import { AcknowledgementRecordService } from './acknowledgement-record.service.js';
import { ScanReport } from './report.type.js';

const TASKS = Symbol('acknowledgements of reports');

@Resolver(() => ScanReport)
export class AcknowledgementResolver {
  constructor(
    @Inject(AcknowledgementService) private readonly tasks: AcknowledgementService,
    @Inject(AcknowledgementRecordService) private readonly records: AcknowledgementRecordService,
  ) {}

  @Allow(Permission.READ_FINDINGS)
  @ResolveField(() => [ReportAcknowledgement], {
    description:
      'Whether the referrer has acknowledged it: one task for each version, the oldest first. Needs READ_FINDINGS.',
  })
  async acknowledgements(@Parent() report: ScanReport, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, TASKS, (ids) => this.records.ofReports(ids));
    return (await loader.load(report.id)) ?? [];
  }

  @Allow(Permission.ACKNOWLEDGE_FINDINGS)
  @Query(() => ReportAcknowledgementPage, {
    description:
      'Results that a referrer has still to acknowledge, those due first first; nothing of what was found. The look is ' +
      'recorded. Needs ACKNOWLEDGE_FINDINGS.',
  })
  resultsToAcknowledge(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => ResultsToAcknowledgeFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: ResultsToAcknowledgeFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.resultsToAcknowledge(actor, filter, page);
  }

  @Allow(Permission.ACKNOWLEDGE_FINDINGS)
  @Mutation(() => AcknowledgementResult, {
    description:
      'Writes down that the referrer has a result: who said so, how and when. Refused as AcknowledgementSettled. Needs ' +
      'ACKNOWLEDGE_FINDINGS.',
  })
  acknowledgeResult(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who acknowledged.' }) input: AcknowledgeResultInput,
  ) {
    return this.tasks.acknowledgeResult(actor, input);
  }

  @Allow(Permission.ACKNOWLEDGE_FINDINGS)
  @Mutation(() => AcknowledgementResult, {
    description:
      'Gives a task to somebody, or back to the list; it stays due when it was. Refused as AcknowledgementSettled. Needs ' +
      'ACKNOWLEDGE_FINDINGS.',
  })
  reassignAcknowledgement(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who is to see to it.' }) input: ReassignAcknowledgementInput,
  ) {
    return this.tasks.reassignAcknowledgement(actor, input);
  }

  @Allow(Permission.ACKNOWLEDGE_FINDINGS)
  @Mutation(() => AcknowledgementResult, {
    description:
      'Closes a task without an acknowledgement, for a reason. Refused as AcknowledgementSettled. Needs ACKNOWLEDGE_FINDINGS.',
  })
  closeAcknowledgement(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Why.' }) input: CloseAcknowledgementInput,
  ) {
    return this.tasks.closeAcknowledgement(actor, input);
  }
}
