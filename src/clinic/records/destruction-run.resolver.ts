import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DestructionRecordService } from './destruction-record.service.js';
import { DestructionRunService } from './destruction-run.service.js';
import {
  AbandonDestructionInput,
  ApproveDestructionResult,
  ChangeDestructionResult,
  DestructionItemPage,
  DestructionRun,
  DestructionRunPage,
  DestructionStubFilterInput,
  DestructionStubPage,
  ExcludeFromDestructionInput,
  RetentionDryRunInput,
} from './destruction-run.type.js';

@Resolver(() => DestructionRun)
export class DestructionRunResolver {
  constructor(
    @Inject(DestructionRunService) private readonly runs: DestructionRunService,
    @Inject(DestructionRecordService) private readonly records: DestructionRecordService,
  ) {}

  @Allow(Permission.READ_RECORDS)
  @Query(() => DestructionRunPage, {
    description: 'Lists of records that were due, the newest first. Needs READ_RECORDS.',
  })
  destructionRuns(
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.destructionRuns(page);
  }

  @Allow(Permission.READ_RECORDS)
  @Query(() => DestructionRun, {
    description: 'One list, without what is on it. NOT_FOUND otherwise. Needs READ_RECORDS.',
  })
  destructionRun(@Args('id', { type: () => ID, description: 'Id of the run.' }, ParseUUIDPipe) id: string) {
    return this.records.destructionRun(id);
  }

  @Allow(Permission.READ_RECORDS)
  @Query(() => DestructionItemPage, {
    description:
      'What is on a list, why it is due, and what became of it. The look is recorded. Needs READ_RECORDS.',
  })
  destructionItems(
    @CurrentActor() actor: StaffActor,
    @Args('runId', { type: () => ID, description: 'Id of the run.' }, ParseUUIDPipe) runId: string,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.destructionItems(actor, runId, page);
  }

  @Allow(Permission.READ_RECORDS)
  @Query(() => DestructionStubPage, {
    description:
      'What is left of what was destroyed, the newest first. The look is recorded. Needs READ_RECORDS.',
  })
  destructionStubs(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => DestructionStubFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: DestructionStubFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.destructionStubs(actor, filter, page);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => DestructionRun, {
    description:
      'Begins a dry run: a job draws up the list of what the rules let go, and of what is held all the same. Nothing is ' +
      'changed by it. Needs MANAGE_RECORDS.',
  })
  retentionDryRun(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What to look for.' }) input: RetentionDryRunInput,
  ) {
    return this.runs.retentionDryRun(actor, input);
  }

  @Allow(Permission.APPROVE_DESTRUCTION)
  @Mutation(() => ChangeDestructionResult, {
    description:
      'Leaves records out of a list, with a reason. Refused as DestructionRunStandsOtherwise. Needs APPROVE_DESTRUCTION.',
  })
  excludeFromDestruction(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: ExcludeFromDestructionInput,
  ) {
    return this.runs.excludeFromDestruction(actor, input);
  }

  @Allow(Permission.APPROVE_DESTRUCTION)
  @Mutation(() => ApproveDestructionResult, {
    description:
      'A second person’s word: a job destroys what is on the list, each record judged afresh at that moment, and leaves ' +
      'stubs. Refused as SecondPersonNeeded, DestructionListTooOld, NothingToDestroy, DestructionRunStandsOtherwise. ' +
      'Needs APPROVE_DESTRUCTION.',
  })
  approveDestruction(
    @CurrentActor() actor: StaffActor,
    @Args('runId', { type: () => ID, description: 'Id of the run.' }, ParseUUIDPipe) runId: string,
  ) {
    return this.runs.approveDestruction(actor, runId);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => ChangeDestructionResult, {
    description:
      'Gives a list up, also one that is being carried out: what has not been destroyed stays. Refused as ' +
      'DestructionRunStandsOtherwise. Needs MANAGE_RECORDS.',
  })
  abandonDestruction(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: AbandonDestructionInput,
  ) {
    return this.runs.abandonDestruction(actor, input);
  }
}
