import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { ReferralService } from './referral.service.js';
import { Referral } from './referral.type.js';

const REFERRALS = Symbol('referrals of patients');

/** Patient.referrals: the room that owns the referrals adds the field. */
@Resolver(() => Patient)
export class PatientReferralsResolver {
  constructor(@Inject(ReferralService) private readonly referralService: ReferralService) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [Referral], {
    description:
      'The newest 50 referrals of the patient, newest first. Needs READ_REFERRAL; the look is recorded.',
  })
  async referrals(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, REFERRALS, (ids) => this.referralService.ofPatients(actor, ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
