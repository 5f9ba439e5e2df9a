import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { DecisionActionService } from './decision-action.service.js';
import {
  AddDecisionActionInput,
  AddDecisionActionResult,
  ChangeDecisionActionInput,
  ChangeDecisionActionResult,
  DecisionAction,
  DecisionActionFilterInput,
  DecisionActionPage,
  EndDecisionActionInput,
  StartDecisionActionInput,
  StartDecisionActionResult,
} from './decision-action.type.js';
import { DecisionActionEntryService } from './decision-action-entry.service.js';
import { DecisionActionRecordService } from './decision-action-record.service.js';
import { DecisionStartService } from './decision-start.service.js';

/** Who does what until when. */
@Resolver(() => DecisionAction)
export class DecisionActionResolver {
  constructor(
    @Inject(DecisionActionRecordService) private readonly records: DecisionActionRecordService,
    @Inject(DecisionActionEntryService) private readonly entries: DecisionActionEntryService,
    @Inject(DecisionActionService) private readonly actions: DecisionActionService,
    @Inject(DecisionStartService) private readonly starts: DecisionStartService,
  ) {}

  @Allow(Permission.WORK_ACTION)
  @Query(() => DecisionAction, {
    description: 'An action, as its notices name it. The look is recorded. Needs WORK_ACTION.',
  })
  decisionAction(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Its id.' }) id: string,
  ) {
    return this.records.decisionAction(actor, id);
  }

  @Allow(Permission.WORK_ACTION)
  @Query(() => DecisionActionPage, {
    description: 'Actions by the day on which they are due. The look is recorded. Needs WORK_ACTION.',
  })
  decisionActions(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => DecisionActionFilterInput,
      defaultValue: {},
      description: 'Which actions.',
    })
    filter: DecisionActionFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.decisionActions(actor, filter, page);
  }

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => AddDecisionActionResult, {
    description:
      'Gives somebody something to do because of a decision. With an `Idempotency-Key` it is done once. Refused as ' +
      'IdempotencyKeyReused. Needs WRITE_DECISION.',
  })
  addDecisionAction(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What is to be done.' }) input: AddDecisionActionInput,
  ) {
    return this.entries.addDecisionAction(booker, input);
  }

  @Allow(Permission.WORK_ACTION)
  @Mutation(() => ChangeDecisionActionResult, {
    description:
      'Another owner or another day. Refused as ActionStandsOtherwise or ActionChanged. Needs WORK_ACTION.',
  })
  changeDecisionAction(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The change.' }) input: ChangeDecisionActionInput,
  ) {
    return this.actions.changeDecisionAction(actor, input);
  }

  @Allow(Permission.WORK_ACTION)
  @Mutation(() => StartDecisionActionResult, {
    description:
      'Starts an action and makes what it asks for, both or neither. With an `Idempotency-Key` it is done once. Refused as DecisionNotSigned, ' +
      'as DecisionSuperseded once the team has decided anew, as PatientHasNotAgreed for what is done to the patient (also when ' +
      'they have chosen something else since the action was added), as ActionStandsOtherwise or ActionChanged, and as asking for the thing itself is ' +
      'refused. Needs WORK_ACTION, and REQUEST_IMAGING, REQUEST_TREATMENT, BOOK_VISIT or WRITE_DECISION for what is made.',
  })
  startDecisionAction(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What is to be made.' }) input: StartDecisionActionInput,
  ) {
    return this.starts.startDecisionAction(booker, input);
  }

  @Allow(Permission.WORK_ACTION)
  @Mutation(() => ChangeDecisionActionResult, {
    description: 'It is done. Refused as ActionStandsOtherwise or ActionChanged. Needs WORK_ACTION.',
  })
  completeDecisionAction(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was done.' }) input: EndDecisionActionInput,
  ) {
    return this.actions.completeDecisionAction(actor, input);
  }

  @Allow(Permission.WORK_ACTION)
  @Mutation(() => ChangeDecisionActionResult, {
    description:
      'It is not to be done. Refused as ActionStandsOtherwise or ActionChanged. Needs WORK_ACTION.',
  })
  cancelDecisionAction(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Why not.' }) input: EndDecisionActionInput,
  ) {
    return this.actions.cancelDecisionAction(actor, input);
  }
}
