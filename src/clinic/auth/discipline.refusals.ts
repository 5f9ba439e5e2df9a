import { ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The person holds this discipline already on some of these days.',
})
export class DisciplineAlreadyHeld extends Refusal {
  readonly code = 'DisciplineAlreadyHeld';

  constructor() {
    super(
      'This discipline is recorded already for some of these days. End that one first, or begin on the day on which it ends.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The discipline was ended before.' })
export class DisciplineAlreadyEnded extends Refusal {
  readonly code = 'DisciplineAlreadyEnded';

  constructor() {
    super(
      'This discipline was ended before. There is nothing left to end; record it anew from another day on.',
    );
  }
}
