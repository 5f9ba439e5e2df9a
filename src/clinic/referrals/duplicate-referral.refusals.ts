import { Field, ID, ObjectType } from '@nestjs/graphql';
import { ReferralPriority, ReferralSource, ReferralStatus } from '../../platform/database/generated/enums.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({ description: 'A referral of the same patient that is here already and not over.' })
export class OpenReferral {
  @Field(() => ID, { description: 'Id of the referral.' })
  readonly referralId: string;

  @Field(() => ReferralStatus, { description: 'How it stands.' })
  readonly status: ReferralStatus;

  @Field(() => ReferralPriority, { description: 'Its priority.' })
  readonly priority: ReferralPriority;

  @Field(() => ReferralSource, { description: 'Who sent the patient.' })
  readonly source: ReferralSource;

  @Field(() => String, { nullable: true, description: 'Name of its referrer; null when there is none.' })
  readonly referrerName: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the service it is for; null: was not said.' })
  readonly serviceCode: string | null;

  @Field(() => LocalDate, { description: 'The day it arrived.' })
  readonly receivedOn: string;
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The patient has referrals for the same service that are not over, or of which one of the two does not say for what it is. Nothing was taken in; the look is recorded. If this is none of them, send it again and name all of them in `confirmedNotDuplicateOf`; if it is, take the letter to that referral.',
})
export class OpenReferralExists extends Refusal {
  readonly code = 'OpenReferralExists';

  @Field(() => [OpenReferral], { description: 'The open referrals, the longest waiting first.' })
  readonly openReferrals: readonly OpenReferral[];

  constructor(openReferrals: readonly OpenReferral[]) {
    super(
      'A referral of this patient for the same service is open already. Look whether it is the same; if it is not, confirm that.',
    );
    this.openReferrals = openReferrals;
  }
}
