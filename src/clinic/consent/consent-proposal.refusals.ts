import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ConsentProposalStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

registerEnumType(ConsentProposalStatus, {
  name: 'ConsentProposalStatus',
  description: 'What became of a proposed wording.',
  valuesMap: {
    PROPOSED: { description: 'Waits for somebody to publish or discard it.' },
    PUBLISHED: { description: 'Was published under its version.' },
    DISCARDED: { description: 'Was not wanted, for the reason given.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is a wording of this version and language already. A wording is never edited: choose a new version.',
})
export class WordingVersionTaken extends Refusal {
  readonly code = 'WordingVersionTaken';

  constructor(version: string, locale: string) {
    super(`Version ${version} (${locale}) is published. Give the new text a new version.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has published or discarded this proposal already.',
})
export class ProposalAlreadySettled extends Refusal {
  readonly code = 'ProposalAlreadySettled';

  @Field(() => ConsentProposalStatus, { description: 'What became of it.' })
  readonly status: ConsentProposalStatus;

  constructor(status: ConsentProposalStatus) {
    super(`This proposal was ${status.toLowerCase()} already. Propose the text anew if it is still wanted.`);
    this.status = status;
  }
}
