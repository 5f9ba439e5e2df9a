import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'One visit of the series cannot be booked, so none is. Choose another time for that one.',
})
export class OccurrenceNotPossible extends Refusal {
  readonly code = 'OccurrenceNotPossible';

  @Field(() => Int, { description: 'Which visit of the series, from 0: the first that cannot be.' })
  readonly position: number;

  @Field(() => Instant, { description: 'When it was to start.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => String, {
    description:
      'Code of the reason, as `bookVisit` would give it: `SlotAlreadyTaken`, `OutsideOpeningHours`.',
  })
  readonly reasonCode: string;

  /** `when` is for a person: "Monday 13 April 2026 at 09:00". */
  constructor(position: number, startsAt: Temporal.Instant, when: string, said: Refusal) {
    super(`Visit ${position + 1} of the series, on ${when}, cannot be booked, so none was. ${said.message}`);
    this.position = position;
    this.startsAt = startsAt;
    this.reasonCode = said.code;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'No visit of the series is still to come: all have begun, are over, or are cancelled.',
})
export class SeriesOver extends Refusal {
  readonly code = 'SeriesOver';

  constructor() {
    super('No visit of this series is still to come, so there is nothing to cancel.');
  }
}
