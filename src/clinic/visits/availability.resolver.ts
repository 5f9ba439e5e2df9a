import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { ReferralPriority } from '../../platform/database/generated/enums.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { AvailabilityService } from './availability.service.js';
import { NextAvailability } from './availability.type.js';

@Resolver()
export class AvailabilityResolver {
  constructor(@Inject(AvailabilityService) private readonly availability: AvailabilityService) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => NextAvailability, {
    description:
      'How long the wait for a kind of visit is today, from what is really free. Needs READ_VISIT.',
  })
  nextAvailability(
    @Args('visitTypeCode', {
      type: () => String,
      description: 'Code of the kind of visit, such as PHYSIOTHERAPY.',
    })
    visitTypeCode: string,
    @Args('priority', {
      type: () => ReferralPriority,
      nullable: true,
      description: 'How urgent it is; routine when left out.',
    })
    priority: ReferralPriority | null,
  ) {
    return this.availability.nextAvailability(visitTypeCode, priority ?? ReferralPriority.ROUTINE);
  }
}
