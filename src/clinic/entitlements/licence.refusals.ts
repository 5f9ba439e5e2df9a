import { Field, ObjectType } from '@nestjs/graphql';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'A licence of this kind and number that begins on that day is recorded already.',
})
export class LicenceAlreadyRecorded extends Refusal {
  readonly code = 'LicenceAlreadyRecorded';

  constructor(number: string) {
    super(
      `The licence ${number} with that first day is recorded already. What is recorded is never rewritten: end it, and record the right one from another day on.`,
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It was ended before.' })
export class LicenceAlreadyEnded extends Refusal {
  readonly code = 'LicenceAlreadyEnded';

  constructor() {
    super('This licence was ended before. There is nothing left to end.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'On that day the licence does not hold in any case.',
})
export class LicenceNotInTerm extends Refusal {
  readonly code = 'LicenceNotInTerm';

  @Field(() => LocalDate, { description: 'The first day on which it holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, { description: 'The last day on which it holds, included.' })
  readonly validUntil: string;

  constructor(validFrom: Temporal.PlainDate, validUntil: Temporal.PlainDate) {
    super(
      `The licence holds from ${formatDate(validFrom)} until ${formatDate(validUntil)}. Choose one of these days; to end one that was recorded by mistake, choose its first.`,
    );
    this.validFrom = validFrom.toString();
    this.validUntil = validUntil.toString();
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The application for its renewal is recorded already.',
})
export class LicenceRenewalAlreadyRecorded extends Refusal {
  readonly code = 'LicenceRenewalAlreadyRecorded';

  constructor() {
    super(
      'The application for the renewal of this licence is recorded already. Record the new licence when it comes.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for that day already. Rows are never rewritten.',
})
export class LicencePolicyAlreadySet extends Refusal {
  readonly code = 'LicencePolicyAlreadySet';

  constructor() {
    super('The weeks are set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what held then stays as it was.',
})
export class LicencePolicyInThePast extends Refusal {
  readonly code = 'LicencePolicyInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}
