import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Referral } from '../referrals/referral.type.js';
import { ConversionPeopleService } from './conversion-people.service.js';
import { RedFlagAlert, RedFlagAsking } from './red-flag.type.js';
import { ReferralRedFlagService } from './referral-red-flag.service.js';

const RED_FLAGS = Symbol('open red flags of patients');
const ASKINGS = Symbol('askings of referrals');
const WORDS = 'Signs of danger that the patient named and no clinician has closed, the oldest first.';

/** Patient.openRedFlags: whoever sees the patient sees that. */
@Resolver(() => Patient)
export class PatientRedFlagsResolver {
  constructor(@Inject(ConversionPeopleService) private readonly people: ConversionPeopleService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => [RedFlagAlert], {
    description: `${WORDS} Needs READ_PATIENT; the look is recorded.`,
  })
  async openRedFlags(
    @Parent() patient: Patient,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return redFlagsOf(this.people, request, actor, patient.id);
  }
}

/** Referral.openRedFlags, Referral.redFlagAskings: whoever triages it sees that. */
@Resolver(() => Referral)
export class ReferralRedFlagsResolver {
  constructor(
    @Inject(ConversionPeopleService) private readonly people: ConversionPeopleService,
    @Inject(ReferralRedFlagService) private readonly referrals: ReferralRedFlagService,
  ) {}

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [RedFlagAsking], {
    description:
      'Each time that the questions about dangerous signs were answered about this referral, the latest first; none: ' +
      'nobody has asked. Needs READ_REFERRAL; the look is recorded.',
  })
  async redFlagAskings(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    const loader = requestLoader(request, ASKINGS, (ids) => this.referrals.askingsOf(actor, ids));
    return (await loader.load(referral.id)) ?? [];
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => [RedFlagAlert], {
    description: `${WORDS} Needs READ_REFERRAL; the look is recorded.`,
  })
  async openRedFlags(
    @Parent() referral: Referral,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return redFlagsOf(this.people, request, actor, referral.patientId);
  }
}

async function redFlagsOf(
  people: ConversionPeopleService,
  request: RequestContext,
  actor: StaffActor,
  patientId: string,
): Promise<readonly RedFlagAlert[]> {
  const loader = requestLoader(request, RED_FLAGS, (ids) => people.openRedFlags(actor, ids));
  return (await loader.load(patientId)) ?? [];
}
