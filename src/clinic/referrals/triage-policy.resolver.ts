import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { TriagePolicyService } from './triage-policy.service.js';
import { SetTriagePolicyInput, SetTriagePolicyResult, TriagePolicy } from './triage-policy.type.js';

@Resolver(() => TriagePolicy)
export class TriagePolicyResolver {
  constructor(@Inject(TriagePolicyService) private readonly policies: TriagePolicyService) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => [TriagePolicy], {
    description:
      'What triage promises and promised, by priority and day, past and coming rows too. Needs READ_REFERRAL.',
  })
  triagePolicies() {
    return this.policies.triagePolicies();
  }

  @Allow(Permission.MANAGE_TRIAGE)
  @Mutation(() => SetTriagePolicyResult, {
    description:
      'Sets new promises for a priority from a day on; what has arrived keeps what it was promised. Refused as TriagePolicyAlreadySet or TriagePolicyInThePast. Needs MANAGE_TRIAGE.',
  })
  setTriagePolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new promises.' }) input: SetTriagePolicyInput,
  ) {
    return this.policies.setTriagePolicy(actor, input);
  }
}
