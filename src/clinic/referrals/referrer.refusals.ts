import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody in the directory has this registration: a number belongs to one person.',
})
export class ReferrerRegistrationTaken extends Refusal {
  readonly code = 'ReferrerRegistrationTaken';

  @Field(() => ID, { description: 'Whoever has it.' })
  readonly referrerId: string;

  @Field(() => String, { description: 'Their name.' })
  readonly name: string;

  @Field(() => Boolean, { description: 'Whether they are retired: `restoreReferrer` brings them back.' })
  readonly isRetired: boolean;

  constructor(holder: { readonly id: string; readonly name: string; readonly isRetired: boolean }) {
    super(`${holder.name} has this registration in the directory. Look whether it is the same person.`);
    this.referrerId = holder.id;
    this.name = holder.name;
    this.isRetired = holder.isRetired;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has changed the entry since it was read with the version that was sent.',
})
export class ReferrerChangedMeanwhile extends Refusal {
  readonly code = 'ReferrerChangedMeanwhile';

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  constructor(version: number) {
    super('Somebody was quicker: look at this referrer again before you change it.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The entry is retired, or is not, and so this cannot be done with it.',
})
export class ReferrerStandsOtherwise extends Refusal {
  readonly code = 'ReferrerStandsOtherwise';

  @Field(() => Boolean, { description: 'Whether it is retired.' })
  readonly isRetired: boolean;

  constructor(isRetired: boolean) {
    super(
      isRetired
        ? 'This referrer is retired. Restore the entry first, if they refer again.'
        : 'This referrer is not retired.',
    );
    this.isRetired = isRetired;
  }
}
