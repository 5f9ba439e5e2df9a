import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { TriageClaimService } from './triage-claim.service.js';
import {
  AssignReferralInput,
  AssignReferralResult,
  ChangeReferralPriorityInput,
  ChangeReferralPriorityResult,
  ClaimReferralInput,
  ClaimReferralResult,
  ReleaseReferralInput,
  ReleaseReferralResult,
  UnassignReferralInput,
  UnassignReferralResult,
} from './triage-claim.type.js';

@Resolver(() => Referral)
export class TriageClaimResolver {
  constructor(@Inject(TriageClaimService) private readonly claims: TriageClaimService) {}

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => ClaimReferralResult, {
    description:
      'Takes an undecided referral in hand, so that nobody else decides on it meanwhile; the claim lapses after 8 hours in which you do nothing with it. From somebody else it is taken over with a reason alone. Refused as ReferralNotWaiting or ReferralClaimedByAnother. Needs STEER_REFERRAL.',
  })
  claimReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: ClaimReferralInput,
  ) {
    return this.claims.claimReferral(actor, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => ReleaseReferralResult, {
    description:
      'Gives back a referral that you have in hand. Refused as ReferralNotWaiting or ReferralNotClaimed. Needs STEER_REFERRAL.',
  })
  releaseReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: ReleaseReferralInput,
  ) {
    return this.claims.releaseReferral(actor, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => AssignReferralResult, {
    description:
      'Makes an undecided referral the decision of a clinician. Refused as ReferralNotWaiting or NotAClinician. Needs STEER_REFERRAL.',
  })
  assignReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and whose.' }) input: AssignReferralInput,
  ) {
    return this.claims.assignReferral(actor, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => UnassignReferralResult, {
    description:
      "Makes an undecided referral nobody's decision in particular. Refused as ReferralNotWaiting. Needs STEER_REFERRAL.",
  })
  unassignReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which.' }) input: UnassignReferralInput,
  ) {
    return this.claims.unassignReferral(actor, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => ChangeReferralPriorityResult, {
    description:
      'Says how urgent an undecided referral is after all; what is due is promised anew. Refused as ReferralNotWaiting. Needs TRIAGE_REFERRAL.',
  })
  changeReferralPriority(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, how urgent and why.' }) input: ChangeReferralPriorityInput,
  ) {
    return this.claims.changeReferralPriority(actor, input);
  }
}
