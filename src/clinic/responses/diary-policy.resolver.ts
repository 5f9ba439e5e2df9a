import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DiaryPolicyService } from './diary-policy.service.js';
import {
  DiaryPolicy,
  LearningPolicy,
  SetDiaryPolicyInput,
  SetDiaryPolicyResult,
  SetLearningPolicyInput,
  SetLearningPolicyResult,
} from './diary-policy.type.js';

@Resolver(() => DiaryPolicy)
export class DiaryPolicyResolver {
  constructor(@Inject(DiaryPolicyService) private readonly policies: DiaryPolicyService) {}

  @Allow(Permission.READ_TREATMENT)
  @Query(() => [DiaryPolicy], {
    description:
      'Policies of diaries by kind and day, past and coming ones too, with their source. Needs READ_TREATMENT.',
  })
  diaryPolicies() {
    return this.policies.diaryPolicies();
  }

  @Allow(Permission.READ_LEARNING)
  @Query(() => [LearningPolicy], {
    description:
      'From how many patients on a group is shown, by day, past and coming ones too, with their source. Needs READ_LEARNING.',
  })
  learningPolicies() {
    return this.policies.learningPolicies();
  }

  @Allow(Permission.MANAGE_TREATMENTS)
  @Mutation(() => SetDiaryPolicyResult, {
    description:
      'Sets a new policy for the diaries of a kind from a day on; diaries that run keep their own. Refused as DiaryRowAlreadySet ' +
      'or DiaryRowInThePast. Needs MANAGE_TREATMENTS.',
  })
  setDiaryPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new policy.' }) input: SetDiaryPolicyInput,
  ) {
    return this.policies.setDiaryPolicy(actor, input);
  }

  @Allow(Permission.MANAGE_TREATMENTS)
  @Mutation(() => SetLearningPolicyResult, {
    description:
      'Sets from how many patients on a group is shown. Refused as DiaryRowAlreadySet or DiaryRowInThePast. Needs MANAGE_TREATMENTS.',
  })
  setLearningPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new policy.' }) input: SetLearningPolicyInput,
  ) {
    return this.policies.setLearningPolicy(actor, input);
  }
}
