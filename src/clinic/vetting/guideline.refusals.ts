import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody has issued a version of this guideline in this moment. Read it before you issue another.',
})
export class GuidelineIssuedMeanwhile extends Refusal {
  readonly code = 'GuidelineIssuedMeanwhile';

  constructor() {
    super('Somebody has just issued a version of this guideline. Read it before you issue another.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was authorised then stays authorised as it was.',
})
export class GuidelineInThePast extends Refusal {
  readonly code = 'GuidelineInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This version of the guideline has been ended before.',
})
export class GuidelineEndedBefore extends Refusal {
  readonly code = 'GuidelineEndedBefore';

  constructor() {
    super('This version of the guideline has been ended before.');
  }
}
