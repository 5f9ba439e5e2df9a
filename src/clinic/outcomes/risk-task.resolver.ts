import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { RiskTaskService } from './risk-task.service.js';
import {
  ClaimRiskTaskResult,
  CloseRiskTaskResult,
  NoteRiskTaskResult,
  ReleaseRiskTaskResult,
  RiskTask,
  RiskTaskFilterInput,
  RiskTaskNoteInput,
  RiskTaskPage,
} from './risk-task.type.js';
import { RiskTaskRecordService } from './risk-task-record.service.js';

@Resolver(() => RiskTask)
export class RiskTaskResolver {
  constructor(
    @Inject(RiskTaskService) private readonly tasks: RiskTaskService,
    @Inject(RiskTaskRecordService) private readonly records: RiskTaskRecordService,
  ) {}

  @Allow(Permission.READ_OUTCOME)
  @Query(() => RiskTask, {
    description: 'One risk task. NOT_FOUND when there is none. The look is recorded. Needs READ_OUTCOME.',
  })
  riskTask(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the risk task.' }) id: string,
  ) {
    return this.records.riskTask(actor, id);
  }

  @Allow(Permission.READ_OUTCOME)
  @Query(() => RiskTaskPage, {
    description: 'Risk tasks, those due first first. The look is recorded. Needs READ_OUTCOME.',
  })
  riskTasks(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => RiskTaskFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: RiskTaskFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.riskTasks(actor, filter, page);
  }

  @Allow(Permission.CLOSE_RISK_TASK)
  @Mutation(() => ClaimRiskTaskResult, {
    description:
      'Takes a risk task on: you speak with the patient. Refused as RiskTaskClaimed or RiskTaskClosed. Needs CLOSE_RISK_TASK.',
  })
  claimRiskTask(
    @CurrentActor() actor: StaffActor,
    @Args('riskTaskId', { type: () => ID, description: 'Id of the risk task.' }) riskTaskId: string,
  ) {
    return this.tasks.claimRiskTask(actor, riskTaskId);
  }

  @Allow(Permission.CLOSE_RISK_TASK)
  @Mutation(() => ReleaseRiskTaskResult, {
    description:
      'Gives a risk task back, or takes it from somebody who cannot go on, so that another takes it on. Refused as ' +
      'RiskTaskNotClaimed or RiskTaskClosed. Needs CLOSE_RISK_TASK.',
  })
  releaseRiskTask(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which task, and why.' }) input: RiskTaskNoteInput,
  ) {
    return this.tasks.releaseRiskTask(actor, input);
  }

  @Allow(Permission.CLOSE_RISK_TASK)
  @Mutation(() => NoteRiskTaskResult, {
    description:
      'Writes down what was done about a risk task; it stays, and comes again. Refused as RiskTaskClosed. Needs CLOSE_RISK_TASK.',
  })
  noteRiskTask(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which task, and what was done.' }) input: RiskTaskNoteInput,
  ) {
    return this.tasks.noteRiskTask(actor, input);
  }

  @Allow(Permission.CLOSE_RISK_TASK)
  @Mutation(() => CloseRiskTaskResult, {
    description:
      'Closes a risk task that you have taken on, with a note. Refused as RiskTaskNotClaimed, RiskTaskClaimed or ' +
      'RiskTaskClosed. Needs CLOSE_RISK_TASK.',
  })
  closeRiskTask(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which task, and what was found and agreed.' }) input: RiskTaskNoteInput,
  ) {
    return this.tasks.closeRiskTask(actor, input);
  }
}
