import {
  type TreatmentAspect,
  TreatmentAspectFinding,
  type TreatmentGuidance,
  type TreatmentKind,
} from '../../platform/database/generated/enums.js';
import { ASPECT_WORDS, aspectsAskedOf, isExposure } from './treatment.rules.js';

export interface LookedAtFacts {
  readonly aspect: TreatmentAspect;
  readonly finding: TreatmentAspectFinding;
  readonly note: string | null;
}

export interface PlanFacts {
  readonly kind: TreatmentKind;
  readonly guidance: TreatmentGuidance;
  readonly hasSteroid: boolean;
  readonly aspects: readonly LookedAtFacts[];
  readonly justification: string | null;
  /** Number of the plan, from 1. */
  readonly number: number;
  readonly replanBecause: string | null;
}

/** What a plan does not say, one sentence each. */
export function problemsOfPlan(plan: PlanFacts): readonly string[] {
  const seen = new Map(plan.aspects.map((aspect) => [aspect.aspect, aspect]));
  const missing = aspectsAskedOf(plan)
    .filter((aspect) => !seen.has(aspect))
    .map((aspect) => `Say what you found about ${ASPECT_WORDS[aspect]}.`);
  const bare = plan.aspects
    .filter(({ finding, note }) => finding !== TreatmentAspectFinding.NO_CONCERN && note === null)
    .map(({ aspect }) => `Say in words what there is about ${ASPECT_WORDS[aspect]}.`);
  return [...missing, ...bare, ...wordsOf(plan)];
}

function wordsOf({ guidance, justification, number, replanBecause }: PlanFacts): readonly string[] {
  const exposure = isExposure(guidance);
  return [
    ...(exposure && justification === null ? ['Say why the X-rays are justified.'] : []),
    ...(!exposure && justification !== null ? ['A justification goes with X-rays: leave it out.'] : []),
    ...(number > 1 && replanBecause === null ? ['Say what changed since the last plan.'] : []),
    ...(number === 1 && replanBecause !== null ? ['It is the first plan: leave out what changed.'] : []),
  ];
}
