import { Field, ObjectType } from '@nestjs/graphql';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral does not wait for a decision (any more), so nothing can be arranged for it.',
})
export class ReferralNotWaiting extends Refusal {
  readonly code = 'ReferralNotWaiting';

  @Field(() => ReferralStatus, { description: 'How it stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super('This referral does not wait for a decision any more. Look at it again.');
    this.status = status;
  }
}
