import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { AdviceThread } from './advice.type.js';
import { AdviceRecordService } from './advice-record.service.js';
import { Referral } from './referral.type.js';

const THREADS = Symbol('questions for advice that referrals came of');

/** Referral.adviceThread. */
@Resolver(() => Referral)
export class AdviceReferralResolver {
  constructor(@Inject(AdviceRecordService) private readonly records: AdviceRecordService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => AdviceThread, {
    nullable: true,
    description:
      'The question for advice that it came of; null: of none. The look is recorded. Needs READ_REFERRAL.',
  })
  adviceThread(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, THREADS, (ids) => this.records.ofReferrals(actor, ids));
    return loader.load(referral.id);
  }
}
