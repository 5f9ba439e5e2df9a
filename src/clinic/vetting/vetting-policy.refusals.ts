import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for this day already. Rows are never rewritten: choose a later day.',
})
export class VettingPolicyAlreadySet extends Refusal {
  readonly code = 'VettingPolicyAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was asked for and promised then stays as it was.',
})
export class VettingPolicyInThePast extends Refusal {
  readonly code = 'VettingPolicyInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}
