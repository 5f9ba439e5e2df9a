import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Referral } from './referral.type.js';
import { ReferralClockService } from './referral-clock.service.js';
import { RecordRttEventInput, RecordRttEventResult, RttClock } from './referral-clock.type.js';

const CLOCKS = Symbol('clocks of referrals');

@Resolver(() => Referral)
export class ReferralClockResolver {
  constructor(@Inject(ReferralClockService) private readonly clocks: ReferralClockService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => RttClock, {
    nullable: true,
    description:
      'The clock from referral to treatment; null where the clinic runs none (RTT_CLOCK), and of what was merged into another. Needs READ_REFERRAL.',
  })
  rttClock(@Parent() referral: Referral, @CurrentRequest() request: RequestContext) {
    return requestLoader(request, CLOCKS, (ids) => this.clocks.clocks(ids)).load(referral.id);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => RecordRttEventResult, {
    description:
      'Records what counts for the clock from referral to treatment. Refused as RttClockOff, RttClockStopped, RttClockRunning or RttClockElsewhere; BAD_INPUT names the field. Needs TRIAGE_REFERRAL.',
  })
  recordRttEvent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What happened, and when.' }) input: RecordRttEventInput,
  ) {
    return this.clocks.recordRttEvent(actor, input);
  }
}
