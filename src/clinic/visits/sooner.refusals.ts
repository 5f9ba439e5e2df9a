import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Nobody is asked to come sooner for this visit: it is one of a series, or was booked without a request, so that nobody knows how long the patient has waited.',
})
export class NotOfferedSooner extends Refusal {
  readonly code = 'NotOfferedSooner';

  constructor(isOfSeries: boolean) {
    super(
      isOfSeries
        ? 'This visit is one of a series, whose days belong together. Move it by hand.'
        : 'This visit was booked without a request, so it has no place in the order of who is asked. Move it by hand.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit is no longer after the place that was offered: it would not come sooner.',
})
export class NotSooner extends Refusal {
  readonly code = 'NotSooner';

  @Field(() => Instant, { description: 'When the visit begins now.' })
  readonly startsAt: Temporal.Instant;

  constructor(startsAt: Temporal.Instant) {
    super('The visit has been moved and is not later than this place any more. It stays where it is.');
    this.startsAt = startsAt;
  }
}
