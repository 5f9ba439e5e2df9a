import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'No dose of that day is to be ordered from the supplier.',
})
export class NothingToOrder extends Refusal {
  readonly code = 'NothingToOrder';

  constructor() {
    super('No dose is wanted from this supplier on that day. If the supplier has an order, cancel it.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The supplier has an order for that day already.' })
export class DoseOrderAlreadySent extends Refusal {
  readonly code = 'DoseOrderAlreadySent';

  @Field(() => Int, { description: 'Version of the sheet that the supplier has.' })
  readonly version: number;

  constructor(version: number) {
    super(`The supplier has version ${version} of the order for that day. Amend it instead.`);
    this.version = version;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The supplier has no order for that day.' })
export class DoseOrderNotSent extends Refusal {
  readonly code = 'DoseOrderNotSent';

  constructor() {
    super('The supplier has no order for that day. Send one first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody changed the order since it was looked at.',
})
export class DoseOrderChanged extends Refusal {
  readonly code = 'DoseOrderChanged';

  @Field(() => Int, { description: 'Version of the sheet that the supplier has now.' })
  readonly version: number;

  constructor(version: number) {
    super(`Somebody changed the order: the supplier has version ${version} now. Look at the sheet again.`);
    this.version = version;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The supplier was told all of this already.' })
export class DoseOrderUnchanged extends Refusal {
  readonly code = 'DoseOrderUnchanged';

  constructor() {
    super('What the supplier has is what is needed. There is nothing to amend.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The supplier takes nothing for that day any more unless somebody there agrees.',
})
export class DoseOrderCutOffPassed extends Refusal {
  readonly code = 'DoseOrderCutOffPassed';

  @Field(() => Instant, { description: 'Until when it took orders.' })
  readonly cutOffAt: Temporal.Instant;

  constructor(cutOffAt: Temporal.Instant) {
    super('The cut-off has passed. Ring the supplier, and say in agreedWith who agreed to it.');
    this.cutOffAt = cutOffAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A dose for a child cannot be ordered: it goes by weight, and the weight is not known.',
})
export class DoseWeightMissing extends Refusal {
  readonly code = 'DoseWeightMissing';

  @Field(() => [String], { description: 'References of the doses.' })
  readonly references: readonly string[];

  constructor(references: readonly string[]) {
    super(
      `The weight is not known for ${references.join(', ')}. Weigh the patient and record it in the request, then order.`,
    );
    this.references = references;
  }
}
