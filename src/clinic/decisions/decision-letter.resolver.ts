import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { LetterRecipientInput } from './decision-action.type.js';
import { DecisionDraftService } from './decision-draft.service.js';
import { DecisionLetterService } from './decision-letter.service.js';
import {
  ApproveDecisionLetterResult,
  ChangeDecisionLetterResult,
  DecisionLetter,
  DraftDecisionLetterResult,
  RewordDecisionLetterInput,
  RewordDecisionLetterResult,
} from './decision-letter.type.js';

/** Letters about decisions. */
@Resolver(() => DecisionLetter)
export class DecisionLetterResolver {
  constructor(
    @Inject(DecisionDraftService) private readonly drafts: DecisionDraftService,
    @Inject(DecisionLetterService) private readonly letters: DecisionLetterService,
  ) {}

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => DraftDecisionLetterResult, {
    description:
      'Drafts a letter from what was signed. With an `Idempotency-Key` it is done once. Refused as DecisionNotSigned, ' +
      'DecisionSuperseded once the team has decided anew, LetterAlreadyDrafted or IdempotencyKeyReused. Needs WRITE_DECISION.',
  })
  draftDecisionLetter(
    @CurrentBooker() booker: Booker,
    @Args('decisionId', { type: () => ID, description: 'The decision.' }) decisionId: string,
    @Args('to', { description: 'For whom.' }) to: LetterRecipientInput,
  ) {
    return this.drafts.draftDecisionLetter(booker, decisionId, to);
  }

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => RewordDecisionLetterResult, {
    description:
      'Another text for a draft. Refused as LetterChanged, with both texts, as LetterStandsOtherwise, and as ' +
      'LetterBehindDecision when the decision was added to, or the patient said more, since it was drafted: put it away then, ' +
      'and draft it anew. Needs WRITE_DECISION.',
  })
  rewordDecisionLetter(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The text.' }) input: RewordDecisionLetterInput,
  ) {
    return this.letters.rewordDecisionLetter(actor, input);
  }

  @Allow(Permission.SIGN_DECISION)
  @Mutation(() => ApproveDecisionLetterResult, {
    description:
      'Approves a letter as you have read it; it is sent once, and never changed again. Refused as LetterChanged, ' +
      'LetterStandsOtherwise, and as LetterBehindDecision when the decision was added to, or the patient said more, since it ' +
      'was drafted. Needs SIGN_DECISION.',
  })
  approveDecisionLetter(
    @CurrentActor() actor: StaffActor,
    @Args('letterId', { type: () => ID, description: 'The letter.' }) letterId: string,
    @Args('version', { type: () => Int, description: '`version` as you have read it.' }) version: number,
  ) {
    return this.letters.approveDecisionLetter(actor, letterId, version);
  }

  @Allow(Permission.WRITE_DECISION)
  @Mutation(() => ChangeDecisionLetterResult, {
    description:
      'Puts a draft away. Refused as LetterChanged or LetterStandsOtherwise. Needs WRITE_DECISION.',
  })
  discardDecisionLetter(
    @CurrentActor() actor: StaffActor,
    @Args('letterId', { type: () => ID, description: 'The letter.' }) letterId: string,
    @Args('version', { type: () => Int, description: '`version` as you have read it.' }) version: number,
  ) {
    return this.letters.discardDecisionLetter(actor, letterId, version);
  }
}
