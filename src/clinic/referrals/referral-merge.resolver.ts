import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { CurrentDecider, type Decider } from './referral-decider.type.js';
import { ReferralMergeService } from './referral-merge.service.js';
import {
  MergeReferralsInput,
  MergeReferralsResult,
  UndoReferralMergeInput,
  UndoReferralMergeResult,
} from './referral-merge.type.js';
import { ReferralMergeRecordService } from './referral-merge-record.service.js';

const MERGED = Symbol('referrals merged into referrals');

@Resolver(() => Referral)
export class ReferralMergeResolver {
  constructor(
    @Inject(ReferralMergeService) private readonly merges: ReferralMergeService,
    @Inject(ReferralMergeRecordService) private readonly records: ReferralMergeRecordService,
  ) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [Referral], {
    description:
      'The referrals that were merged into it, directly or through others, each with all that was said of it. The look is recorded. Needs READ_REFERRAL.',
  })
  async mergedReferrals(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, MERGED, (ids) => this.records.mergedInto(actor, ids));
    return (await loader.load(referral.id)) ?? [];
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => MergeReferralsResult, {
    description:
      'Merges a referral into another of the same patient. The earlier arrival counts for the one that goes on, the earlier promise, and the higher priority while it waits for a decision. Refused as ReferralsOfTwoPatients, KeptReferralIsOver, KeptReferralIsDecided (only a clinician merges what is undecided into what is decided), ReferralHasVisits, ReferralNotPossible, ReferralAlreadyDecided, ReferralChangedMeanwhile, ReferralClaimedByAnother or ReferralReasonNotYours. Needs STEER_REFERRAL.',
  })
  mergeReferrals(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Which into which, and why.' }) input: MergeReferralsInput,
  ) {
    return this.merges.mergeReferrals(decider, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => UndoReferralMergeResult, {
    description:
      'Takes a merge back within 30 days: the merged referral stands as it stood, and the other waits by its own clock again. Refused as ReferralNotMerged or ReferralMergeTooOld. Needs STEER_REFERRAL.',
  })
  undoReferralMerge(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: UndoReferralMergeInput,
  ) {
    return this.merges.undoReferralMerge(actor, input);
  }
}
