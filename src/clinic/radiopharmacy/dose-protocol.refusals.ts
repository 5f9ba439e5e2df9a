import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was given then stays compared with the protocol of then.',
})
export class DoseProtocolInThePast extends Refusal {
  readonly code = 'DoseProtocolInThePast';

  constructor() {
    super('The protocol of a past day cannot be changed any more. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is a protocol for this procedure from this day on already. Rows are never rewritten: choose a later day.',
})
export class DoseProtocolAlreadySet extends Refusal {
  readonly code = 'DoseProtocolAlreadySet';

  constructor() {
    super('A protocol is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The planned activity is above the diagnostic reference level, and nobody said why.',
})
export class PlannedAboveDrl extends Refusal {
  readonly code = 'PlannedAboveDrl';

  constructor(plannedMbq: number, drlMbq: number) {
    super(
      `${plannedMbq} MBq for everybody is above the diagnostic reference level of ${drlMbq} MBq. ` +
        'Plan less, or say in aboveDrlBecause which approved protocol allows it.',
    );
  }
}
