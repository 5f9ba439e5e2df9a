import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { Allow, Permission } from '../auth/permission.type.js';
import { ReferralReasonService } from './referral-reason.service.js';
import { ReferralReason } from './referral-reason.type.js';
import { ReferralServiceKind } from './referral-service-kind.type.js';

@Resolver(() => ReferralReason)
export class ReferralReasonResolver {
  constructor(@Inject(ReferralReasonService) private readonly reasons: ReferralReasonService) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => [ReferralReason], {
    description:
      'The reasons in use today, by name: what each may be given for and by whom, and who is told. Needs READ_REFERRAL.',
  })
  referralReasons() {
    return this.reasons.reasons();
  }

  @Allow(Permission.READ_REFERRAL)
  @Query(() => [ReferralServiceKind], {
    description: 'What patients can be referred for today, by name. Needs READ_REFERRAL.',
  })
  referralServices() {
    return this.reasons.services();
  }
}
