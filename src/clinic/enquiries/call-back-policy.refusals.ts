import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'A service level cannot begin on a day that is over.',
})
export class CallBackPolicyInThePast extends Refusal {
  readonly code = 'CallBackPolicyInThePast';

  constructor() {
    super('That day is over. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Another service level was set from that very day. It is not rewritten.',
})
export class CallBackPolicyAlreadySet extends Refusal {
  readonly code = 'CallBackPolicyAlreadySet';

  constructor() {
    super('Another service level was set from that day. Choose a later day.');
  }
}
