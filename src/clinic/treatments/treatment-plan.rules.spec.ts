import { describe, expect, it } from 'vitest';
import { type PlanFacts, problemsOfPlan } from './treatment-plan.rules.js';

const seen = (...aspects: PlanFacts['aspects'][number]['aspect'][]) =>
  aspects.map((aspect) => ({ aspect, finding: 'NO_CONCERN' as const, note: null }));
const GOOD: PlanFacts = {
  ...{ kind: 'MEDIAL_BRANCH_BLOCK', guidance: 'FLUOROSCOPY', hasSteroid: false, number: 1 },
  aspects: seen('ANTICOAGULANT', 'ALLERGY', 'INFECTION', 'PREGNANCY'),
  ...{ justification: 'To be sure of the place.', replanBecause: null },
};
const problems = (parts: Partial<PlanFacts>) => problemsOfPlan({ ...GOOD, ...parts });

describe('a plan', () => {
  it('that says everything is whole', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ number: 2, replanBecause: 'Another level.' })).toEqual([]);
  });

  it.each([
    [{ hasSteroid: true }, 'Say what you found about diabetes.'],
    [
      { kind: 'RADIOFREQUENCY_DENERVATION' as const },
      'Say what you found about a pacemaker or another implant.',
    ],
    [{ justification: null }, 'Say why the X-rays are justified.'],
    [{ guidance: 'ULTRASOUND' as const }, 'A justification goes with X-rays: leave it out.'],
    [{ number: 2 }, 'Say what changed since the last plan.'],
    [{ replanBecause: 'x' }, 'It is the first plan: leave out what changed.'],
    [
      {
        aspects: [
          ...GOOD.aspects.slice(1),
          { aspect: 'ANTICOAGULANT' as const, finding: 'MANAGED' as const, note: null },
        ],
      },
      'Say in words what there is about medicines that thin the blood.',
    ],
  ])('%j lacks something', (parts, problem) => {
    expect(problems(parts)).toEqual([problem]);
  });
});
