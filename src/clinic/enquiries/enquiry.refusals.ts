import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { EnquiryStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

/** What can be done with an enquiry. */
export const EnquiryAction = {
  CLAIM: 'CLAIM',
  RELEASE: 'RELEASE',
  NOTE: 'NOTE',
  REPLY: 'REPLY',
  MATCH: 'MATCH',
  CONVERT: 'CONVERT',
  CLOSE: 'CLOSE',
  REOPEN: 'REOPEN',
  MARK_SPAM: 'MARK_SPAM',
  NOT_SPAM: 'NOT_SPAM',
} as const;
export type EnquiryAction = (typeof EnquiryAction)[keyof typeof EnquiryAction];

registerEnumType(EnquiryAction, {
  name: 'EnquiryAction',
  description: 'What can be done with an enquiry.',
  valuesMap: {
    CLAIM: { description: '`claimEnquiry`.' },
    RELEASE: { description: '`releaseEnquiry`.' },
    NOTE: { description: '`noteOnEnquiry`.' },
    REPLY: { description: '`replyToEnquiry`.' },
    MATCH: { description: 'Say which patient it is from.' },
    CONVERT: { description: 'Make a referral or a booking request of it.' },
    CLOSE: { description: '`closeEnquiry`.' },
    REOPEN: { description: '`reopenEnquiry`.' },
    MARK_SPAM: { description: '`markSpam`.' },
    NOT_SPAM: { description: '`notSpam`.' },
  },
});

const IN_WORDS = {
  NEW: 'is new',
  IN_HAND: 'is in hand',
  ANSWERED: 'has been answered',
  CONVERTED: 'has become a referral or a request',
  CLOSED: 'has been closed',
  SPAM: 'is kept as spam',
} as const satisfies Record<EnquiryStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'This cannot be done with an enquiry that stands like this. Somebody may have been quicker.',
})
export class EnquiryNotInState extends Refusal {
  readonly code = 'EnquiryNotInState';

  @Field(() => EnquiryStatus, { description: 'How the enquiry stands.' })
  readonly status: EnquiryStatus;

  @Field(() => [EnquiryAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly EnquiryAction[];

  constructor(status: EnquiryStatus, allowedActions: readonly EnquiryAction[]) {
    super(`This enquiry ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody else has taken this enquiry. They can finish it, or it can be released first.',
})
export class EnquiryAlreadyClaimed extends Refusal {
  readonly code = 'EnquiryAlreadyClaimed';

  @Field(() => ID, { description: 'Staff account that has it.' })
  readonly claimedById: string;

  @Field(() => Instant, { description: 'Since when.' })
  readonly claimedAt: Temporal.Instant;

  constructor(claimedById: string, claimedAt: Temporal.Instant) {
    super('Somebody else has taken this enquiry. Ask them, or release it first.');
    this.claimedById = claimedById;
    this.claimedAt = claimedAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The enquirer left no e-mail address, so nothing can be written to them from here.',
})
export class EnquirerHasNoEmail extends Refusal {
  readonly code = 'EnquirerHasNoEmail';

  constructor() {
    super('There is no e-mail address to write to. Ring instead, and note what was said.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The privacy notice has been shown already; what was recorded then stands.',
})
export class PrivacyNoticeAlreadyShown extends Refusal {
  readonly code = 'PrivacyNoticeAlreadyShown';

  @Field(() => Instant, { description: 'When.' })
  readonly tickedAt: Temporal.Instant;

  constructor(tickedAt: Temporal.Instant) {
    super('The privacy notice has been shown to this enquirer already.');
    this.tickedAt = tickedAt;
  }
}

/** The same form is here already. Never shown: whoever sent it twice gets the answer of the first time. */
export class FormSentBefore extends Refusal {
  readonly code = 'FormSentBefore';

  constructor() {
    super('This form has been sent before.');
  }
}
