import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ImagingRequest } from './imaging-request.type.js';
import { RequestEntryService } from './request-entry.service.js';
import {
  AmendImagingRequestInput,
  AmendImagingRequestResult,
  RequestImagingInput,
  RequestImagingResult,
  SubmitImagingRequestInput,
  SubmitImagingRequestResult,
  WithdrawImagingRequestInput,
  WithdrawImagingRequestResult,
} from './request-entry.type.js';
import { RequestViewService } from './request-view.service.js';

@Resolver(() => ImagingRequest)
export class ImagingRequestResolver {
  constructor(
    @Inject(RequestEntryService) private readonly entries: RequestEntryService,
    @Inject(RequestViewService) private readonly views: RequestViewService,
  ) {}

  @Allow(Permission.READ_VETTING)
  @Query(() => ImagingRequest, {
    description: 'One imaging request, live or not. The look is recorded. Needs READ_VETTING.',
  })
  imagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'The request.' }) id: string,
  ) {
    return this.views.imagingRequest(actor, id);
  }

  @Allow(Permission.REQUEST_IMAGING)
  @Mutation(() => RequestImagingResult, {
    description:
      'Makes the imaging request of a referral: SUBMITTED when nothing is missing, else INCOMPLETE with what is. Refused as ImagingRequestExists or ReferralIsOver. Needs REQUEST_IMAGING.',
  })
  requestImaging(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is asked for, and what the referrer says.' })
    input: RequestImagingInput,
  ) {
    return this.entries.requestImaging(actor, input);
  }

  @Allow(Permission.REQUEST_IMAGING)
  @Mutation(() => AmendImagingRequestResult, {
    description:
      'Changes what a request says, as a new revision. What a practitioner has judged and is amended has to be judged again: the decision falls, and `decideAgainReason` says why. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile or ExposureHasBegun. Needs REQUEST_IMAGING.',
  })
  amendImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What changes, and why.' }) input: AmendImagingRequestInput,
  ) {
    return this.entries.amendImagingRequest(actor, input);
  }

  @Allow(Permission.REQUEST_IMAGING)
  @Mutation(() => SubmitImagingRequestResult, {
    description:
      'Hands a draft in, or an incomplete request whose patient or referrer has been put right elsewhere. Refused as ImagingRequestNotPossible or ImagingRequestChangedMeanwhile. Needs REQUEST_IMAGING.',
  })
  submitImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: SubmitImagingRequestInput,
  ) {
    return this.entries.submitImagingRequest(actor, input);
  }

  @Allow(Permission.REQUEST_IMAGING)
  @Mutation(() => WithdrawImagingRequestResult, {
    description:
      'Takes a request back, with whatever was decided on it; a new one may be made. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile or ExposureHasBegun. Needs REQUEST_IMAGING.',
  })
  withdrawImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: WithdrawImagingRequestInput,
  ) {
    return this.entries.withdrawImagingRequest(actor, input);
  }
}
