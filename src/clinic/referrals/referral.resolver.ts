import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { ReferralService } from './referral.service.js';
import { Referral, ReferralFilterInput, ReferralPage } from './referral.type.js';
import { ReceiveReferralInput, ReceiveReferralResult } from './referral-entry.type.js';
import { ReferralReceptionService } from './referral-reception.service.js';

const PATIENTS = Symbol('patients of referrals');

@Resolver(() => Referral)
export class ReferralResolver {
  constructor(
    @Inject(ReferralService) private readonly referralService: ReferralService,
    @Inject(ReferralReceptionService) private readonly reception: ReferralReceptionService,
  ) {}

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
  @Mutation(() => ReceiveReferralResult, {
    description:
      'Takes in a referral: it then waits for whoever takes it up. BAD_INPUT names the field. Refused as OpenReferralExists. Needs RECEIVE_REFERRAL.',
  })
  receiveReferral(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The referral.' }) input: ReceiveReferralInput,
  ) {
    return this.reception.receiveReferral(actor, input);
  }
}
