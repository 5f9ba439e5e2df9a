import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { AdviceThread } from './advice.type.js';
import { ReferralService } from './referral.service.js';

const PATIENTS = Symbol('patients of questions for advice');

/** AdviceThread.patient. */
@Resolver(() => AdviceThread)
export class AdvicePeopleResolver {
  constructor(@Inject(ReferralService) private readonly referralService: ReferralService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, {
    nullable: true,
    description: 'The patient it is about; null: not known yet. The look is recorded. Needs READ_PATIENT.',
  })
  patient(
    @Parent() thread: AdviceThread,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    if (thread.patientId === null) return null;
    const loader = requestLoader(request, PATIENTS, (ids) => this.referralService.patients(actor, ids));
    return loader.load(thread.patientId);
  }
}
