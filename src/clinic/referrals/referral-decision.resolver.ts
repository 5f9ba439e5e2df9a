import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { CurrentDecider, type Decider } from './referral-decider.type.js';
import { ReferralDecisionService } from './referral-decision.service.js';
import {
  AcceptReferralInput,
  DecideReferralResult,
  DeclineReferralInput,
  PutBackReferralInput,
  RedirectReferralInput,
  RequestInformationInput,
  ReturnReferralWithAdviceInput,
  TakeUpReferralInput,
} from './referral-decision.type.js';

/** How each of them can be refused. */
const REFUSED =
  'Refused as ReferralAlreadyDecided, ReferralNotPossible, ReferralChangedMeanwhile or ReferralClaimedByAnother.';
const REFUSED_WITH_REASON = `BAD_INPUT names the field. ${REFUSED.slice(0, -1)}, or as ReferralReasonNotYours.`;

@Resolver(() => Referral)
export class ReferralDecisionResolver {
  constructor(@Inject(ReferralDecisionService) private readonly decisions: ReferralDecisionService) {}

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `A clinician begins to read a referral, or goes on without what was asked for. ${REFUSED} Needs TRIAGE_REFERRAL.`,
  })
  takeUpReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Which.' }) input: TakeUpReferralInput,
  ) {
    return this.decisions.takeUpReferral(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `A referral that was taken up waits again for anybody. ${REFUSED} Needs TRIAGE_REFERRAL.`,
  })
  putBackReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Which.' }) input: PutBackReferralInput,
  ) {
    return this.decisions.putBackReferral(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `Asks the referrer for more before it is decided; they are told unless something else is said. ${REFUSED_WITH_REASON} Needs TRIAGE_REFERRAL.`,
  })
  requestInformation(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'What is wanted.' }) input: RequestInformationInput,
  ) {
    return this.decisions.requestInformation(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `Accepts a referral: visits and scans may then be booked. ${REFUSED} Needs TRIAGE_REFERRAL.`,
  })
  acceptReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'The decision.' }) input: AcceptReferralInput,
  ) {
    return this.decisions.acceptReferral(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `Declines a referral with a reason. ${REFUSED_WITH_REASON} Needs TRIAGE_REFERRAL.`,
  })
  declineReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'The decision.' }) input: DeclineReferralInput,
  ) {
    return this.decisions.declineReferral(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `Passes a referral on to somebody else, with a reason. ${REFUSED_WITH_REASON} Needs TRIAGE_REFERRAL.`,
  })
  redirectReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'The decision.' }) input: RedirectReferralInput,
  ) {
    return this.decisions.redirectReferral(decider, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description: `Returns a referral with advice instead of a visit. ${REFUSED_WITH_REASON} Needs TRIAGE_REFERRAL.`,
  })
  returnReferralWithAdvice(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'The advice.' }) input: ReturnReferralWithAdviceInput,
  ) {
    return this.decisions.returnReferralWithAdvice(decider, input);
  }
}
