import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

/** Where the uptake clock of a patient stands. */
export enum UptakeState {
  NOT_INJECTED = 'NOT_INJECTED',
  TOO_SOON = 'TOO_SOON',
  READY = 'READY',
  CLOSING = 'CLOSING',
  PASSED = 'PASSED',
  SCAN_BEGUN = 'SCAN_BEGUN',
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is nothing to explain: the delayed images have not begun, nothing is recorded as injected, or they began inside the uptake window.',
})
export class NothingToExplain extends Refusal {
  readonly code = 'NothingToExplain';

  @Field(() => Instant, {
    nullable: true,
    description: 'Earliest start of the uptake window; null: not injected.',
  })
  readonly earliestAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'Latest start of the uptake window; null: not injected.',
  })
  readonly latestAt: Temporal.Instant | null;

  constructor(why: string, starts: { earliestAt: Temporal.Instant; latestAt: Temporal.Instant } | null) {
    super(`There is nothing to explain: ${why}`);
    this.earliestAt = starts?.earliestAt ?? null;
    this.latestAt = starts?.latestAt ?? null;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'This start of the scan is explained already. What was said stays; a corrected time of injection asks for a new explanation.',
})
export class UptakeAlreadyExplained extends Refusal {
  readonly code = 'UptakeAlreadyExplained';

  constructor() {
    super(
      'Somebody has explained this start of the scan already. Look at what was said; it stays as it was said.',
    );
  }
}
