import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Clock, localDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { steroidPlanned } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { goesOn, judgeEligibility } from './treatment-eligibility.rules.js';
import { type PlannedFacts, TreatmentFactsService } from './treatment-facts.service.js';
import { TreatmentPolicyService } from './treatment-policy.service.js';
import type { TreatmentEligibility } from './treatment-policy.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** Whether the terms of treatments are met, with what is known of each. */
@Injectable()
export class TreatmentEligibilityService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(TreatmentPolicyService) private readonly policies: TreatmentPolicyService,
    @Inject(TreatmentFactsService) private readonly facts: TreatmentFactsService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
  ) {}

  /** As it stands today, by its plan where there is one. The look is recorded. Throws NOT_FOUND. */
  async treatmentEligibility(actor: StaffActor, treatmentId: string): Promise<TreatmentEligibility> {
    const treatment = await this.records.treatment(actor, treatmentId);
    return this.judge(this.database.client, treatment, plannedBy(treatment));
  }

  /** For this room: by what is planned now. */
  async judge(client: Tx, treatment: Treatment, planned: PlannedFacts): Promise<TreatmentEligibility> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const policy = await this.policies.termsOn(client, treatment.kind, treatment.payerCode, today);
    const facts = await this.facts.of(client, treatment, planned, { blockKind: policy.blockKind, now });
    const criteria = judgeEligibility(policy, facts);
    return {
      treatmentId: treatment.id,
      policy,
      criteria,
      isMet: goesOn(criteria, policy.enforcement, null) === 'GO_ON',
      mayGoOn: goesOn(criteria, policy.enforcement, 'a reason') === 'GO_ON',
    };
  }
}

/** By the plan that stands; without one nobody has said how much steroid it will be. */
export function plannedBy({ targets, plan }: Treatment): PlannedFacts {
  return { targets, steroidMg: plan === null ? null : steroidPlanned(plan.agents) };
}
