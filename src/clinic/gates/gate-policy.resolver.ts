import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ExposurePolicyService } from './exposure-policy.service.js';
import { GatePolicyService } from './gate-policy.service.js';
import {
  ExposureIntervalPolicy,
  GatePolicy,
  SetExposureIntervalInput,
  SetExposureIntervalResult,
  SetGatePolicyInput,
  SetGatePolicyResult,
} from './gate-policy.type.js';

@Resolver(() => GatePolicy)
export class GatePolicyResolver {
  constructor(
    @Inject(GatePolicyService) private readonly policies: GatePolicyService,
    @Inject(ExposurePolicyService) private readonly intervals: ExposurePolicyService,
  ) {}

  @Allow(Permission.MANAGE_GATES)
  @Query(() => [GatePolicy], {
    description:
      'How strictly gates stand and stood, by gate, stage and day, past and coming rows too. Needs MANAGE_GATES.',
  })
  gatePolicies() {
    return this.policies.gatePolicies();
  }

  @Allow(Permission.MANAGE_GATES)
  @Mutation(() => SetGatePolicyResult, {
    description:
      'Sets how strictly a gate stands at a stage, from a day on. Refused as GateCannotBeSofter, GateNotJudgedThere, ' +
      'GatePolicyAlreadySet or GatePolicyInThePast. Needs MANAGE_GATES.',
  })
  setGatePolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetGatePolicyInput,
  ) {
    return this.policies.setGatePolicy(actor, input);
  }

  @Allow(Permission.MANAGE_GATES)
  @Query(() => [ExposureIntervalPolicy], {
    description:
      'How far back other exposures are and were looked for, by procedure and day, past and coming rows too. Needs MANAGE_GATES.',
  })
  exposureIntervals() {
    return this.intervals.exposureIntervals();
  }

  @Allow(Permission.MANAGE_GATES)
  @Mutation(() => SetExposureIntervalResult, {
    description:
      'Sets how far back other exposures are looked for, from a day on. Refused as GatePolicyAlreadySet or GatePolicyInThePast. Needs MANAGE_GATES.',
  })
  setExposureInterval(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetExposureIntervalInput,
  ) {
    return this.intervals.setExposureInterval(actor, input);
  }
}
