import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { DecisionService } from './decision.service.js';
import { CaseDecision } from './decision.type.js';
import { DecisionAddendumService } from './decision-addendum.service.js';
import {
  AddDecisionAddendumInput,
  AddDecisionAddendumResult,
  CheckDecisionInput,
  CheckDecisionResult,
  RecordPatientDecisionInput,
  RecordPatientDecisionResult,
  SignOffDecisionInput,
  SignOffDecisionResult,
  TypeDecisionInput,
  TypeDecisionResult,
} from './decision-entry.type.js';
import { DecisionRecordService } from './decision-record.service.js';
import { DecisionSigningService } from './decision-signing.service.js';

/** What the team decided, and what patient and clinician made of it. */
@Resolver(() => CaseDecision)
export class DecisionResolver {
  constructor(
    @Inject(DecisionRecordService) private readonly records: DecisionRecordService,
    @Inject(DecisionService) private readonly decisions: DecisionService,
    @Inject(DecisionSigningService) private readonly signing: DecisionSigningService,
    @Inject(DecisionAddendumService) private readonly addenda: DecisionAddendumService,
  ) {}

  @Allow(Permission.READ_DECISION)
  @Query(() => CaseDecision, { description: 'One decision. The look is recorded. Needs READ_DECISION.' })
  caseDecision(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Its id.' }) id: string,
  ) {
    return this.records.caseDecision(actor, id);
  }

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => TypeDecisionResult, {
    description:
      'Keeps a further version of what the team decided; it has to be checked again. Refused as DecisionConflict, with both ' +
      'texts, when somebody typed it further since. Refused as CaseNotUnderDiscussion, DecisionAlreadySigned, ' +
      'CheckerIsTypist or CheckerWasNotThere. Needs WRITE_DECISION.',
  })
  typeDecision(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What was decided.' }) input: TypeDecisionInput,
  ) {
    return this.decisions.typeDecision(actor, input);
  }

  @Allow(Permission.SIGN_DECISION)
  @Mutation(() => CheckDecisionResult, {
    description:
      'The nominated clinician finds right what they have read. Refused as DecisionAlreadySigned, CheckerIsTypist, ' +
      'NotTheNominatedChecker or DecisionNotAsSeen. Needs SIGN_DECISION.',
  })
  checkDecision(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is found right.' }) input: CheckDecisionInput,
  ) {
    return this.decisions.checkDecision(actor, input);
  }

  @Allow(Permission.SIGN_DECISION)
  @Mutation(() => SignOffDecisionResult, {
    description:
      'Signs and locks what was checked; whoever is signed in is the one who signs. Refused as QuorumMissing unless nothing ' +
      'was decided, and as DecisionAlreadySigned, DecisionNotAsSeen, DecisionNotChecked, DiscussionNotOver, ' +
      'SecondFactorWanted or SecondFactorWrong. Needs SIGN_DECISION.',
  })
  signOffDecision(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is signed.' }) input: SignOffDecisionInput,
  ) {
    return this.signing.signOffDecision(actor, input);
  }

  @Allow(Permission.SIGN_DECISION)
  @Mutation(() => AddDecisionAddendumResult, {
    description:
      'Adds to a signed decision, and signs that; the decision stays as it was signed. With an `Idempotency-Key` it is done ' +
      'once. Refused as DecisionNotSigned, SecondFactorWanted, SecondFactorWrong or IdempotencyKeyReused. Needs SIGN_DECISION.',
  })
  addDecisionAddendum(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What is added.' }) input: AddDecisionAddendumInput,
  ) {
    return this.addenda.addDecisionAddendum(booker, input);
  }

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => RecordPatientDecisionResult, {
    description:
      'Records what patient and clinician decided, apart from what the team recommends; the last one stands. With an ' +
      '`Idempotency-Key` it is done once. Refused as DecisionNotSigned or IdempotencyKeyReused. Needs WRITE_DECISION.',
  })
  recordPatientDecision(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What they decided.' }) input: RecordPatientDecisionInput,
  ) {
    return this.addenda.recordPatientDecision(booker, input);
  }
}
