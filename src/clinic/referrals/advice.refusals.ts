import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What can be done with a question for advice. */
export const AdviceAction = {
  ASK_MORE: 'ASK_MORE',
  ANSWER: 'ANSWER',
  LINK_PATIENT: 'LINK_PATIENT',
  CLOSE: 'CLOSE',
  REOPEN: 'REOPEN',
  CONVERT: 'CONVERT',
} as const;
export type AdviceAction = (typeof AdviceAction)[keyof typeof AdviceAction];

registerEnumType(AdviceAction, {
  name: 'AdviceAction',
  description: 'What can be done with a question for advice.',
  valuesMap: {
    ASK_MORE: { description: '`askMoreAdvice`.' },
    ANSWER: { description: '`answerAdvice`.' },
    LINK_PATIENT: { description: '`linkAdviceToPatient`.' },
    CLOSE: { description: '`closeAdviceThread`.' },
    REOPEN: { description: '`reopenAdviceThread`.' },
    CONVERT: { description: '`convertAdviceToReferral`.' },
  },
});

registerEnumType(AdviceStatus, {
  name: 'AdviceStatus',
  description: 'How a question for advice stands.',
  valuesMap: {
    OPEN: { description: 'The referrer waits for an answer.' },
    ANSWERED: { description: 'A clinician has answered. The referrer may ask more.' },
    CLOSED: { description: 'Nothing more is to be said; it can be opened again.' },
    CONVERTED: { description: 'It has become a referral.' },
  },
});

const IN_WORDS = {
  OPEN: 'still waits for an answer',
  ANSWERED: 'has been answered',
  CLOSED: 'is closed',
  CONVERTED: 'has become a referral',
} as const satisfies Record<AdviceStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'As the question for advice stands, this cannot be done with it.',
})
export class AdviceNotPossible extends Refusal {
  readonly code = 'AdviceNotPossible';

  @Field(() => AdviceStatus, { description: 'How it stands.' })
  readonly status: AdviceStatus;

  @Field(() => [AdviceAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly AdviceAction[];

  constructor(status: AdviceStatus, allowedActions: readonly AdviceAction[]) {
    super(`This question ${IN_WORDS[status]}, so that cannot be done with it. Look at it again.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something has happened to the question for advice since it was read.',
})
export class AdviceChangedMeanwhile extends Refusal {
  readonly code = 'AdviceChangedMeanwhile';

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  constructor(version: number) {
    super('This question has changed since you read it. Look at it again before you do more.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It is not known yet who the question is about. Register the patient and link them first.',
})
export class AdvicePatientUnknown extends Refusal {
  readonly code = 'AdvicePatientUnknown';

  constructor() {
    super(
      'A referral is about a registered patient: find or register them, and link the question to them first.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The answer is to go by e-mail, and no e-mail address of the referrer is known.',
})
export class AdviceReferrerWithoutEmail extends Refusal {
  readonly code = 'AdviceReferrerWithoutEmail';

  constructor() {
    super(
      'No e-mail address of this referrer is known. Answer by letter or telephone, and record it as that.',
    );
  }
}
