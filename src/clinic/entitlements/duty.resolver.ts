import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DutyService } from './duty.service.js';
import {
  EndEntitlementInput,
  EndEntitlementResult,
  Entitlement,
  EntitlementFilterInput,
  EntitleStaffInput,
  EntitleStaffResult,
} from './duty.type.js';

@Resolver(() => Entitlement)
export class DutyResolver {
  constructor(@Inject(DutyService) private readonly duties: DutyService) {}

  @Allow(Permission.READ_ENTITLEMENT)
  @Query(() => [Entitlement], {
    description:
      'Who is entitled to which act of an exposure, by name; at most 1000. Past ones too, unless a day is asked for. Needs READ_ENTITLEMENT.',
  })
  entitlements(
    @Args('filter', {
      type: () => EntitlementFilterInput,
      nullable: true,
      description: 'Which ones. Left out: all.',
    })
    filter?: EntitlementFilterInput,
  ) {
    return this.duties.entitlements(filter ?? {});
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => EntitleStaffResult, {
    description:
      'Entitles a member of staff to acts of an exposure, all of them or none. Refused as EntitlementAlreadyRecorded. Needs MANAGE_ENTITLEMENTS.',
  })
  entitleStaff(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who, to which acts, and from when.' }) input: EntitleStaffInput,
  ) {
    return this.duties.entitleStaff(actor, input);
  }

  @Allow(Permission.MANAGE_ENTITLEMENTS)
  @Mutation(() => EndEntitlementResult, {
    description:
      'Ends an entitlement. Refused as EntitlementAlreadyEnded or EntitlementNotInTerm. Needs MANAGE_ENTITLEMENTS.',
  })
  endEntitlement(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, from which day on, and why.' }) input: EndEntitlementInput,
  ) {
    return this.duties.endEntitlement(actor, input);
  }
}
