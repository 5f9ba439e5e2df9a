import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from '../referrals/referral.type.js';
import { ImagingRequest } from './imaging-request.type.js';
import { RequestViewService } from './request-view.service.js';

const REQUESTS = Symbol('imaging requests of referrals');

@Resolver(() => Referral)
export class ReferralRequestsResolver {
  constructor(@Inject(RequestViewService) private readonly views: RequestViewService) {}

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [ImagingRequest], {
    description:
      'Its imaging requests, the newest first; one of them is live at most. The look is recorded. Needs READ_VETTING.',
  })
  async imagingRequests(
    @Parent() { id }: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, REQUESTS, (ids) => this.views.ofReferrals(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}
