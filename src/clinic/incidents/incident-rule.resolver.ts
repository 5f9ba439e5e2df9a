import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { IncidentRuleService } from './incident-rule.service.js';
import { DoseCoefficient, IncidentPolicy, IncidentThreshold } from './incident-rule.type.js';
import {
  SetDoseCoefficientInput,
  SetDoseCoefficientResult,
  SetIncidentPolicyInput,
  SetIncidentPolicyResult,
  SetIncidentThresholdInput,
  SetIncidentThresholdResult,
} from './incident-rule-input.type.js';

const REFUSED = 'Refused as IncidentRuleAlreadySet or IncidentRuleInThePast. Needs MANAGE_INCIDENTS.';

@Resolver(() => IncidentThreshold)
export class IncidentRuleResolver {
  constructor(@Inject(IncidentRuleService) private readonly rules: IncidentRuleService) {}

  @Allow(Permission.READ_INCIDENT)
  @Query(() => [IncidentThreshold], {
    description:
      'When a regulator has to hear of an incident, by code and day, past rows and those to come too. Needs READ_INCIDENT.',
  })
  incidentThresholds() {
    return this.rules.thresholds();
  }

  @Allow(Permission.READ_INCIDENT)
  @Query(() => [DoseCoefficient], {
    description:
      'Effective dose for each MBq, in mSv, by tracer and day, past rows and those to come too. Needs READ_INCIDENT.',
  })
  doseCoefficients() {
    return this.rules.coefficients();
  }

  @Allow(Permission.READ_INCIDENT)
  @Query(() => [IncidentPolicy], {
    description: 'By when a regulator is told, by day, past rows and those to come too. Needs READ_INCIDENT.',
  })
  incidentPolicies() {
    return this.rules.policies();
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => SetIncidentThresholdResult, {
    description: `Sets a threshold from a day on; what happened before is judged by the rows of its own day. ${REFUSED}`,
  })
  setIncidentThreshold(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetIncidentThresholdInput,
  ) {
    return this.rules.setThreshold(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => SetDoseCoefficientResult, {
    description: `Sets the coefficient of a tracer from a day on. ${REFUSED}`,
  })
  setDoseCoefficient(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetDoseCoefficientInput,
  ) {
    return this.rules.setCoefficient(actor, input);
  }

  @Allow(Permission.MANAGE_INCIDENTS)
  @Mutation(() => SetIncidentPolicyResult, {
    description: `Sets by when a regulator is told, from a day on. ${REFUSED}`,
  })
  setIncidentPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new row.' }) input: SetIncidentPolicyInput,
  ) {
    return this.rules.setPolicy(actor, input);
  }
}
