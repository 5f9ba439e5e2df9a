import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { VettingPolicyService } from './vetting-policy.service.js';
import { SetVettingPolicyInput, SetVettingPolicyResult, VettingPolicy } from './vetting-policy.type.js';

@Resolver(() => VettingPolicy)
export class VettingPolicyResolver {
  constructor(@Inject(VettingPolicyService) private readonly policies: VettingPolicyService) {}

  @Allow(Permission.READ_VETTING)
  @Query(() => [VettingPolicy], {
    description: 'What vetting asks for and promises, by day, past and coming rows too. Needs READ_VETTING.',
  })
  vettingPolicies() {
    return this.policies.vettingPolicies();
  }

  @Allow(Permission.MANAGE_VETTING)
  @Mutation(() => SetVettingPolicyResult, {
    description:
      'Sets what vetting asks for and promises from a day on; requests of before keep what held then. Refused as VettingPolicyAlreadySet or VettingPolicyInThePast. Needs MANAGE_VETTING.',
  })
  setVettingPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetVettingPolicyInput,
  ) {
    return this.policies.setVettingPolicy(actor, input);
  }
}
