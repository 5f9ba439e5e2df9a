import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

/** The three kinds of consent. None says anything about another. */
export const ConsentKind = {
  PRIVACY_NOTICE: 'PRIVACY_NOTICE',
  CONTACT: 'CONTACT',
  CLINICAL: 'CLINICAL',
} as const;
export type ConsentKind = (typeof ConsentKind)[keyof typeof ConsentKind];

registerEnumType(ConsentKind, {
  name: 'ConsentKind',
  description: 'The three kinds of consent. None says anything about another.',
  valuesMap: {
    PRIVACY_NOTICE: { description: 'That a privacy notice was read. Not a consent to anything.' },
    CONTACT: { description: 'How and about what the clinic may write; marketing among it.' },
    CLINICAL: { description: 'To something that is done to the patient: imaging, a procedure.' },
  },
});

/** Where a patient stands on a purpose. "Not asked" is not "declined". */
export const ConsentState = {
  NEVER_ASKED: 'NEVER_ASKED',
  IN_FORCE: 'IN_FORCE',
  DECLINED: 'DECLINED',
  NOT_CHOSEN: 'NOT_CHOSEN',
  UNKNOWN: 'UNKNOWN',
  REFUSED: 'REFUSED',
  WITHDRAWN: 'WITHDRAWN',
  INVALIDATED: 'INVALIDATED',
  EXPIRED: 'EXPIRED',
} as const;
export type ConsentState = (typeof ConsentState)[keyof typeof ConsentState];

registerEnumType(ConsentState, {
  name: 'ConsentState',
  description: 'Where a patient stands on a purpose. Only IN_FORCE lets anything be done.',
  valuesMap: {
    NEVER_ASKED: { description: 'No decision is recorded. This is not a "no".' },
    IN_FORCE: { description: 'Consent was given and holds.' },
    DECLINED: { description: 'Asked, and said no.' },
    NOT_CHOSEN: { description: 'Asked, and chose neither yes nor no: both boxes were left empty.' },
    UNKNOWN: { description: 'There was an answer, and it cannot be told what it was.' },
    REFUSED: { description: 'Did not want to be asked, or to talk about it.' },
    WITHDRAWN: { description: 'Consent was given once and has been withdrawn.' },
    INVALIDATED: { description: 'Consent was recorded and found not to be valid, such as another person’s.' },
    EXPIRED: {
      description:
        'Consent was given and has ended by itself: its time is over, or a newer wording asks again.',
    },
  },
});

/** Why a patient stands so, for machines: the state, or more than the state says. */
export const ConsentReason = {
  NEVER_ASKED: 'NEVER_ASKED',
  PLACE_NOT_COVERED: 'PLACE_NOT_COVERED',
  PROCEDURE_NOT_NAMED: 'PROCEDURE_NOT_NAMED',
  IN_FORCE: 'IN_FORCE',
  DECLINED: 'DECLINED',
  NOT_CHOSEN: 'NOT_CHOSEN',
  UNKNOWN: 'UNKNOWN',
  REFUSED: 'REFUSED',
  WITHDRAWN: 'WITHDRAWN',
  INVALIDATED: 'INVALIDATED',
  VALIDITY_OVER: 'VALIDITY_OVER',
  WORDING_REPLACED: 'WORDING_REPLACED',
} as const;
export type ConsentReason = (typeof ConsentReason)[keyof typeof ConsentReason];

registerEnumType(ConsentReason, {
  name: 'ConsentReason',
  description: 'Why a patient stands so on a purpose. Safe to branch on.',
  valuesMap: {
    NEVER_ASKED: { description: 'No decision is recorded.' },
    PLACE_NOT_COVERED: { description: 'Asked about another side or other levels, not about these.' },
    PROCEDURE_NOT_NAMED: { description: 'The question does not say which procedure.' },
    IN_FORCE: { description: 'Consent was given and holds.' },
    DECLINED: { description: 'Asked, and said no.' },
    NOT_CHOSEN: { description: 'Asked, and chose neither.' },
    UNKNOWN: { description: 'The answer cannot be told.' },
    REFUSED: { description: 'Did not want to be asked.' },
    WITHDRAWN: { description: 'Taken back.' },
    INVALIDATED: { description: 'Found not to be valid.' },
    VALIDITY_OVER: { description: 'Its time is over.' },
    WORDING_REPLACED: { description: 'A newer wording asks for a new consent.' },
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

@ObjectType({
  implements: () => [Refusal],
  description: 'What has to be said of a "yes" was not said. A form that was left blank is not a consent.',
})
export class ConsentIncomplete extends Refusal {
  readonly code = 'ConsentIncomplete';

  @Field(() => [String], { description: 'The fields that are missing, such as told.risks.' })
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`A "yes" needs more than was said. Missing: ${missing.join(', ')}.`);
    this.missing = missing;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever decided may not decide this for this patient at that age.',
})
export class GiverMayNotDecide extends Refusal {
  readonly code = 'GiverMayNotDecide';
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is no consent in force that this record gave, so there is nothing to confirm or to find invalid.',
})
export class ConsentNotInForce extends Refusal {
  readonly code = 'ConsentNotInForce';

  @Field(() => ConsentState, { description: 'Where the patient stands instead.' })
  readonly state: ConsentState;

  constructor(state: ConsentState, reason: string) {
    super(`This consent is not in force. ${reason}`);
    this.state = state;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The side or the levels that were said on the day are not those of the consent. Stop and ask.',
})
export class ConsentPlaceDiffers extends Refusal {
  readonly code = 'ConsentPlaceDiffers';

  @Field(() => String, { description: 'The side and levels of the consent, in words.' })
  readonly agreedTo: string;

  constructor(agreedTo: string) {
    super(
      `The consent is for ${agreedTo === '' ? 'no side and no level by name' : agreedTo}. ` +
        'Stop, find out which is right, and take a new consent if need be.',
    );
    this.agreedTo = agreedTo;
  }
}
