import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ImagingRequest } from './imaging-request.type.js';
import { VettingDecisionService } from './vetting-decision.service.js';
import {
  AuthoriseImagingRequestInput,
  AuthoriseImagingRequestResult,
  JustifyImagingRequestInput,
  JustifyImagingRequestResult,
  WithdrawAuthorisationInput,
  WithdrawAuthorisationResult,
  WithdrawJustificationInput,
  WithdrawJustificationResult,
} from './vetting-decision.type.js';

@Resolver(() => ImagingRequest)
export class VettingDecisionResolver {
  constructor(@Inject(VettingDecisionService) private readonly decisions: VettingDecisionService) {}

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => JustifyImagingRequestResult, {
    description:
      'Justifies an exposure as the practitioner, as asked for or otherwise, and authorises it unless you say not to. You must be entitled to justify and licensed for the procedure at the site today; both are judged again on the day of the administration. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother, ExposureHasBegun, ImagingRequestIncomplete, NotEntitledToAct, NoPractitionerLicence, AttentionNotGiven, SiteNotSaid or SiteRetired. Needs VET_REQUEST.',
  })
  justifyImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why it is justified.' }) input: JustifyImagingRequestInput,
  ) {
    return this.decisions.justifyImagingRequest(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => AuthoriseImagingRequestResult, {
    description:
      'Authorises a justified exposure as a practitioner. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother, ExposureHasBegun, ImagingRequestIncomplete, NotEntitledToAct or NoPractitionerLicence. Needs VET_REQUEST.',
  })
  authoriseImagingRequest(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: AuthoriseImagingRequestInput,
  ) {
    return this.decisions.authoriseImagingRequest(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => WithdrawAuthorisationResult, {
    description:
      'Takes an authorisation back; the exposure stays justified and may not go ahead. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother or ExposureHasBegun. Needs VET_REQUEST.',
  })
  withdrawAuthorisation(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Of which, and why.' }) input: WithdrawAuthorisationInput,
  ) {
    return this.decisions.withdrawAuthorisation(actor, input);
  }

  @Allow(Permission.VET_REQUEST)
  @Mutation(() => WithdrawJustificationResult, {
    description:
      'Takes a justification back, and its authorisation with it: the request waits for a decision again. Refused as ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestClaimedByAnother or ExposureHasBegun. Needs VET_REQUEST.',
  })
  withdrawJustification(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Of which, and why.' }) input: WithdrawJustificationInput,
  ) {
    return this.decisions.withdrawJustification(actor, input);
  }
}
