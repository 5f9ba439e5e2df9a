import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { AdviceService } from './advice.service.js';
import {
  AdviceResult,
  AdviceThread,
  AdviceThreadFilterInput,
  AdviceThreadPage,
  AnswerAdviceInput,
  AnswerAdviceResult,
  AskMoreAdviceInput,
  ConvertAdviceResult,
  ConvertAdviceToReferralInput,
  EndAdviceThreadInput,
  LinkAdviceToPatientInput,
  OpenAdviceThreadInput,
} from './advice.type.js';
import { AdviceConversionService } from './advice-conversion.service.js';
import { AdviceRecordService } from './advice-record.service.js';

@Resolver(() => AdviceThread)
export class AdviceResolver {
  constructor(
    @Inject(AdviceService) private readonly advice: AdviceService,
    @Inject(AdviceRecordService) private readonly records: AdviceRecordService,
    @Inject(AdviceConversionService) private readonly conversion: AdviceConversionService,
  ) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => AdviceThread, {
    description:
      'One question for advice with everything that was said. The look is recorded. NOT_FOUND otherwise. Needs READ_REFERRAL.',
  })
  adviceThread(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the thread.' }) id: string,
  ) {
    return this.records.adviceThread(actor, id);
  }

  @Allow(Permission.READ_REFERRAL)
  @Query(() => AdviceThreadPage, {
    description:
      'Questions for advice, the one that is due first at the top. The look is recorded. Needs READ_REFERRAL.',
  })
  adviceThreads(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => AdviceThreadFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: AdviceThreadFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.adviceThreads(actor, filter, page);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => AdviceThread, {
    description:
      'Takes in a question for advice; a clinician then has to answer it. BAD_INPUT names the field. Needs RECEIVE_REFERRAL.',
  })
  openAdviceThread(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The question.' }) input: OpenAdviceThreadInput,
  ) {
    return this.advice.openAdviceThread(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => AdviceResult, {
    description:
      'Adds what the referrer asks more; an answered thread then waits again. Refused as AdviceNotPossible or AdviceChangedMeanwhile. Needs RECEIVE_REFERRAL.',
  })
  askMoreAdvice(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What they ask.' }) input: AskMoreAdviceInput,
  ) {
    return this.advice.askMoreAdvice(actor, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => AnswerAdviceResult, {
    description:
      'A clinician answers; by e-mail Facet writes to the referrer. Refused as AdviceNotPossible, AdviceChangedMeanwhile or AdviceReferrerWithoutEmail. Needs TRIAGE_REFERRAL.',
  })
  answerAdvice(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The answer.' }) input: AnswerAdviceInput,
  ) {
    return this.advice.answerAdvice(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => AdviceResult, {
    description:
      'Says who the question is about. Refused as AdviceNotPossible or AdviceChangedMeanwhile. Needs RECEIVE_REFERRAL.',
  })
  linkAdviceToPatient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Thread and patient.' }) input: LinkAdviceToPatientInput,
  ) {
    return this.advice.linkAdviceToPatient(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => AdviceResult, {
    description:
      'Closes a thread with a reason. Refused as AdviceNotPossible or AdviceChangedMeanwhile. Needs RECEIVE_REFERRAL.',
  })
  closeAdviceThread(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: EndAdviceThreadInput,
  ) {
    return this.advice.closeAdviceThread(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => AdviceResult, {
    description:
      'Opens a closed thread again: it waits for an answer as if it had come today. Refused as AdviceNotPossible or AdviceChangedMeanwhile. Needs RECEIVE_REFERRAL.',
  })
  reopenAdviceThread(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: EndAdviceThreadInput,
  ) {
    return this.advice.reopenAdviceThread(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => ConvertAdviceResult, {
    description:
      'Makes a referral of the question; it arrives today and is triaged as any other. Refused as AdviceNotPossible, AdviceChangedMeanwhile, AdvicePatientUnknown or OpenReferralExists. Needs RECEIVE_REFERRAL.',
  })
  convertAdviceToReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What becomes of it.' }) input: ConvertAdviceToReferralInput,
  ) {
    return this.conversion.convertAdviceToReferral(actor, input);
  }
}
