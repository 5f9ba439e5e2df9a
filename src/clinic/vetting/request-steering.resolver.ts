import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ImagingRequest } from './imaging-request.type.js';
import { RequestClaimService } from './request-claim.service.js';
import { RequestSteeringService } from './request-steering.service.js';
import {
  AskAboutImagingRequestInput,
  AskAboutImagingRequestResult,
  ClaimImagingRequestInput,
  ClaimImagingRequestResult,
  RecordImagingRequestAnswerInput,
  RecordImagingRequestAnswerResult,
  RejectImagingRequestInput,
  RejectImagingRequestResult,
  ReleaseImagingRequestInput,
  ReleaseImagingRequestResult,
} from './request-steering.type.js';

@Resolver(() => ImagingRequest)
export class RequestSteeringResolver {
  constructor(
    @Inject(RequestSteeringService) private readonly steering: RequestSteeringService,
    @Inject(RequestClaimService) private readonly claims: RequestClaimService,
  ) {}

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => AskAboutImagingRequestResult, {
    description:
      'Asks the referrer for something; they are told, and have some working days to answer. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother or ExposureHasBegun. Needs VET_REQUEST.',
  })
  askAboutImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'About which, and what is wanted.' }) input: AskAboutImagingRequestInput,
  ) {
    return this.steering.askAboutImagingRequest(actor, input);
  }

  @Allow(Permission.REQUEST_IMAGING)
  @Mutation(() => RecordImagingRequestAnswerResult, {
    description:
      'The referrer has answered: SUBMITTED when nothing is missing any more, else INCOMPLETE. Enter what they said before, with `amendImagingRequest`. Refused as ImagingRequestNotPossible or ImagingRequestChangedMeanwhile. Needs REQUEST_IMAGING.',
  })
  recordImagingRequestAnswer(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Of which.' }) input: RecordImagingRequestAnswerInput,
  ) {
    return this.steering.recordImagingRequestAnswer(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => RejectImagingRequestResult, {
    description:
      'The exposure is not justified; the referrer is told why. You must be entitled to justify. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother, ExposureHasBegun or NotEntitledToAct. Needs VET_REQUEST.',
  })
  rejectImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: RejectImagingRequestInput,
  ) {
    return this.steering.rejectImagingRequest(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => ClaimImagingRequestResult, {
    description:
      'Takes a request in hand, so that nobody else decides on it meanwhile; the claim lapses after 8 hours in which you do nothing with it. From somebody else it is taken over with a reason alone. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother or ExposureHasBegun. Needs VET_REQUEST.',
  })
  claimImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: ClaimImagingRequestInput,
  ) {
    return this.claims.claimImagingRequest(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => ReleaseImagingRequestResult, {
    description:
      'Gives back a request that you have in hand. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile or ImagingRequestNotClaimed. Needs VET_REQUEST.',
  })
  releaseImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: ReleaseImagingRequestInput,
  ) {
    return this.claims.releaseImagingRequest(actor, input);
  }
}
