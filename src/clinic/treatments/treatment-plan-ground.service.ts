import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Treatment } from './treatment.type.js';
import { goesOn } from './treatment-eligibility.rules.js';
import { TreatmentEligibilityService } from './treatment-eligibility.service.js';
import type { PlannedFacts } from './treatment-facts.service.js';
import { TermsNotMet } from './treatment-policy.refusals.js';
import { TreatmentPolicyService } from './treatment-policy.service.js';
import type { EligibilityCriterion, TreatmentEligibility } from './treatment-policy.type.js';
import { TreatmentTargetService } from './treatment-target.service.js';

/** What a plan stands on: the places, the drugs of the day, and the terms. */
@Injectable()
export class TreatmentPlanGroundService {
  constructor(
    @Inject(TreatmentTargetService) readonly targets: TreatmentTargetService,
    @Inject(TreatmentPolicyService) readonly policies: TreatmentPolicyService,
    @Inject(TreatmentEligibilityService) private readonly eligibility: TreatmentEligibilityService,
  ) {}

  /** How the terms are met, where it may go on with what was said; else what is in the way. */
  async eligible(
    tx: Tx,
    treatment: Treatment,
    planned: PlannedFacts,
    reason: string | null,
  ): Promise<TreatmentEligibility | TermsNotMet> {
    const judged = await this.eligibility.judge(tx, treatment, planned);
    return this.#goesOn(judged, judged.criteria, reason);
  }

  /**
   * The same on the day: what was not met when it was planned has its reason in the plan; what has come since has none.
   */
  async stillEligible(tx: Tx, treatment: Treatment, planned: PlannedFacts): Promise<TermsNotMet | null> {
    const judged = await this.eligibility.judge(tx, treatment, planned);
    const known = new Set(treatment.plan?.unmetCriteria ?? []);
    const isMandatory = judged.policy.enforcement === 'MANDATORY';
    const open = judged.criteria.filter(
      ({ criterion, verdict }) => !known.has(criterion) || (isMandatory && verdict === 'FAILED'),
    );
    const answer = this.#goesOn(judged, open, null);
    return answer instanceof TermsNotMet ? answer : null;
  }

  #goesOn(
    judged: TreatmentEligibility,
    criteria: readonly EligibilityCriterion[],
    reason: string | null,
  ): TreatmentEligibility | TermsNotMet {
    const going = goesOn(criteria, judged.policy.enforcement, reason);
    if (going === 'GO_ON') return judged;
    const unmet = criteria.filter(({ verdict }) => verdict !== 'PASSED');
    return new TermsNotMet(
      unmet.map(({ criterion }) => criterion),
      unmet.map(({ fact }) => fact),
      going === 'SAY_WHY',
    );
  }
}
