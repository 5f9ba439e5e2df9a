import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, Temporal } from '../../platform/time/index.js';
import type { GateSubject } from '../gates/gate.service.js';
import type { ScanBooking } from '../imaging/scan-booking.type.js';
import { ScanGateService } from '../imaging/scan-gate.service.js';
import { ScanRecordService } from '../imaging/scan-record.service.js';
import { PatientService } from '../patients/patient.service.js';
import type { Visit } from '../visits/visit.type.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import { LOCK_REFERRAL_OF_SCAN, LOCK_REQUESTS_OF_SCAN } from './administration.queries.js';

/** What an injection is judged by, kept from changing until the transaction ends. */
export interface InjectionGround {
  readonly booking: ScanBooking;
  readonly visit: Visit;
  readonly subject: GateSubject;
  readonly dateOfBirth: Temporal.PlainDate;
  readonly now: Temporal.Instant;
  readonly timeZone: string;
}

/** What is only added to a scan is judged by this. */
export interface ScanGround {
  readonly booking: ScanBooking;
  /** Code of the visit's kind. */
  readonly procedureCode: string;
  readonly now: Temporal.Instant;
  readonly timeZone: string;
}

/**
 * The locks of an injection, in the order of the house: visit, referral, imaging request, patient; the booking comes later, when
 * it is written.
 */
@Injectable()
export class AdministrationLockService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(ScanRecordService) private readonly scans: ScanRecordService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ScanGateService) private readonly scanGates: ScanGateService,
  ) {}

  /**
   * Whoever withdraws a consent holds the patient, whoever takes back a justification holds the request: each is seen here
   * whole or not at all, and of any number who inject for one booking one comes after the other. Throws NOT_FOUND.
   */
  async lock(tx: Tx, scanBookingId: string): Promise<InjectionGround> {
    const { patientId } = await this.scans.lockVisit(tx, scanBookingId);
    await tx.$queryRawUnsafe(LOCK_REFERRAL_OF_SCAN, scanBookingId);
    await tx.$queryRawUnsafe(LOCK_REQUESTS_OF_SCAN, scanBookingId);
    await this.patients.lockPatient(tx, patientId);
    const booking = await this.scans.read(tx, scanBookingId);
    const patient = await this.patients.mustHavePatient(tx, booking.patientId);
    return {
      booking,
      visit: await this.visits.read(tx, scanBookingId),
      subject: await this.scanGates.subjectOf(tx, scanBookingId),
      dateOfBirth: Temporal.PlainDate.from(patient.dateOfBirth),
      now: this.clock.now(),
      timeZone: this.config.clinicTimeZone,
    };
  }

  /** Of what is only added to: the visit alone, so that of any number who add something one comes after the other. Throws NOT_FOUND. */
  async lockVisit(tx: Tx, scanBookingId: string): Promise<ScanGround> {
    const booking = await this.scans.lockVisit(tx, scanBookingId);
    const { procedureCode } = await this.scanGates.subjectOf(tx, scanBookingId);
    return { booking, procedureCode, now: this.clock.now(), timeZone: this.config.clinicTimeZone };
  }
}
