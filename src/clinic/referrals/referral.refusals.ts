import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ReferralAction, ReferralStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

const IN_WORDS = {
  RECEIVED: 'has not been taken up yet',
  BEING_TRIAGED: 'is being triaged',
  INFORMATION_REQUESTED: 'waits for information from the referrer',
  ACCEPTED: 'has been accepted',
  BOOKED: 'has been accepted and booked',
  REDIRECTED: 'has been passed on',
  DECLINED: 'has been declined',
  RETURNED_WITH_ADVICE: 'has been returned with advice',
  COMPLETED: 'is completed',
  WITHDRAWN: 'has been withdrawn',
  MERGED: 'has been merged into another',
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

@ObjectType({
  implements: () => [Refusal],
  description: 'As the referral stands, this cannot be done with it.',
})
export class ReferralNotPossible extends Refusal {
  readonly code = 'ReferralNotPossible';

  @Field(() => ReferralStatus, { description: 'How the referral stands.' })
  readonly status: ReferralStatus;

  @Field(() => [ReferralAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly ReferralAction[];

  constructor(status: ReferralStatus, allowedActions: readonly ReferralAction[]) {
    super(`This referral ${IN_WORDS[status]}. Look at it again: something else can be done with it.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has changed the referral since it was read with the version that was sent.',
})
export class ReferralChangedMeanwhile extends Refusal {
  readonly code = 'ReferralChangedMeanwhile';

  @Field(() => ReferralStatus, { description: 'How the referral stands now.' })
  readonly status: ReferralStatus;

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  constructor(status: ReferralStatus, version: number) {
    super(`Somebody was quicker: this referral ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Visits of the referral are held, booked or under way, or a request for one still waits. Cancel the visits and close the requests first.',
})
export class ReferralHasVisits extends Refusal {
  readonly code = 'ReferralHasVisits';

  @Field(() => [ID], { description: 'The visits: `cancelVisit`, or `releaseHold` of one that is only held.' })
  readonly visitIds: readonly string[];

  @Field(() => [ID], { description: 'The requests that wait: `closeRequest`.' })
  readonly requestIds: readonly string[];

  constructor(visitIds: readonly string[], requestIds: readonly string[]) {
    super(
      'Something is still booked or waits to be booked for this referral. Cancel its visits and close its requests first.',
    );
    this.visitIds = visitIds;
    this.requestIds = requestIds;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Only others may give this reason: `referralReasons` says who.',
})
export class ReferralReasonNotYours extends Refusal {
  readonly code = 'ReferralReasonNotYours';

  @Field(() => String, { description: 'Code of the reason.' })
  readonly reasonCode: string;

  constructor(reasonCode: string, name: string) {
    super(`Your role may not give the reason "${name}". Ask somebody who may, or choose another.`);
    this.reasonCode = reasonCode;
  }
}
