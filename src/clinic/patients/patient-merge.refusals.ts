import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'The two records cannot be one as they are now. Each reason can be settled; then say it again.',
})
export class MergeForbidden extends Refusal {
  readonly code = 'MergeForbidden';

  @Field(() => [String], { description: 'What stands in the way: whole sentences.' })
  readonly conflicts: readonly string[];

  constructor(conflicts: readonly string[]) {
    super(`The records cannot be merged as they are now. ${conflicts.join(' ')}`);
    this.conflicts = conflicts;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody has said that these are two people. If that was wrong, say why in `overrideReason`: it is recorded under your name.',
})
export class SaidToBeDifferentPeople extends Refusal {
  readonly code = 'SaidToBeDifferentPeople';

  @Field(() => ID, { description: 'Staff account that said so.' })
  readonly saidById: string;

  @Field(() => Instant, { description: 'When.' })
  readonly saidAt: Temporal.Instant;

  constructor(saidById: string, saidAt: Temporal.Instant) {
    super(
      'A member of staff has said that these are two different people. Ask them; if it was a mistake, merge with a reason why.',
    );
    this.saidById = saidById;
    this.saidAt = saidAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The merge cannot be undone: it was already, its time is over, or something stands in the way. Nothing was changed.',
})
export class MergeCannotBeUndone extends Refusal {
  readonly code = 'MergeCannotBeUndone';

  @Field(() => [String], { description: 'What stands in the way: whole sentences.' })
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`The merge cannot be undone. ${reasons.join(' ')}`);
    this.reasons = reasons;
  }
}
