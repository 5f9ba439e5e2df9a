import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was computed then stays as it was computed.',
})
export class HalfLifeInThePast extends Refusal {
  readonly code = 'HalfLifeInThePast';

  constructor() {
    super('Doses of past days were computed with the half-life of then. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a half-life from this day on already. Rows are never rewritten: choose a later day.',
})
export class HalfLifeAlreadySet extends Refusal {
  readonly code = 'HalfLifeAlreadySet';

  constructor() {
    super(
      'A half-life is set from that day on already, or somebody set one just now. Look, and choose a later day.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a radionuclide of this symbol already.',
})
export class RadionuclideKnown extends Refusal {
  readonly code = 'RadionuclideKnown';

  constructor(symbol: string) {
    super(`${symbol} is there already. Set another half-life for it instead.`);
  }
}

@ObjectType({ implements: () => [Refusal], description: 'There is a tracer of this code already.' })
export class TracerCodeTaken extends Refusal {
  readonly code = 'TracerCodeTaken';

  constructor(code: string) {
    super(`There is a tracer ${code} already. Choose another code.`);
  }
}
