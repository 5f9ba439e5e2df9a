import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { VisitOfferService } from './visit-offer.service.js';
import { VisitOfferFilterInput, VisitOffers, VisitOffersResult } from './visit-offer.type.js';

@Resolver(() => VisitOffers)
export class VisitOfferResolver {
  constructor(@Inject(VisitOfferService) private readonly offers: VisitOfferService) {}

  @Allow(Permission.READ_VISIT)
  @Query(() => VisitOffersResult, {
    description:
      'Visits that could be booked now, best first; when there is none, what is in the way and what would help. For a patient, for a request, or for nobody yet; a look at a patient is recorded. Books nothing. Needs READ_VISIT.',
  })
  visitOffers(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => VisitOfferFilterInput,
      description: 'Which kind of visit, for whom and when.',
    })
    filter: VisitOfferFilterInput,
  ) {
    return this.offers.visitOffers(actor, filter);
  }
}
