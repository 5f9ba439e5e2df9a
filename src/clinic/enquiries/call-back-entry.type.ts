import { Field, ObjectType } from '@nestjs/graphql';
import type { CallBackKind, SafeToLeaveMessage } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import type { Temporal } from '../../platform/time/index.js';
import { CallBack } from './call-back.type.js';
import { EnquiryNotInState } from './enquiry.refusals.js';

/** One call as it came in. */
export interface CallMade {
  readonly kind: CallBackKind;
  readonly phone: string | null;
  readonly phoneE164: string | null;
  readonly name: string | null;
  readonly said: string | null;
  readonly receivedAt: Temporal.Instant;
  readonly safeToLeaveMessage: SafeToLeaveMessage | null;
  /** The enquiry that it certainly belongs to; null: not known. */
  readonly enquiryId: string | null;
}

@ObjectType({ description: 'A call that was recorded, and who is to be rung for it.' })
export class RecordedCall {
  @Field(() => CallBack, { description: 'The call-back: a new one, or their open one to the same number.' })
  readonly callBack: CallBack;

  @Field(() => Boolean, {
    description:
      'They waited at the same number already: this call was added to that call-back. Others who share the telephone have their own.',
  })
  readonly isJoined: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'What was said may be a sign of danger: the advice in force for emergencies, to be given when they are rung at once. Null: nothing was seen.',
  })
  readonly emergencyAdvice: string | null;
}

export const RecordCallResult = resultUnion(
  'RecordCallResult',
  RecordedCall,
  [EnquiryNotInState],
  'What was recorded, or why not: the enquiry that was named is over.',
);
