import { Field, ObjectType } from '@nestjs/graphql';
import { LetterStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Only a letter that failed, may have been lost, or was not sent can be sent again.',
})
export class LetterNotResendable extends Refusal {
  readonly code = 'LetterNotResendable';

  @Field(() => LetterStatus, { description: 'Where the letter stands.' })
  readonly status: LetterStatus;

  constructor(status: LetterStatus) {
    super(`This letter cannot be sent again: it is ${status}.`);
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A newer letter about the same thing has taken its place. Send that one again instead.',
})
export class LetterOvertaken extends Refusal {
  readonly code = 'LetterOvertaken';

  constructor() {
    super('What it is about has changed since: a newer letter has taken the place of this one.');
  }
}
