import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { AdministrationPolicyService } from './administration-policy.service.js';
import {
  AdministrationPolicy,
  SetAdministrationPolicyInput,
  SetAdministrationPolicyResult,
} from './administration-policy.type.js';

@Resolver(() => AdministrationPolicy)
export class AdministrationPolicyResolver {
  constructor(@Inject(AdministrationPolicyService) private readonly policies: AdministrationPolicyService) {}

  @Allow(Permission.READ_ADMINISTRATION)
  @Query(() => [AdministrationPolicy], {
    description:
      'What counts as planned and when the uptake clock warns, by day, past and coming rows too. Needs READ_ADMINISTRATION.',
  })
  administrationPolicies() {
    return this.policies.administrationPolicies();
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => SetAdministrationPolicyResult, {
    description:
      'Sets what counts as planned and when the uptake clock warns, from a day on; what was recorded before stays as it was compared. Needs MANAGE_RADIOPHARMACY.',
  })
  setAdministrationPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => SetAdministrationPolicyInput, description: 'The new row.' })
    input: SetAdministrationPolicyInput,
  ) {
    return this.policies.setAdministrationPolicy(actor, input);
  }
}
