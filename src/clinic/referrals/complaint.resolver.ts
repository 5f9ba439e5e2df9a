import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ComplaintService } from './complaint.service.js';
import {
  CorrectSpineComplaintInput,
  CorrectSpineComplaintResult,
  RecordSpineComplaintInput,
  ReferralComplaint,
  RetireSpineComplaintInput,
} from './complaint.type.js';
import { Referral } from './referral.type.js';

const COMPLAINTS = Symbol('complaints of referrals');

@Resolver(() => Referral)
export class ComplaintResolver {
  constructor(@Inject(ComplaintService) private readonly complaintService: ComplaintService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [ReferralComplaint], {
    description: 'Where it hurts, a row for each place. The look is recorded. Needs READ_REFERRAL.',
  })
  async complaints(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, COMPLAINTS, (ids) =>
      this.complaintService.complaintsOf(actor, ids),
    );
    return (await loader.load(referral.id)) ?? [];
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => ReferralComplaint, {
    description:
      'Records where it hurts, also when the referral is over. BAD_INPUT names the field. Needs RECEIVE_REFERRAL.',
  })
  recordSpineComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What the referral says.' }) input: RecordSpineComplaintInput,
  ) {
    return this.complaintService.recordSpineComplaint(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectSpineComplaintResult, {
    description:
      'Corrects an entry; the earlier one stays in the audit trail. BAD_INPUT names the field. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  correctSpineComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The entry as it should have been.' }) input: CorrectSpineComplaintInput,
  ) {
    return this.complaintService.correctSpineComplaint(actor, input);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => CorrectSpineComplaintResult, {
    description:
      'Takes an entry away that does not hold. Refused as ReferralContentChanged or ReferralContentRetired. Needs RECEIVE_REFERRAL.',
  })
  retireSpineComplaint(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which, and why.' }) input: RetireSpineComplaintInput,
  ) {
    return this.complaintService.retireSpineComplaint(actor, input);
  }
}
