import { Field, ObjectType } from '@nestjs/graphql';
import type { ExposureAct } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import { ACT_IN_WORDS } from './entitlement.rules.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The same entitlement from the same day on is recorded already.',
})
export class EntitlementAlreadyRecorded extends Refusal {
  readonly code = 'EntitlementAlreadyRecorded';

  constructor(acts: readonly ExposureAct[]) {
    const words = acts.map((act) => ACT_IN_WORDS[act]).join(', ');
    super(
      `One of these entitlements (${words}) is recorded already with that first day. What is recorded is never rewritten: end it, and record the right one from another day on.`,
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It was ended before.' })
export class EntitlementAlreadyEnded extends Refusal {
  readonly code = 'EntitlementAlreadyEnded';

  constructor() {
    super('This entitlement was ended before. There is nothing left to end.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'On that day the entitlement does not hold in any case.',
})
export class EntitlementNotInTerm extends Refusal {
  readonly code = 'EntitlementNotInTerm';

  @Field(() => LocalDate, { description: 'The first day on which it holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The last day on which it holds; null: none is set.',
  })
  readonly validUntil: string | null;

  constructor(validFrom: Temporal.PlainDate, validUntil: Temporal.PlainDate | null) {
    const until = validUntil === null ? 'on' : `until ${formatDate(validUntil)}`;
    super(
      `The entitlement holds from ${formatDate(validFrom)} ${until}. Choose one of these days; to end one that was recorded by mistake, choose its first.`,
    );
    this.validFrom = validFrom.toString();
    this.validUntil = validUntil?.toString() ?? null;
  }
}
