import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CallBackStatus, SafeToLeaveMessage } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

/** What can be done with a call-back. */
export const CallBackAction = {
  CLAIM: 'CLAIM',
  RELEASE: 'RELEASE',
  GIVE_NUMBER: 'GIVE_NUMBER',
  RECORD_ATTEMPT: 'RECORD_ATTEMPT',
  CLOSE: 'CLOSE',
  REOPEN: 'REOPEN',
} as const;
export type CallBackAction = (typeof CallBackAction)[keyof typeof CallBackAction];

registerEnumType(CallBackAction, {
  name: 'CallBackAction',
  description: 'What can be done with a call-back.',
  valuesMap: {
    CLAIM: { description: 'Take it in hand.' },
    RELEASE: { description: 'Let it go again.' },
    GIVE_NUMBER: { description: 'Say by which number they can be reached.' },
    RECORD_ATTEMPT: { description: 'Say how ringing them went.' },
    CLOSE: { description: 'Say what came of it.' },
    REOPEN: { description: 'They are to be rung after all.' },
  },
});

registerEnumType(CallBackStatus, {
  name: 'CallBackStatus',
  description: 'How a call-back stands.',
  valuesMap: {
    WAITING: { description: 'They wait to be rung.' },
    REACHED: { description: 'Somebody spoke with them; what comes of it is open.' },
    CLOSED: { description: 'It is settled.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description: 'The call-back is not in a state in which that can be done.',
})
export class CallBackNotOpen extends Refusal {
  readonly code = 'CallBackNotOpen';

  @Field(() => CallBackStatus, { description: 'How it stands.' })
  readonly status: CallBackStatus;

  @Field(() => [CallBackAction], { description: 'What can be done with it instead.' })
  readonly allowedActions: readonly CallBackAction[];

  constructor(status: CallBackStatus, allowedActions: readonly CallBackAction[]) {
    super(
      status === CallBackStatus.CLOSED
        ? 'The call-back is closed. Reopen it first.'
        : 'The call-back is open already: nothing needs to be reopened.',
    );
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody else has the call-back in hand. Two who ring one person are one too many.',
})
export class CallBackClaimedByOther extends Refusal {
  readonly code = 'CallBackClaimedByOther';

  @Field(() => ID, { description: 'Staff account that has it in hand.' })
  readonly claimedById: string;

  @Field(() => Instant, { description: 'Until when, unless they take it again or let it go.' })
  readonly claimedUntil: Temporal.Instant;

  constructor(claimedById: string, claimedUntil: Temporal.Instant) {
    super('Somebody else has this call-back in hand. Ask them, or wait until their claim has lapsed.');
    this.claimedById = claimedById;
    this.claimedUntil = claimedUntil;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'It changed since it was read. Read it again.',
})
export class CallBackChangedMeanwhile extends Refusal {
  readonly code = 'CallBackChangedMeanwhile';

  @Field(() => Int, { description: 'The version that it has now.' })
  readonly version: number;

  constructor(version: number) {
    super('This call-back has changed since you read it. Look at it again.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The enquirer has not said that a message may be left: whoever shares the telephone may hear it.',
})
export class MessageNotSafe extends Refusal {
  readonly code = 'MessageNotSafe';

  @Field(() => SafeToLeaveMessage, { description: 'What is recorded.' })
  readonly safeToLeaveMessage: SafeToLeaveMessage;

  constructor(safeToLeaveMessage: SafeToLeaveMessage) {
    super(
      safeToLeaveMessage === SafeToLeaveMessage.NO
        ? 'They said that no message may be left. If one was left all the same, say NO_ANSWER with a note, and report it.'
        : 'Nobody has asked whether a message may be left. Ring again instead; ask when they answer.',
    );
    this.safeToLeaveMessage = safeToLeaveMessage;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'They have not been tried as often as the clinic tries before it gives up.',
})
export class CallBackNotTriedEnough extends Refusal {
  readonly code = 'CallBackNotTriedEnough';

  @Field(() => Int, { description: 'How often they were tried.' })
  readonly attempts: number;

  @Field(() => Int, { description: 'How often they are to be tried.' })
  readonly attemptsMax: number;

  constructor(attempts: number, attemptsMax: number) {
    super(
      `They were tried ${attempts} of ${attemptsMax} times. Ring again before they count as unreachable.`,
    );
    this.attempts = attempts;
    this.attemptsMax = attemptsMax;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'A red flag of this enquiry is open. A clinician has to see to it before nobody waits any more.',
})
export class CallBackHasRedFlag extends Refusal {
  readonly code = 'CallBackHasRedFlag';

  constructor() {
    super('A red flag of this enquiry is open. A clinician closes it first, in words.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The enquiry was not converted, so its call-back cannot have ended so.',
})
export class CallBackNotConverted extends Refusal {
  readonly code = 'CallBackNotConverted';

  constructor() {
    super('The enquiry has not been converted. Convert it first, or say what else came of the call.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Another call-back to the same person at the same number is open: they are rung once.',
})
export class NumberWaitingAlready extends Refusal {
  readonly code = 'NumberWaitingAlready';

  constructor() {
    super('Another call-back to them at this number is open. Work with that one.');
  }
}
