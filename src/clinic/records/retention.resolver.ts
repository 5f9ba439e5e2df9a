import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { PatientDeathService } from './patient-death.service.js';
import { PatientDeath, RecordPatientDeathInput, RetractPatientDeathInput } from './patient-death.type.js';
import { RetentionRuleService } from './retention-rule.service.js';
import { RetentionRule, SetRetentionRuleInput, SetRetentionRuleResult } from './retention-rule.type.js';

@Resolver(() => RetentionRule)
export class RetentionResolver {
  constructor(
    @Inject(RetentionRuleService) private readonly rules: RetentionRuleService,
    @Inject(PatientDeathService) private readonly deaths: PatientDeathService,
  ) {}

  @Allow(Permission.READ_RECORDS)
  @Query(() => [RetentionRule], {
    description:
      'How long records are kept: the rules in force on a day, or every rule that there was and will be. Needs READ_RECORDS.',
  })
  retentionRules(
    @Args('asOf', {
      type: () => LocalDate,
      nullable: true,
      description: 'The day; every rule when left out.',
    })
    asOf: string | null | undefined,
  ) {
    return this.rules.retentionRules(asOf ?? null);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => SetRetentionRuleResult, {
    description:
      'Sets how long a class of records is kept from a day on, as a new row: no rule is ever edited. Refused as ' +
      'RetentionRuleSetAlready. Needs MANAGE_RECORDS.',
  })
  setRetentionRule(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The rule.' }) input: SetRetentionRuleInput,
  ) {
    return this.rules.setRetentionRule(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => PatientDeath, {
    description:
      'Records that a patient has died, or corrects what was recorded of it. Rules that run from a death count from then. ' +
      'Needs MANAGE_RECORDS.',
  })
  recordPatientDeath(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The death.' }) input: RecordPatientDeathInput,
  ) {
    return this.deaths.recordPatientDeath(actor, input);
  }

  @Allow(Permission.MANAGE_RECORDS)
  @Mutation(() => PatientDeath, {
    description:
      'Takes back a death that was recorded in error, and answers what was recorded. Needs MANAGE_RECORDS.',
  })
  retractPatientDeath(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The patient, and why.' }) input: RetractPatientDeathInput,
  ) {
    return this.deaths.retractPatientDeath(actor, input);
  }
}
