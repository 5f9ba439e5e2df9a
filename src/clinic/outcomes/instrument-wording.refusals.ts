import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'This version of the instrument has a wording in this language on some of these days already.',
})
export class InstrumentWordingOverlaps extends Refusal {
  readonly code = 'InstrumentWordingOverlaps';

  constructor() {
    super(
      'This version has a wording in this language on some of these days already. End that one first, or choose other days.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The wording was ended already, or its last day is over.',
})
export class InstrumentWordingEnded extends Refusal {
  readonly code = 'InstrumentWordingEnded';

  constructor() {
    super('This wording is not shown any more already. Enter another if the clinic has a licence.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The form is not whole: an item is missing, or has as many choices as it should not.',
})
export class InstrumentWordingIncomplete extends Refusal {
  readonly code = 'InstrumentWordingIncomplete';

  constructor(problem: string) {
    super(problem);
  }
}
