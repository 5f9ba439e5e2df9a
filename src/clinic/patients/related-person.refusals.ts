import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The entry was changed or ended since it was read. Nothing was changed: look at it again.',
})
export class RelatedPersonChanged extends Refusal {
  readonly code = 'RelatedPersonChanged';

  @Field(() => Int, { description: 'The version at which it is now.' })
  readonly version: number;

  @Field(() => Boolean, { description: 'It has ended.' })
  readonly hasEnded: boolean;

  constructor(version: number, hasEnded: boolean) {
    super(
      hasEnded
        ? 'This entry has ended. Record the person anew if they belong to the patient again.'
        : `The entry was changed meanwhile: it is at version ${version}. Look at it again.`,
    );
    this.version = version;
    this.hasEnded = hasEnded;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is no right to decide that could be taken back: the person has none, or it was taken back already.',
})
export class NoProxyToRevoke extends Refusal {
  readonly code = 'NoProxyToRevoke';

  constructor() {
    super('This person does not decide for the patient, or does no longer.');
  }
}
