import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has corrected the entry since it was read with the version that was sent.',
})
export class ReferralContentChanged extends Refusal {
  readonly code = 'ReferralContentChanged';

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  constructor(version: number) {
    super('Somebody was quicker: look at this entry again before you correct it.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The entry was taken away. It is not corrected any more: record it anew.',
})
export class ReferralContentRetired extends Refusal {
  readonly code = 'ReferralContentRetired';

  constructor() {
    super('This entry was taken away. Record it anew if it holds after all.');
  }
}
