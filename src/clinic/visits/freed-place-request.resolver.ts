import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { FreedPlaceOffer } from './freed-place.type.js';
import { FreedPlaceRecordService } from './freed-place-record.service.js';
import { VisitRequest } from './request.type.js';

const OFFERS = Symbol('offers of freed places of requests');

/** VisitRequest.freedPlaceOffers: the places that were offered to somebody who waits. */
@Resolver(() => VisitRequest)
export class FreedPlaceRequestResolver {
  constructor(@Inject(FreedPlaceRecordService) private readonly records: FreedPlaceRecordService) {}

  @Allow(Permission.READ_VISIT)
  @ResolveField(() => [FreedPlaceOffer], {
    description: 'The freed places about which the patient was asked, the newest first. Needs READ_VISIT.',
  })
  async freedPlaceOffers(@Parent() request: VisitRequest, @CurrentRequest() asked: RequestContext) {
    return (await requestLoader(asked, OFFERS, (ids) => this.records.ofRequests(ids)).load(request.id)) ?? [];
  }
}
