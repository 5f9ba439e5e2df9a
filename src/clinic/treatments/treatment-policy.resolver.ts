import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { SteroidDoseService } from './steroid-dose.service.js';
import { TreatmentPolicyService } from './treatment-policy.service.js';
import {
  CumulativeSteroidDose,
  SetTreatmentAgentInput,
  SetTreatmentAgentResult,
  SetTreatmentPolicyInput,
  SetTreatmentPolicyResult,
  TreatmentAgent,
  TreatmentPolicy,
} from './treatment-policy.type.js';

@Resolver(() => TreatmentPolicy)
export class TreatmentPolicyResolver {
  constructor(
    @Inject(TreatmentPolicyService) private readonly policies: TreatmentPolicyService,
    @Inject(SteroidDoseService) private readonly steroids: SteroidDoseService,
  ) {}

  @Allow(Permission.READ_TREATMENT)
  @Query(() => [TreatmentPolicy], {
    description:
      'Terms of treatments by kind, payer and day, past and coming rows too, with their source. Needs READ_TREATMENT.',
  })
  treatmentPolicies() {
    return this.policies.treatmentPolicies();
  }

  @Allow(Permission.READ_TREATMENT)
  @Query(() => [TreatmentAgent], {
    description:
      'Drugs that treatments give, by code and day, past and coming rows too. Needs READ_TREATMENT.',
  })
  treatmentAgents() {
    return this.policies.treatmentAgents();
  }

  @Allow(Permission.READ_TREATMENT)
  @Query(() => CumulativeSteroidDose, {
    description:
      'Steroid that a patient was given in the year up to a moment, in mg of methylprednisolone, by the records that stand. ' +
      'The look is recorded. Needs READ_TREATMENT.',
  })
  cumulativeSteroidDose(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'Whom.' }) patientId: string,
    @Args('until', {
      type: () => Instant,
      nullable: true,
      description: 'Up to that moment; null: up to now.',
    })
    until: Temporal.Instant | null,
  ) {
    return this.steroids.cumulativeSteroidDose(actor, patientId, until ?? null);
  }

  @Allow(Permission.MANAGE_TREATMENTS)
  @Mutation(() => SetTreatmentPolicyResult, {
    description:
      'Sets new terms of a kind of treatment from a day on; what is planned already keeps its own. Refused as ' +
      'TreatmentRowAlreadySet or TreatmentRowInThePast. Needs MANAGE_TREATMENTS.',
  })
  setTreatmentPolicy(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The new terms.' }) input: SetTreatmentPolicyInput,
  ) {
    return this.policies.setTreatmentPolicy(actor, input);
  }

  @Allow(Permission.MANAGE_TREATMENTS)
  @Mutation(() => SetTreatmentAgentResult, {
    description:
      'Adds a drug, or how it counts, from a day on; what was given already keeps its own figures. Refused as ' +
      'TreatmentRowAlreadySet or TreatmentRowInThePast. Needs MANAGE_TREATMENTS.',
  })
  setTreatmentAgent(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The drug.' }) input: SetTreatmentAgentInput,
  ) {
    return this.policies.setTreatmentAgent(actor, input);
  }
}
