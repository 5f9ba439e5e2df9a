import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({ implements: () => [Refusal], description: 'The hold has been lifted before.' })
export class LegalHoldLiftedAlready extends Refusal {
  readonly code = 'LegalHoldLiftedAlready';

  @Field(() => Instant, { description: 'When it was lifted.' })
  readonly liftedAt: Temporal.Instant;

  constructor(liftedAt: Temporal.Instant) {
    super('This hold has been lifted already. To keep the record, place a new one.');
    this.liftedAt = liftedAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'What was to be kept is gone: it was destroyed under a rule of retention, and only a stub is left.',
})
export class RecordDestroyed extends Refusal {
  readonly code = 'RecordDestroyed';

  @Field(() => Instant, { description: 'When it was destroyed.' })
  readonly destroyedAt: Temporal.Instant;

  constructor(destroyedAt: Temporal.Instant) {
    super(
      'This record was destroyed under a rule of retention. Only its stub is left; there is nothing to keep.',
    );
    this.destroyedAt = destroyedAt;
  }
}
