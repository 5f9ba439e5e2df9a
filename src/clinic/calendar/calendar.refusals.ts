import { Field, ObjectType } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Desk hours cannot begin on a day that is over: deadlines were counted by those that held then.',
})
export class DeskHoursInThePast extends Refusal {
  readonly code = 'DeskHoursInThePast';

  @Field(() => LocalDate, { description: 'The first day on which new hours can begin: today.' })
  readonly earliestOn: string;

  constructor(earliestOn: string) {
    super('That day is over. Choose today or a later day.');
    this.earliestOn = earliestOn;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Other desk hours hold from that very day and have begun. Hours that have begun are not rewritten.',
})
export class DeskHoursAlreadySet extends Refusal {
  readonly code = 'DeskHoursAlreadySet';

  constructor() {
    super('Other desk hours were set from that day, and it has begun. Choose a later day.');
  }
}
