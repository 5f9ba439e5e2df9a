import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ReportPolicyService } from './report-policy.service.js';
import {
  CriticalFindingPolicy,
  ReportPolicy,
  SetCriticalFindingPolicyInput,
  SetCriticalFindingPolicyResult,
  SetReportPolicyInput,
  SetReportPolicyResult,
} from './report-policy.type.js';

@Resolver(() => ReportPolicy)
export class ReportPolicyResolver {
  constructor(@Inject(ReportPolicyService) private readonly policies: ReportPolicyService) {}

  @Allow(Permission.READ_SCAN)
  @Query(() => [ReportPolicy], {
    description:
      'How soon reports are written and acknowledged, by priority and day, past and coming rows too. Needs READ_SCAN.',
  })
  reportPolicies() {
    return this.policies.reportPolicies();
  }

  @Allow(Permission.READ_SCAN)
  @Query(() => [CriticalFindingPolicy], {
    description:
      'How soon somebody is told of a critical finding, by category and day, past and coming rows too. Needs READ_SCAN.',
  })
  criticalFindingPolicies() {
    return this.policies.criticalFindingPolicies();
  }

  @Allow(Permission.MANAGE_REPORTING)
  @Mutation(() => SetReportPolicyResult, {
    description:
      'Sets new promises for a priority from a day on; what is promised already stays. Refused as ReportPolicyAlreadySet or ' +
      'ReportPolicyInThePast. Needs MANAGE_REPORTING.',
  })
  setReportPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new promises.' }) input: SetReportPolicyInput,
  ) {
    return this.policies.setReportPolicy(actor, input);
  }

  @Allow(Permission.MANAGE_REPORTING)
  @Mutation(() => SetCriticalFindingPolicyResult, {
    description:
      'Sets new times for a category from a day on; what is flagged already keeps its own. Refused as ' +
      'ReportPolicyAlreadySet or ReportPolicyInThePast. Needs MANAGE_REPORTING.',
  })
  setCriticalFindingPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new times.' }) input: SetCriticalFindingPolicyInput,
  ) {
    return this.policies.setCriticalFindingPolicy(actor, input);
  }
}
