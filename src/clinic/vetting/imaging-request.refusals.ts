import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  ImagingRequestAction,
  ImagingRequestStatus,
  ReferralStatus,
} from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

const IN_WORDS = {
  DRAFT: 'is a draft',
  INCOMPLETE: 'is incomplete',
  SUBMITTED: 'waits for the practitioner',
  INFORMATION_ASKED: 'waits for information from the referrer',
  JUSTIFIED: 'is justified and not authorised yet',
  AUTHORISED: 'is justified and authorised',
  REJECTED: 'has been rejected',
  WITHDRAWN: 'has been withdrawn',
  LAPSED: 'has lapsed',
} as const satisfies Record<ImagingRequestStatus, string>;

const ENDED: readonly ImagingRequestStatus[] = ['REJECTED', 'WITHDRAWN', 'LAPSED'];

@ObjectType({
  implements: () => [Refusal],
  description:
    'As the imaging request stands, this cannot be done with it. Of two who decide at once the second reads this.',
})
export class ImagingRequestNotPossible extends Refusal {
  readonly code = 'ImagingRequestNotPossible';

  @Field(() => ImagingRequestStatus, { description: 'How the request stands.' })
  readonly status: ImagingRequestStatus;

  @Field(() => [ImagingRequestAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly ImagingRequestAction[];

  constructor(status: ImagingRequestStatus, allowedActions: readonly ImagingRequestAction[]) {
    super(
      ENDED.includes(status)
        ? `This imaging request ${IN_WORDS[status]}. If imaging is wanted, make a new request.`
        : `This imaging request ${IN_WORDS[status]}. Look at it again: something else can be done with it.`,
    );
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody has changed the request since it was read with the version or revision that was sent.',
})
export class ImagingRequestChangedMeanwhile extends Refusal {
  readonly code = 'ImagingRequestChangedMeanwhile';

  @Field(() => ImagingRequestStatus, { description: 'How the request stands now.' })
  readonly status: ImagingRequestStatus;

  @Field(() => Int, { description: 'Its version now.' })
  readonly version: number;

  @Field(() => Int, { description: 'The revision of what it says now.' })
  readonly revision: number;

  constructor(now: {
    readonly status: ImagingRequestStatus;
    readonly version: number;
    readonly revision: number;
  }) {
    super(
      `Somebody was quicker: this imaging request ${IN_WORDS[now.status]}. Read it again before you go on.`,
    );
    this.status = now.status;
    this.version = now.version;
    this.revision = now.revision;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral has a live imaging request already: amend that one, or withdraw it first.',
})
export class ImagingRequestExists extends Refusal {
  readonly code = 'ImagingRequestExists';

  @Field(() => ID, {
    nullable: true,
    description: 'The live request; null: it was made in this very moment.',
  })
  readonly requestId: string | null;

  constructor(requestId: string | null) {
    super('This referral has an imaging request already. Amend that one, or withdraw it first.');
    this.requestId = requestId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The referral is over, so nothing can be requested for it. Open it again, or receive a new one.',
})
export class ReferralIsOver extends Refusal {
  readonly code = 'ReferralIsOver';

  @Field(() => ReferralStatus, { description: 'How the referral stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super(
      'This referral is over, so imaging cannot be requested for it. Open it again, or receive a new one.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody else has the request in hand. Whoever takes it over says why: `claimImagingRequest` with a reason.',
})
export class ImagingRequestClaimedByAnother extends Refusal {
  readonly code = 'ImagingRequestClaimedByAnother';

  @Field(() => ID, { description: 'Staff account that has it in hand.' })
  readonly claimedById: string;

  @Field(() => Instant, { description: 'It is free from then on, unless they act before.' })
  readonly claimedUntil: Temporal.Instant;

  constructor(claimedById: string, claimedUntil: Temporal.Instant) {
    super('Somebody else has this imaging request in hand. Speak to them, or take it over with a reason.');
    this.claimedById = claimedById;
    this.claimedUntil = claimedUntil;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'There is no claim of yours on this request: it lapsed, was given back, or is somebody else’s.',
})
export class ImagingRequestNotClaimed extends Refusal {
  readonly code = 'ImagingRequestNotClaimed';

  constructor() {
    super('You do not have this imaging request in hand, so there is nothing to give back.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The exposure that this request was for has taken place or begun: what it was judged by stays as it was. Add to the record of the examination, or make a new request for another exposure.',
})
export class ExposureHasBegun extends Refusal {
  readonly code = 'ExposureHasBegun';

  constructor() {
    super(
      'The examination has begun, so what it was judged by cannot be changed any more. Record what is to be said with the examination itself. For another exposure make a new request.',
    );
  }
}
