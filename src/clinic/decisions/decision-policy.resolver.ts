import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DecisionPolicyService } from './decision-policy.service.js';
import { DecisionPolicy, SetDecisionPolicyInput, SetDecisionPolicyResult } from './decision-policy.type.js';

@Resolver(() => DecisionPolicy)
export class DecisionPolicyResolver {
  constructor(@Inject(DecisionPolicyService) private readonly policies: DecisionPolicyService) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => [DecisionPolicy], {
    description:
      'When owners are told of their actions, by day, past and coming rows too. Needs READ_OWN_SESSION.',
  })
  decisionPolicies() {
    return this.policies.decisionPolicies();
  }

  @Allow(Permission.MANAGE_DECISIONS)
  @Mutation(() => SetDecisionPolicyResult, {
    description:
      'Sets other days from a day on; an action keeps those under which its owner and day were set. Refused as ' +
      'DecisionPolicyAlreadySet or DecisionPolicyInThePast. Needs MANAGE_DECISIONS.',
  })
  setDecisionPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new days.' }) input: SetDecisionPolicyInput,
  ) {
    return this.policies.setDecisionPolicy(actor, input);
  }
}
