import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit has not begun by the clock, so nobody has failed to come.',
})
export class NoShowTooEarly extends Refusal {
  readonly code = 'NoShowTooEarly';

  @Field(() => Instant, { description: 'The planned start, from which on it can be said.' })
  readonly possibleFrom: Temporal.Instant;

  constructor(possibleFrom: Temporal.Instant) {
    super(
      'The visit has not begun yet, so the patient may still come. Mark a no-show after its start, or cancel the visit.',
    );
    this.possibleFrom = possibleFrom;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit is on a later day, so its patient has not arrived for it.',
})
export class ArrivalTooEarly extends Refusal {
  readonly code = 'ArrivalTooEarly';

  @Field(() => Instant, {
    description: "Midnight, on the clinic's clock, at which the day of the visit begins.",
  })
  readonly possibleFrom: Temporal.Instant;

  constructor(possibleFrom: Temporal.Instant, day: string) {
    super(
      `This visit is on ${day}, so its patient cannot have arrived for it yet. Look for a visit today, or move this one.`,
    );
    this.possibleFrom = possibleFrom;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'That step has begun or ended already, it is not its turn, or it only fills the wait of another step.',
})
export class StepNotInThisState extends Refusal {
  readonly code = 'StepNotInThisState';

  @Field(() => Int, { nullable: true, description: 'Position of the step that can start now; null: none.' })
  readonly startablePosition: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Position of the step that is running and can be finished now; null: none.',
  })
  readonly runningPosition: number | null;

  constructor(startablePosition: number | null, runningPosition: number | null) {
    super(
      'That step is not at the point at which this can be said of it: steps start one after the other, each when the one before has ended. Look at the visit again.',
    );
    this.startablePosition = startablePosition;
    this.runningPosition = runningPosition;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A step would start outside the time that the step before leaves for it.',
})
export class LegOutsideWindow extends Refusal {
  readonly code = 'LegOutsideWindow';

  @Field(() => Int, { description: 'Position of the step, from 0.' })
  readonly position: number;

  @Field(() => Instant, { description: 'The earliest start that the step before allows.' })
  readonly earliestAt: Temporal.Instant;

  @Field(() => Instant, { description: 'The latest start that the step before allows.' })
  readonly latestAt: Temporal.Instant;

  constructor(position: number, earliestAt: Temporal.Instant, latestAt: Temporal.Instant, when: string) {
    super(
      `That is outside the time that the step before leaves: it must start ${when}. Choose a time inside it, or move the visit.`,
    );
    this.position = position;
    this.earliestAt = earliestAt;
    this.latestAt = latestAt;
  }
}
