import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { ComplicationService } from './complication.service.js';
import { SafetyPauseService } from './safety-pause.service.js';
import {
  RecordSafetyPauseInput,
  RecordSafetyPauseResult,
  StartTreatmentInput,
  StartTreatmentResult,
} from './safety-pause.type.js';
import { Treatment } from './treatment.type.js';
import { TreatmentGivenService } from './treatment-given.service.js';
import {
  AddComplicationInput,
  AddComplicationResult,
  CorrectTreatmentRecordInput,
  CorrectTreatmentRecordResult,
  RecordTreatmentGivenInput,
  RecordTreatmentGivenResult,
} from './treatment-given.type.js';
import { TreatmentStartService } from './treatment-start.service.js';

/** What is done on the day. */
@Resolver(() => Treatment)
export class TreatmentWorkResolver {
  constructor(
    @Inject(SafetyPauseService) private readonly pauses: SafetyPauseService,
    @Inject(TreatmentStartService) private readonly starts: TreatmentStartService,
    @Inject(TreatmentGivenService) private readonly given: TreatmentGivenService,
    @Inject(ComplicationService) private readonly complications: ComplicationService,
  ) {}

  @Allow(Permission.ASSIST_TREATMENT)
  @Mutation(() => RecordSafetyPauseResult, {
    description:
      'Records the pause before the needle: who is there, who the patient is, and side and levels as read from consent, ' +
      'mark, image and plan, which have to be those of the plan and of the consent in force. Anything wrong refuses it, ' +
      'nothing starts, and the audit record has it. Refused as WrongSide, WrongLevel, PatientNotConfirmed, PauseNotPassed, ' +
      'ProcedureConsentMissing, TreatmentStandsOtherwise, TreatmentChanged or IdempotencyKeyReused. Needs ASSIST_TREATMENT.',
  })
  recordSafetyPause(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'The pause as it was held.' }) input: RecordSafetyPauseInput,
  ) {
    return this.pauses.recordSafetyPause(booker, input);
  }

  @Allow(Permission.PERFORM_TREATMENT)
  @Mutation(() => StartTreatmentResult, {
    description:
      'Starts a treatment, within 15 minutes of a safety pause for the plan that stands; consent, terms and the right to use ' +
      'X-rays are looked at once more. Refused as PauseTooLongAgo, ProcedureConsentMissing, WrongSide, WrongLevel, ' +
      'TermsNotMet, NotEntitledToExpose, TreatmentStandsOtherwise or TreatmentChanged. Needs PERFORM_TREATMENT.',
  })
  startTreatment(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which treatment.' }) input: StartTreatmentInput,
  ) {
    return this.starts.startTreatment(actor, input);
  }

  @Allow(Permission.PERFORM_TREATMENT)
  @Mutation(() => RecordTreatmentGivenResult, {
    description:
      'Records what was given, to its end or until it was broken off. With an `Idempotency-Key` it is done once. Refused as ' +
      'RecordDoesNotFit, AgentNotKnown, AgentExpired, NotEntitledToExpose, TreatmentStandsOtherwise, TreatmentChanged or ' +
      'IdempotencyKeyReused. Needs PERFORM_TREATMENT.',
  })
  recordTreatmentGiven(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What was given.' }) input: RecordTreatmentGivenInput,
  ) {
    return this.given.recordTreatmentGiven(booker, input);
  }

  @Allow(Permission.PERFORM_TREATMENT)
  @Mutation(() => CorrectTreatmentRecordResult, {
    description:
      'Puts right what was recorded: another version stands, those before stay readable. Refused as recordTreatmentGiven is. ' +
      'Needs PERFORM_TREATMENT.',
  })
  correctTreatmentRecord(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The record as it should have been.' }) input: CorrectTreatmentRecordInput,
  ) {
    return this.given.correctTreatmentRecord(actor, input);
  }

  @Allow(Permission.ASSIST_TREATMENT)
  @Mutation(() => AddComplicationResult, {
    description:
      'Adds something that went wrong, then or later. With an `Idempotency-Key` it is done once. Refused as ' +
      'TreatmentStandsOtherwise, ComplicationReplaced or IdempotencyKeyReused. Needs ASSIST_TREATMENT.',
  })
  addComplication(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'What went wrong.' }) input: AddComplicationInput,
  ) {
    return this.complications.addComplication(booker, input);
  }
}
