import { Inject } from '@nestjs/common';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentRequest, type RequestContext } from '../../platform/graphql/request-context.js';
import { requestLoader } from '../../platform/graphql/request-loader.js';
import { Allow, Permission } from '../auth/permission.type.js';
import { Patient } from '../patients/patient.type.js';
import { ScanBooking } from './scan-booking.type.js';
import { ScanRecordService } from './scan-record.service.js';

const SCANS = Symbol('scan bookings by patient');

/** Patient.scanBookings: the room that owns the bookings adds the field. */
@Resolver(() => Patient)
export class PatientScansResolver {
  constructor(@Inject(ScanRecordService) private readonly records: ScanRecordService) {}

  @Allow(Permission.READ_SCAN)
  @ResolveField(() => [ScanBooking], {
    description: 'The patient’s scan bookings, newest acquisition first, cancelled ones included.',
  })
  async scanBookings(@Parent() patient: Patient, @CurrentRequest() request: RequestContext) {
    const loader = requestLoader(request, SCANS, (ids) => this.records.ofPatients(ids));
    return (await loader.load(patient.id)) ?? [];
  }
}
