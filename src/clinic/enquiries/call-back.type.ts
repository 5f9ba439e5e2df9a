import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CallBackAttemptOutcome,
  CallBackKind,
  CallBackLetter,
  CallBackOutcome,
  CallBackPriority,
  CallBackStatus,
  EnquiryTime,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { CallBackAction } from './call-back.refusals.js';

registerEnumType(CallBackKind, {
  name: 'CallBackKind',
  description: 'How they asked to be rung.',
  valuesMap: {
    VOICEMAIL: { description: 'They left a voicemail.' },
    MISSED_CALL: { description: 'They rang, and nobody answered.' },
    ASKED_FOR: { description: 'They asked for it, in a form, an e-mail or on the telephone.' },
  },
});

registerEnumType(CallBackPriority, {
  name: 'CallBackPriority',
  description: 'How soon they have to be rung.',
  valuesMap: {
    NORMAL: { description: 'Within the service level, in desk hours.' },
    RED_FLAG: { description: 'At once, whatever the hour: something they said may be a sign of danger.' },
  },
});

registerEnumType(CallBackAttemptOutcome, {
  name: 'CallBackAttemptOutcome',
  description: 'How ringing them went.',
  valuesMap: {
    SPOKE: { description: 'Spoke with them.' },
    NO_ANSWER: { description: 'Nobody answered, and no message was left.' },
    ENGAGED: { description: 'The line was engaged.' },
    LEFT_MESSAGE: { description: 'Left a message: only where they said that it is safe.' },
    WRONG_NUMBER: { description: 'It is not their number: it is taken away, and another has to be found.' },
    ASKED_TO_RING_LATER: { description: 'They answered and asked to be rung later.' },
  },
});

registerEnumType(CallBackOutcome, {
  name: 'CallBackOutcome',
  description: 'What came of a call-back.',
  valuesMap: {
    CONVERTED: { description: 'Its enquiry has become a referral, a booking request or a patient.' },
    NO_FURTHER_ACTION: { description: 'Nothing more is to be done, for the reason in the comment.' },
    UNREACHABLE: { description: 'They were tried as often as the clinic tries, and could not be reached.' },
  },
});

registerEnumType(CallBackLetter, {
  name: 'CallBackLetter',
  description: 'What was sent to whoever could not be reached.',
  valuesMap: {
    POSTED: { description: 'A letter was posted.' },
    EMAILED: { description: 'An e-mail was sent.' },
    NO_ADDRESS: { description: 'Nothing: no address of any kind is known.' },
  },
});

@ObjectType({ description: 'One time that they rang or asked to be rung. Only ever added to.' })
export class CallBackCall {
  @Field(() => ID, { description: 'Id of the call.' })
  readonly id: string;

  @Field(() => CallBackKind, { description: 'How.' })
  readonly kind: CallBackKind;

  @Field(() => Instant, { description: 'When.' })
  readonly receivedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was entered here.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { nullable: true, description: 'Staff account that entered it; null: it came by itself.' })
  readonly recordedById: string | null;

  @Field(() => String, { nullable: true, description: 'The name that they gave.' })
  readonly name: string | null;

  @Field(() => String, { nullable: true, description: 'What they said.' })
  readonly said: string | null;
}

@ObjectType({ description: 'One time that somebody of the clinic rang. Only ever added to.' })
export class CallBackAttempt {
  @Field(() => ID, { description: 'Id of the attempt.' })
  readonly id: string;

  @Field(() => Instant, { description: 'When.' })
  readonly madeAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that rang.' })
  readonly madeById: string;

  @Field(() => CallBackAttemptOutcome, { description: 'How it went.' })
  readonly outcome: CallBackAttemptOutcome;

  @Field(() => String, { nullable: true, description: 'The number that was rung, as entered.' })
  readonly phoneAsEntered: string | null;

  @Field(() => Instant, { nullable: true, description: 'When they want to be rung; null: they did not say.' })
  readonly ringAgainAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'What to remember of it.' })
  readonly note: string | null;
}

