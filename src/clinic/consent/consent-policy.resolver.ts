import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ConsentPolicyService } from './consent-policy.service.js';
import { ConsentPolicy, SetConsentPolicyInput, SetConsentPolicyResult } from './consent-policy.type.js';

@Resolver(() => ConsentPolicy)
export class ConsentPolicyResolver {
  constructor(@Inject(ConsentPolicyService) private readonly policies: ConsentPolicyService) {}

  @Allow(Permission.READ_CONSENT)
  @Query(() => [ConsentPolicy], {
    description:
      'What is and was asked of consents, by purpose, procedure and day, past and coming rows too. Needs READ_CONSENT.',
  })
  consentPolicies() {
    return this.policies.consentPolicies();
  }

  @Allow(Permission.MANAGE_CONSENT)
  @Mutation(() => SetConsentPolicyResult, {
    description:
      'Sets new rules for consents of a purpose from a day on: how long they hold, whether a newer wording asks again, and what a "yes" needs. Refused as ConsentPolicyAlreadySet or ConsentPolicyInThePast. Needs MANAGE_CONSENT.',
  })
  setConsentPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new rules.' }) input: SetConsentPolicyInput,
  ) {
    return this.policies.setConsentPolicy(actor, input);
  }
}
