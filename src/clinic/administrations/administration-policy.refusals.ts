import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'A row is set for that day already. Rows are never rewritten: choose a later day.',
})
export class AdministrationPolicyAlreadySet extends Refusal {
  readonly code = 'AdministrationPolicyAlreadySet';

  constructor() {
    super('A row is set for that day already, and what is set is never rewritten. Choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what held then stays as it was.',
})
export class AdministrationPolicyInThePast extends Refusal {
  readonly code = 'AdministrationPolicyInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}
