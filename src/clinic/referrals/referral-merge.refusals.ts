import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'The two referrals are about two patients. If the patients are one person, merge their records first.',
})
export class ReferralsOfTwoPatients extends Refusal {
  readonly code = 'ReferralsOfTwoPatients';

  @Field(() => [ID], { description: 'The two patients.' })
  readonly patientIds: readonly string[];

  constructor(patientIds: readonly string[]) {
    super('These referrals are about two patients. If they are one person, merge their records first.');
    this.patientIds = patientIds;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral that was to be kept is over, so nothing can be merged into it.',
})
export class KeptReferralIsOver extends Refusal {
  readonly code = 'KeptReferralIsOver';

  @Field(() => ReferralStatus, { description: 'How it stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super('The referral that you want to keep is over. Keep the other one, or open it again first.');
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The referral that was to be merged still waits for a decision, and the one to be kept has been decided: merged, it would be read by nobody. A clinician who has read both may merge them.',
})
export class KeptReferralIsDecided extends Refusal {
  readonly code = 'KeptReferralIsDecided';

  @Field(() => ReferralStatus, { description: 'How the one to be kept stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super(
      'The referral that you want to keep has been decided, and the other one has not been. Have a clinician read both and merge them.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral is not merged into another, so there is nothing to take back.',
})
export class ReferralNotMerged extends Refusal {
  readonly code = 'ReferralNotMerged';

  @Field(() => ReferralStatus, { description: 'How it stands.' })
  readonly status: ReferralStatus;

  constructor(status: ReferralStatus) {
    super('This referral is not merged into another, so there is nothing to take back.');
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The merge is too long ago to be taken back: letters have been written about the referral that was kept.',
})
export class ReferralMergeTooOld extends Refusal {
  readonly code = 'ReferralMergeTooOld';

  @Field(() => Instant, { description: 'Until when it could be taken back.' })
  readonly undoableUntil: Temporal.Instant;

  @Field(() => Int, { description: 'For how many days of 24 hours a merge can be taken back.' })
  readonly daysMax: number;

  constructor(undoableUntil: Temporal.Instant, daysMax: number) {
    super(
      `A merge can be taken back for ${daysMax} days, and this one is older. Take in the referral anew if it is needed.`,
    );
    this.undoableUntil = undoableUntil;
    this.daysMax = daysMax;
  }
}
