import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { DoseProtocolService } from './dose-protocol.service.js';
import { DoseProtocol, SetDoseProtocolInput, SetDoseProtocolResult } from './dose-protocol.type.js';

@Resolver(() => DoseProtocol)
export class DoseProtocolResolver {
  constructor(@Inject(DoseProtocolService) private readonly protocols: DoseProtocolService) {}

  @Allow(Permission.READ_RADIOPHARMACY)
  @Query(() => [DoseProtocol], {
    description:
      'How much of which tracer each procedure takes and took, past and coming rows too. Needs READ_RADIOPHARMACY.',
  })
  doseProtocols(
    @Args('procedureCode', {
      type: () => ID,
      nullable: true,
      description: 'Only of this procedure; left out: of all.',
    })
    procedureCode?: string | null,
  ) {
    return this.protocols.doseProtocols(procedureCode ?? null);
  }

  @Allow(Permission.MANAGE_RADIOPHARMACY)
  @Mutation(() => SetDoseProtocolResult, {
    description:
      'Sets how much of which tracer a procedure takes from a day on. The doses of visits that are booked already ' +
      'follow; what a supplier was sent stays, and the difference is shown as a conflict. Refused as DoseProtocolInThePast, DoseProtocolAlreadySet, or PlannedAboveDrl when nobody says which approved ' +
      'protocol allows it. Needs MANAGE_RADIOPHARMACY.',
  })
  setDoseProtocol(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The protocol.' }) input: SetDoseProtocolInput,
  ) {
    return this.protocols.setDoseProtocol(actor, input);
  }
}
