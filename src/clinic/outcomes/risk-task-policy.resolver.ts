import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { RiskTaskPolicyService } from './risk-task-policy.service.js';
import { RiskTaskPolicy, SetRiskTaskPolicyInput, SetRiskTaskPolicyResult } from './risk-task-policy.type.js';

@Resolver(() => RiskTaskPolicy)
export class RiskTaskPolicyResolver {
  constructor(@Inject(RiskTaskPolicyService) private readonly policies: RiskTaskPolicyService) {}

  @Allow(Permission.READ_OWN_SESSION)
  @Query(() => [RiskTaskPolicy], {
    description:
      'How soon somebody sees to a risk task, by day, past and coming rows too. Needs READ_OWN_SESSION.',
  })
  riskTaskPolicies() {
    return this.policies.riskTaskPolicies();
  }

  @Allow(Permission.MANAGE_OUTCOMES)
  @Mutation(() => SetRiskTaskPolicyResult, {
    description:
      'Sets new times from a day on; tasks that are raised already keep theirs. Refused as RiskTaskPolicyAlreadySet or ' +
      'RiskTaskPolicyInThePast. Needs MANAGE_OUTCOMES.',
  })
  setRiskTaskPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new times.' }) input: SetRiskTaskPolicyInput,
  ) {
    return this.policies.setRiskTaskPolicy(actor, input);
  }
}
