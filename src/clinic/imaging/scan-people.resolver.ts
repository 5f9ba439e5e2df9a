import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { Referral } from '../referrals/referral.type.js';
import { ScanBooking } from './scan-booking.type.js';
import { ScanPeopleService } from './scan-people.service.js';

const PATIENTS = Symbol('patients of scan bookings');
const REFERRALS = Symbol('referrals of scan bookings');
const CONSENTS = Symbol('imaging consent of scan bookings');

/** From a booking to the people it is about. */
@Resolver(() => ScanBooking)
export class ScanPeopleResolver {
  constructor(@Inject(ScanPeopleService) private readonly people: ScanPeopleService) {}

  @Allow(Permission.READ_PATIENT)
  @ResolveField(() => Patient, { description: 'Whose scan it is. Needs READ_PATIENT.' })
  patient(
    @Parent() booking: ScanBooking,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, PATIENTS, (ids) => this.people.patients(actor, ids)).load(
      booking.patientId,
    );
  }

  @Allow(Permission.READ_REFERRAL)
  @ResolveField(() => Referral, { description: 'The referral it was booked for. Needs READ_REFERRAL.' })
  referral(
    @Parent() booking: ScanBooking,
    @CurrentRequest() request: RequestContext,
    @CurrentActor() actor: StaffActor,
  ) {
    return requestLoader(request, REFERRALS, (ids) => this.people.referrals(actor, ids)).load(
      booking.referralId,
    );
  }

  @Allow(Permission.READ_CONSENT)
  @ResolveField(() => Boolean, {
    description:
      'Whether the patient’s consent to imaging is in force now. While it is not, the scanner is not offered the patient. Needs READ_CONSENT.',
  })
  async imagingConsentInForce(@Parent() booking: ScanBooking, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, CONSENTS, (ids) => this.people.consents(ids));
    return (await loader.load(booking.patientId)) ?? false;
  }
}
