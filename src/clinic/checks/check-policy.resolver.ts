import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { BreastFeedingPolicyService } from './breast-feeding-policy.service.js';
import {
  BreastFeedingPolicy,
  PregnancyPolicy,
  SetBreastFeedingPolicyInput,
  SetBreastFeedingPolicyResult,
  SetPregnancyPolicyInput,
  SetPregnancyPolicyResult,
  SetTableWeightLimitInput,
  SetTableWeightLimitResult,
  TableWeightLimit,
} from './check-policy.type.js';
import { PregnancyPolicyService } from './pregnancy-policy.service.js';
import { SafetyTemplateService } from './safety-template.service.js';
import { SafetyTemplate, SetSafetyTemplateInput, SetSafetyTemplateResult } from './safety-template.type.js';
import { TableLimitService } from './table-limit.service.js';

@Resolver(() => PregnancyPolicy)
export class CheckPolicyResolver {
  constructor(
    @Inject(PregnancyPolicyService) private readonly pregnancy: PregnancyPolicyService,
    @Inject(BreastFeedingPolicyService) private readonly breastFeeding: BreastFeedingPolicyService,
    @Inject(SafetyTemplateService) private readonly templates: SafetyTemplateService,
    @Inject(TableLimitService) private readonly limits: TableLimitService,
  ) {}

  @Allow(Permission.READ_CHECK)
  @Query(() => [PregnancyPolicy], {
    description: 'Who is and was asked about pregnancy, by day, past and coming rows too. Needs READ_CHECK.',
  })
  pregnancyPolicies() {
    return this.pregnancy.pregnancyPolicies();
  }

  @Allow(Permission.MANAGE_CHECKS)
  @Mutation(() => SetPregnancyPolicyResult, {
    description:
      'Sets who is asked about pregnancy, in which words, from a day on. Refused as CheckPolicyAlreadySet or CheckPolicyInThePast. Needs MANAGE_CHECKS.',
  })
  setPregnancyPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetPregnancyPolicyInput,
  ) {
    return this.pregnancy.setPregnancyPolicy(actor, input);
  }

  @Allow(Permission.READ_CHECK)
  @Query(() => [BreastFeedingPolicy], {
    description:
      'Who is and was asked about breast-feeding, by procedure and day, past and coming rows too. Needs READ_CHECK.',
  })
  breastFeedingPolicies() {
    return this.breastFeeding.breastFeedingPolicies();
  }

  @Allow(Permission.MANAGE_CHECKS)
  @Mutation(() => SetBreastFeedingPolicyResult, {
    description:
      'Sets who is asked about breast-feeding, and what they are told, from a day on. Refused as CheckPolicyAlreadySet or CheckPolicyInThePast. Needs MANAGE_CHECKS.',
  })
  setBreastFeedingPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetBreastFeedingPolicyInput,
  ) {
    return this.breastFeeding.setBreastFeedingPolicy(actor, input);
  }

  @Allow(Permission.READ_CHECK)
  @Query(() => [SafetyTemplate], {
    description: 'The safety checklists, by procedure and day, past and coming ones too. Needs READ_CHECK.',
  })
  safetyTemplates() {
    return this.templates.safetyTemplates();
  }

  @Allow(Permission.MANAGE_CHECKS)
  @Mutation(() => SetSafetyTemplateResult, {
    description:
      'Sets a safety checklist, from a day on. Refused as CheckPolicyAlreadySet or CheckPolicyInThePast. Needs MANAGE_CHECKS.',
  })
  setSafetyTemplate(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new checklist.' }) input: SetSafetyTemplateInput,
  ) {
    return this.templates.setSafetyTemplate(actor, input);
  }

  @Allow(Permission.READ_CHECK)
  @Query(() => [TableWeightLimit], {
    description:
      'What the tables of cameras bear and bore, by camera and day, past and coming rows too. Needs READ_CHECK.',
  })
  tableWeightLimits() {
    return this.limits.tableWeightLimits();
  }

  @Allow(Permission.MANAGE_CHECKS)
  @Mutation(() => SetTableWeightLimitResult, {
    description:
      'Sets what the table of a camera bears, from a day on. Refused as CheckPolicyAlreadySet or CheckPolicyInThePast. Needs MANAGE_CHECKS.',
  })
  setTableWeightLimit(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetTableWeightLimitInput,
  ) {
    return this.limits.setTableWeightLimit(actor, input);
  }
}
