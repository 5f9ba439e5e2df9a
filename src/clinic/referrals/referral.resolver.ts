import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { ReferralService } from './referral.service.js';
import {
  AcceptReferralInput,
  DecideReferralResult,
  DeclineReferralInput,
  ReceiveReferralInput,
  Referral,
  ReferralFilterInput,
  ReferralPage,
} from './referral.type.js';

const PATIENTS = Symbol('patients of referrals');

@Resolver(() => Referral)
export class ReferralResolver {
  constructor(@Inject(ReferralService) private readonly referralService: ReferralService) {}

  @Allow(Permission.READ_REFERRAL)
  @Query(() => Referral, {
    description: 'One referral. Needs READ_REFERRAL; the look is recorded. NOT_FOUND otherwise.',
  })
  referral(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the referral.' }) id: string,
  ) {
    return this.referralService.referral(actor, id);
  }

  @Allow(Permission.READ_REFERRAL)
  @Query(() => ReferralPage, {
    description: 'Referrals, the longest waiting first. Needs READ_REFERRAL; the look is recorded.',
  })
  referrals(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => ReferralFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: ReferralFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.referralService.referrals(actor, filter, page);
  }

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, {
    description: 'The patient it is about. Needs READ_PATIENT; the look is recorded.',
  })
  patient(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, PATIENTS, (ids) => this.referralService.patients(actor, ids));
    return loader.load(referral.patientId);
  }

  @Allow(Permission.RECEIVE_REFERRAL)
  @Mutation(() => Referral, {
    description:
      'Takes in a referral; it then awaits triage. Needs RECEIVE_REFERRAL. BAD_INPUT names the field.',
  })
  receiveReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The referral.' }) input: ReceiveReferralInput,
  ) {
    return this.referralService.receiveReferral(actor, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description:
      'Accepts a referral: scans may then be booked. Needs TRIAGE_REFERRAL. Refused as ReferralAlreadyDecided.',
  })
  acceptReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The decision.' }) input: AcceptReferralInput,
  ) {
    return this.referralService.acceptReferral(actor, input);
  }

  @Allow(Permission.TRIAGE_REFERRAL)
  @Mutation(() => DecideReferralResult, {
    description:
      'Declines a referral with a reason. Needs TRIAGE_REFERRAL. Refused as ReferralAlreadyDecided.',
  })
  declineReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The decision.' }) input: DeclineReferralInput,
  ) {
    return this.referralService.declineReferral(actor, input);
  }
}
