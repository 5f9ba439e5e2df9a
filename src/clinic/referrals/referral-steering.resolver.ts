import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { CurrentDecider, type Decider } from './referral-decider.type.js';
import { ReferralDecisionService } from './referral-decision.service.js';
import { SteerReferralResult } from './referral-decision.type.js';
import { ReferralEvent, ReferralTelling } from './referral-event.type.js';
import { ReferralLogService } from './referral-log.service.js';
import {
  CompleteReferralInput,
  RecordInformationInput,
  ReopenReferralInput,
  WithdrawReferralInput,
} from './referral-move.type.js';
import { ReferralSteeringService } from './referral-steering.service.js';

const EVENTS = Symbol('moves of referrals');

/** How each of them can be refused. */
const REFUSED =
  'BAD_INPUT names the field. Refused as ReferralNotPossible, ReferralChangedMeanwhile, ReferralReasonNotYours or ReferralHasVisits.';

@Resolver(() => Referral)
export class ReferralSteeringResolver {
  constructor(
    @Inject(ReferralSteeringService) private readonly steering: ReferralSteeringService,
    @Inject(ReferralDecisionService) private readonly decisions: ReferralDecisionService,
    @Inject(ReferralLogService) private readonly log: ReferralLogService,
  ) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [ReferralEvent], {
    description:
      'Every move, the first first: who, why and what was said. The look is recorded. Needs READ_REFERRAL.',
  })
  events(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return this.#eventsOf(referral, request, actor);
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [ReferralTelling], {
    description:
      'What the referrer and the patient were told of it, the first first. The look is recorded. Needs READ_REFERRAL.',
  })
  async tellings(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const events = await this.#eventsOf(referral, request, actor);
    return events.flatMap((event) => event.tellings);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => SteerReferralResult, {
    description:
      'What the referrer was asked for has come: it is decided as if it had come today. Refused as ReferralAlreadyDecided, ReferralNotPossible or ReferralChangedMeanwhile. Needs STEER_REFERRAL.',
  })
  recordInformationReceived(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Of which.' }) input: RecordInformationInput,
  ) {
    return this.decisions.recordInformationReceived(decider, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => SteerReferralResult, {
    description: `What a referral asked for is done. ${REFUSED} Needs STEER_REFERRAL.`,
  })
  completeReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'What came of it.' }) input: CompleteReferralInput,
  ) {
    return this.steering.completeReferral(decider, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => SteerReferralResult, {
    description: `Nobody wants a referral any more. ${REFUSED} Needs STEER_REFERRAL.`,
  })
  withdrawReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Why.' }) input: WithdrawReferralInput,
  ) {
    return this.steering.withdrawReferral(decider, input);
  }

  @Allow(Permission.STEER_REFERRAL)
  @Mutation(() => SteerReferralResult, {
    description: `A referral that was decided or has ended is looked at again; what was said of it stays in its moves. ${REFUSED} Needs STEER_REFERRAL.`,
  })
  reopenReferral(
    @CurrentDecider() decider: Decider,
    @Args('input', { description: 'Why.' }) input: ReopenReferralInput,
  ) {
    return this.steering.reopenReferral(decider, input);
  }

  async #eventsOf(
    referral: Referral,
    request: RequestContext,
    actor: StaffActor,
  ): Promise<readonly ReferralEvent[]> {
    const loader = requestLoader(request, EVENTS, (ids) => this.log.eventsOf(actor, ids));
    return (await loader.load(referral.id)) ?? [];
  }
}