@ObjectType({ description: 'Somebody is to be rung back. One open call-back for each number.' })
export class CallBack {
  @Field(() => ID, { description: 'Id of the call-back (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The enquiry that it belongs to.' })
  readonly enquiryId: string;

  @Field(() => String, { description: 'Reference of the enquiry.' })
  readonly reference: string;

  @Field(() => CallBackStatus, { description: 'How it stands.' })
  readonly status: CallBackStatus;

  @Field(() => [CallBackAction], { description: 'What can be done with it now, by somebody who may.' })
  readonly allowedActions: readonly CallBackAction[];

  @Field(() => CallBackPriority, { description: 'How soon they have to be rung.' })
  readonly priority: CallBackPriority;

  @Field(() => Int, { description: 'Rises with each change.' })
  readonly version: number;

  @Field(() => String, { nullable: true, description: 'Name, as far as one was given.' })
  readonly name: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The number as heard or shown; null: withheld, or found to be wrong.',
  })
  readonly phoneAsEntered: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The same as E.164; null when it cannot be read as one.',
  })
  readonly phoneE164: string | null;

  @Field(() => SafeToLeaveMessage, { description: 'Whether a message may be left.' })
  readonly safeToLeaveMessage: SafeToLeaveMessage;

  @Field(() => [EnquiryTime], { description: 'When they are best reached.' })
  readonly bestTimes: readonly EnquiryTime[];

  @Field(() => [CallBackCall], { description: 'Each time that they rang, oldest first.' })
  readonly calls: readonly CallBackCall[];

  @Field(() => Int, { description: 'How often they rang.' })
  readonly callCount: number;

  @Field(() => Instant, { description: 'When they first rang.' })
  readonly calledAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When they last rang.' })
  readonly lastCalledAt: Temporal.Instant;

  @Field(() => [CallBackAttempt], { description: 'Each time that we rang, oldest first.' })
  readonly attempts: readonly CallBackAttempt[];

  @Field(() => Int, { description: 'How often we rang since it was opened, or opened again.' })
  readonly attemptCount: number;

  @Field(() => Boolean, {
    description: 'They were tried as often as the clinic tries, or there is no number to try.',
  })
  readonly isExhausted: boolean;

  @Field(() => Instant, { description: 'They are not to be rung before this.' })
  readonly nextAttemptAt: Temporal.Instant;

  @Field(() => Instant, { description: 'By when they are to be rung.' })
  readonly dueAt: Temporal.Instant;

  @Field(() => Boolean, { description: 'They wait, and that time is over.' })
  readonly isOverdue: boolean;

  @Field(() => Int, { description: 'How often the clinic was told that it is overdue.' })
  readonly escalations: number;

  @Field(() => ID, { nullable: true, description: 'Staff account that has it in hand; null: nobody now.' })
  readonly claimedById: string | null;

  @Field(() => Instant, { nullable: true, description: 'Until when; the claim ends by itself.' })
  readonly claimedUntil: Temporal.Instant | null;

  @Field(() => Instant, { nullable: true, description: 'When somebody last spoke with them.' })
  readonly reachedAt: Temporal.Instant | null;

  @Field(() => CallBackOutcome, { nullable: true, description: 'What came of it; null: it is open.' })
  readonly outcome: CallBackOutcome | null;

  @Field(() => String, { nullable: true, description: 'What was said to that.' })
  readonly outcomeComment: string | null;

  @Field(() => CallBackLetter, {
    nullable: true,
    description: 'What was sent to whoever could not be reached.',
  })
  readonly letter: CallBackLetter | null;

  @Field(() => Instant, { nullable: true, description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that closed it.' })
  readonly closedById: string | null;

  /** Whose look is recorded; not shown. */
  readonly patientId: string | null;
}

@ObjectType({ description: 'A page of call-backs, the one that is due first before the others.' })
export class CallBackPage extends pageOf(CallBack) {}
