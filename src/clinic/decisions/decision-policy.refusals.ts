import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row from this day on already. Rows are never rewritten: choose a later day.',
})
export class DecisionPolicyAlreadySet extends Refusal {
  readonly code = 'DecisionPolicyAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was promised then stays as it was promised.',
})
export class DecisionPolicyInThePast extends Refusal {
  readonly code = 'DecisionPolicyInThePast';

  constructor() {
    super('What was promised on a past day cannot be changed any more. Choose today or a later day.');
  }
}
