import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { FreedPlaceOfferingService } from './freed-place-offering.service.js';
import { SetFreedPlaceOfferingInput } from './freed-place-offering.type.js';
import { VisitType } from './visit-type.type.js';

@Resolver()
export class FreedPlaceOfferingResolver {
  constructor(@Inject(FreedPlaceOfferingService) private readonly offering: FreedPlaceOfferingService) {}

  @Allow(Permission.MANAGE_SCHEDULE)
  @Mutation(() => VisitType, {
    description:
      'Says how places that visits of a kind leave are offered to those who wait: by themselves or not, how many at once, and with how long for an answer. A round that goes on keeps its terms. NOT_FOUND otherwise. Needs MANAGE_SCHEDULE.',
  })
  setFreedPlaceOffering(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which kind of visit, and how.' }) input: SetFreedPlaceOfferingInput,
  ) {
    return this.offering.setFreedPlaceOffering(actor, input);
  }
}
