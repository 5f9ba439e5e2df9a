import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'This critical finding was closed by somebody. Their note stands.',
})
export class CriticalFindingClosed extends Refusal {
  readonly code = 'CriticalFindingClosed';

  constructor() {
    super('This critical finding is closed already. Flag a new one if there is something new.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Nobody who was told has read it back.',
})
export class CriticalFindingNotAcknowledged extends Refusal {
  readonly code = 'CriticalFindingNotAcknowledged';

  constructor() {
    super(
      'Nobody has read this critical finding back yet. Tell somebody who can act on it, have them say it back, and record that first.',
    );
  }
}
