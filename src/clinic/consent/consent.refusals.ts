import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

/** Where a patient stands on a purpose. "Not asked" is not "declined". */
export const ConsentState = {
  NEVER_ASKED: 'NEVER_ASKED',
  IN_FORCE: 'IN_FORCE',
  DECLINED: 'DECLINED',
  WITHDRAWN: 'WITHDRAWN',
} as const;
export type ConsentState = (typeof ConsentState)[keyof typeof ConsentState];

registerEnumType(ConsentState, {
  name: 'ConsentState',
  description: 'Where a patient stands on a purpose.',
  valuesMap: {
    NEVER_ASKED: { description: 'No decision is recorded. This is not a "no".' },
    IN_FORCE: { description: 'Consent was given and holds.' },
    DECLINED: { description: 'Asked, and said no.' },
    WITHDRAWN: { description: 'Consent was given once and has been withdrawn.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description:
    'The wording does not exist, was not yet in force, or had been replaced when the person decided.',
})
export class WordingNotInForce extends Refusal {
  readonly code = 'WordingNotInForce';

  @Field(() => String, {
    nullable: true,
    description: 'The version in force at that time in that language; null when there was none.',
  })
  readonly versionInForce: string | null;

  constructor(asked: { readonly version: string; readonly locale: string }, versionInForce: string | null) {
    const instead =
      versionInForce === null
        ? `There was no wording in ${asked.locale} then.`
        : `Version ${versionInForce} was: read that one out.`;
    super(`Version ${asked.version} (${asked.locale}) was not the wording in force at that time. ${instead}`);
    this.versionInForce = versionInForce;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The text that was shown to the person is not the text that is kept under this version.',
})
export class WordingDiffers extends Refusal {
  readonly code = 'WordingDiffers';

  @Field(() => String, { description: 'SHA-256 of the text that is kept, in lower-case hexadecimal.' })
  readonly sha256: string;

  constructor(sha256: string) {
    super(
      'The text that was shown is not the text kept under this version. Show the kept text and ask again.',
    );
    this.sha256 = sha256;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Consent is in force, so a "no" from that time on is a withdrawal, and has to be said as one.',
})
export class ConsentStillInForce extends Refusal {
  readonly code = 'ConsentStillInForce';

  constructor(reason: string) {
    super(`${reason} To take it back, withdraw it.`);
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is no consent in force that could be withdrawn.',
})
export class NothingToWithdraw extends Refusal {
  readonly code = 'NothingToWithdraw';

  @Field(() => ConsentState, { description: 'Where the patient stands instead.' })
  readonly state: ConsentState;

  constructor(state: ConsentState, reason: string) {
    super(`There is nothing to withdraw. ${reason}`);
    this.state = state;
  }
}
