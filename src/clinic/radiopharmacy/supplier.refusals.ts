import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({ implements: () => [Refusal], description: 'There is a supplier of this code already.' })
export class SupplierCodeTaken extends Refusal {
  readonly code = 'SupplierCodeTaken';

  constructor(code: string) {
    super(`There is a supplier ${code} already. Choose another code.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was ordered then was ordered by the terms of then.',
})
export class SupplyInThePast extends Refusal {
  readonly code = 'SupplyInThePast';

  constructor() {
    super('Terms of a past day cannot be changed any more. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something is set from this day on already. Rows are never rewritten: choose a later day.',
})
export class SupplyAlreadySet extends Refusal {
  readonly code = 'SupplyAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}
