import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ReferralStatus, VisitRequestStatus } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import { UNDECIDED_REFERRALS } from './visit.refusals.js';

registerEnumType(VisitRequestStatus, {
  name: 'VisitRequestStatus',
  description: 'How a request for a visit stands.',
  valuesMap: {
    WAITING: { description: 'No visit is booked for it: it is on the waiting list.' },
    BOOKED: { description: 'A visit is booked for it, or has taken place.' },
    CLOSED: { description: 'It was taken off the list without a visit, for a reason.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description: 'The patient already waits for this kind of visit on the same referral. Use that request.',
})
export class AlreadyWaiting extends Refusal {
  readonly code = 'AlreadyWaiting';

  @Field(() => ID, { description: 'The request that waits.' })
  readonly requestId: string;

  @Field(() => LocalDate, { description: 'The day from which its wait is counted.' })
  readonly clockStartedOn: string;

  constructor(requestId: string, clockStartedOn: Temporal.PlainDate) {
    super(
      `The patient has been waiting for this kind of visit since ${formatDate(clockStartedOn)}. Use that request, or close it first.`,
    );
    this.requestId = requestId;
    this.clockStartedOn = clockStartedOn.toString();
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral that was named is not an accepted one.',
})
export class ReferralNotYetAccepted extends Refusal {
  readonly code = 'ReferralNotYetAccepted';

  @Field(() => ReferralStatus, { description: 'How the referral stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super(
      status === ReferralStatus.DECLINED
        ? 'The referral was declined. A visit needs an accepted one: ask the referrer for a new referral.'
        : UNDECIDED_REFERRALS.includes(status)
          ? 'The referral still waits for triage. A clinician must accept it before a visit is asked for on it.'
          : 'The referral is over. A visit needs an accepted one: open it again, or ask for a new referral.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The clinic no longer offers this kind of visit.',
})
export class VisitTypeRetired extends Refusal {
  readonly code = 'VisitTypeRetired';

  @Field(() => LocalDate, { description: 'The first day on which it was not offered.' })
  readonly retiredOn: string;

  constructor(retiredOn: Temporal.PlainDate) {
    super(`The clinic has not offered this kind of visit since ${formatDate(retiredOn)}. Choose another.`);
    this.retiredOn = retiredOn.toString();
  }
}

const IN_WORDS = {
  WAITING: 'waits',
  BOOKED: 'has a visit: cancel the visit first',
  CLOSED: 'was closed before: make a new one',
} as const satisfies Record<VisitRequestStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'The request does not wait: a visit is booked for it, or it was closed.',
})
export class RequestNotWaiting extends Refusal {
  readonly code = 'RequestNotWaiting';

  @Field(() => VisitRequestStatus, { description: 'How it stands.' })
  readonly status: VisitRequestStatus;

  constructor(status: VisitRequestStatus) {
    super(`This request ${IN_WORDS[status]}. Nothing was changed.`);
    this.status = status;
  }
}
