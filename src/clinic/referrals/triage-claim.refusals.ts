import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody else has the referral in hand. Whoever takes it over says why: `claimReferral` with a reason.',
})
export class ReferralClaimedByAnother extends Refusal {
  readonly code = 'ReferralClaimedByAnother';

  @Field(() => ID, { description: 'Staff account that has it in hand.' })
  readonly claimedById: string;

  @Field(() => Instant, { description: 'It is free from then on, unless they act before.' })
  readonly claimedUntil: Temporal.Instant;

  constructor(claimedById: string, claimedUntil: Temporal.Instant) {
    super('Somebody else has this referral in hand. Speak to them, or take it over with a reason.');
    this.claimedById = claimedById;
    this.claimedUntil = claimedUntil;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    "There is no claim of yours on this referral: it lapsed, was given back, or is somebody else's.",
})
export class ReferralNotClaimed extends Refusal {
  readonly code = 'ReferralNotClaimed';

  constructor() {
    super('You do not have this referral in hand, so there is nothing to give back.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The account named is not one of a clinician who can sign in, so the referral cannot be theirs.',
})
export class NotAClinician extends Refusal {
  readonly code = 'NotAClinician';

  constructor() {
    super('A referral is assigned to a clinician who works here. Choose another account.');
  }
}
