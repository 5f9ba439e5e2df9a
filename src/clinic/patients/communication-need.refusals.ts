import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient’s record says this need already. Review it, or end it and record it anew.',
})
export class CommunicationNeedRecorded extends Refusal {
  readonly code = 'CommunicationNeedRecorded';

  constructor(name: string) {
    super(`The record says this already: ${name}. Review that one, or end it first.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody has reviewed or ended the need since it was read. Nothing was changed: look at it again.',
})
export class CommunicationNeedChanged extends Refusal {
  readonly code = 'CommunicationNeedChanged';

  @Field(() => Int, { description: 'The version at which it is now.' })
  readonly version: number;

  @Field(() => Boolean, { description: 'It has ended.' })
  readonly hasEnded: boolean;

  constructor(version: number, hasEnded: boolean) {
    super(
      hasEnded
        ? 'This need has ended. Record it anew if it is there again.'
        : `The need was reviewed meanwhile: it is at version ${version}. Look at it again.`,
    );
    this.version = version;
    this.hasEnded = hasEnded;
  }
}
