import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { CallBackPolicy, SetCallBackPolicyInput, SetCallBackPolicyResult } from './call-back-policy.type.js';

@Resolver()
export class CallBackPolicyResolver {
  constructor(@Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService) {}

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => [CallBackPolicy], {
    description: 'Service levels for call-backs by their first day, past ones too. Needs READ_ENQUIRY.',
  })
  callBackPolicies() {
    return this.policies.callBackPolicies();
  }

  @Allow(Permission.MANAGE_ENQUIRIES)
  @Mutation(() => SetCallBackPolicyResult, {
    description: 'Sets the service level for call-backs from a day on, as a new row. Needs MANAGE_ENQUIRIES.',
  })
  setCallBackPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new service level.' }) input: SetCallBackPolicyInput,
  ) {
    return this.policies.setCallBackPolicy(actor, input);
  }
}
