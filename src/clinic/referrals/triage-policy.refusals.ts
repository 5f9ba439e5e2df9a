import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is a row for this priority and day already. Rows are never rewritten: choose a later day.',
})
export class TriagePolicyAlreadySet extends Refusal {
  readonly code = 'TriagePolicyAlreadySet';

  constructor() {
    super('These promises are set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was promised then stays as it was promised.',
})
export class TriagePolicyInThePast extends Refusal {
  readonly code = 'TriagePolicyInThePast';

  constructor() {
    super('What was promised on a past day cannot be changed any more. Choose today or a later day.');
  }
}
