import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for this purpose, procedure and day already. Rows are never rewritten.',
})
export class ConsentPolicyAlreadySet extends Refusal {
  readonly code = 'ConsentPolicyAlreadySet';

  constructor() {
    super('These rules are set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: consents of then were judged by the rules of then.',
})
export class ConsentPolicyInThePast extends Refusal {
  readonly code = 'ConsentPolicyInThePast';

  constructor() {
    super(
      'What was asked of consents on a past day cannot be changed any more. Choose today or a later day.',
    );
  }
}
