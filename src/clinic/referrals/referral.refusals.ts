import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What can be done with a referral. */
export const ReferralAction = { ACCEPT: 'ACCEPT', DECLINE: 'DECLINE' } as const;
export type ReferralAction = (typeof ReferralAction)[keyof typeof ReferralAction];

registerEnumType(ReferralAction, {
  name: 'ReferralAction',
  description: 'What can be done with a referral.',
  valuesMap: {
    ACCEPT: { description: '`acceptReferral`.' },
    DECLINE: { description: '`declineReferral`.' },
  },
});

registerEnumType(ReferralStatus, {
  name: 'ReferralStatus',
  description: 'How a referral stands.',
  valuesMap: {
    AWAITING_TRIAGE: { description: 'Received; a clinician has to decide.' },
    ACCEPTED: { description: 'A clinician accepted it: a scan may be booked.' },
    DECLINED: { description: 'A clinician declined it, with a reason.' },
  },
});

const IN_WORDS = {
  AWAITING_TRIAGE: 'still waits for triage',
  ACCEPTED: 'has been accepted',
  DECLINED: 'has been declined',
} as const satisfies Record<ReferralStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has decided on this referral before. Their decision stands.',
})
export class ReferralAlreadyDecided extends Refusal {
  readonly code = 'ReferralAlreadyDecided';

  @Field(() => ReferralStatus, { description: 'How the referral stands.' })
  readonly status: ReferralStatus;

  @Field(() => [ReferralAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly ReferralAction[];

  constructor(status: ReferralStatus, allowedActions: readonly ReferralAction[]) {
    super(`This referral ${IN_WORDS[status]} already. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}
