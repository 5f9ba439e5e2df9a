import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from '../referrals/referral.type.js';
import {
  ImagingRequest,
  ImagingRequestContent,
  ImagingRequestEvent,
  VettingAuthorisation,
  VettingJustification,
} from './imaging-request.type.js';
import { VettingTelling } from './request-steering.type.js';
import { RequestViewService } from './request-view.service.js';

const REFERRALS = Symbol('referrals of imaging requests');
const REVISIONS = Symbol('revisions of imaging requests');
const EVENTS = Symbol('events of imaging requests');
const JUSTIFICATIONS = Symbol('justifications of imaging requests');
const AUTHORISATIONS = Symbol('authorisations of imaging requests');
const TELLINGS = Symbol('tellings of imaging requests');

@Resolver(() => ImagingRequest)
export class RequestHistoryResolver {
  constructor(@Inject(RequestViewService) private readonly views: RequestViewService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => Referral, { description: 'The referral that it belongs to. Needs READ_REFERRAL.' })
  referral(@Parent() { referralId }: ImagingRequest, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, REFERRALS, (ids) => this.views.referrals(ids)).load(referralId);
  }

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [ImagingRequestContent], {
    description: 'All that it has said, the first first. The look is recorded. Needs READ_VETTING.',
  })
  async revisions(
    @Parent() { id }: ImagingRequest,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, REVISIONS, (ids) => this.views.revisions(actor, ids));
    return (await loader.load(id)) ?? [];
  }

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [ImagingRequestEvent], {
    description: 'Every move: who, when and why, the first first. The look is recorded. Needs READ_VETTING.',
  })
  async events(
    @Parent() { id }: ImagingRequest,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, EVENTS, (ids) => this.views.events(actor, ids));
    return (await loader.load(id)) ?? [];
  }

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [VettingJustification], {
    description:
      'Every justification, those that were taken back too, the first first. The look is recorded. Needs READ_VETTING.',
  })
  async justifications(
    @Parent() { id }: ImagingRequest,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, JUSTIFICATIONS, (ids) => this.views.justifications(actor, ids));
    return (await loader.load(id)) ?? [];
  }

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [VettingAuthorisation], {
    description:
      'Every authorisation, those that were taken back too, the first first. The look is recorded. Needs READ_VETTING.',
  })
  async authorisations(
    @Parent() { id }: ImagingRequest,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, AUTHORISATIONS, (ids) => this.views.authorisations(actor, ids));
    return (await loader.load(id)) ?? [];
  }

  @Allow(Permission.READ_VETTING)
  @ResolveField(() => [VettingTelling], {
    description: 'What the referrer was told, the first first. The look is recorded. Needs READ_VETTING.',
  })
  async tellings(
    @Parent() { id }: ImagingRequest,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, TELLINGS, (ids) => this.views.tellings(actor, ids));
    return (await loader.load(id)) ?? [];
  }
}
