import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ImagingProtocol } from '../../platform/database/generated/client.js';
import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromPlainDate, type Temporal } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import { PatientService } from '../patients/patient.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import {
  type BookingFacts,
  LIVE_SCAN_STATUSES,
  planVisit,
  type ReferralStanding,
} from './scan-booking.rules.js';
import { ScannerService } from './scanner.service.js';

export interface VisitWish {
  readonly referralId: string;
  readonly injectionStartsAt: Temporal.Instant;
  readonly scanStartsAt: Temporal.Instant;
  readonly cameraId: string;
}

/** Everything that decides whether a visit may be booked, loaded and kept from changing. */
@Injectable()
export class ScanFactsService {
  constructor(
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The protocol's row in force today. */
  async protocolInForce(tx: Tx, code: string): Promise<ImagingProtocol> {
    const protocol = await tx.imagingProtocol.findFirst({
      where: { code, effectiveFrom: { lte: dateFromPlainDate(this.leadTimes.today()) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (protocol === null) {
      const known = await tx.imagingProtocol.findMany({ distinct: ['code'], select: { code: true } });
      throw badInput(
        `There is no imaging protocol "${code.slice(0, 40)}". Known: ${known.map((row) => row.code).join(', ') || 'none'}.`,
      );
    }
    return protocol;
  }

  /** The protocol that a booking was made under. It travels with the booking when the clinic adopts a newer one. */
  async protocolOf(tx: Tx, bookingId: string): Promise<ImagingProtocol> {
    const { protocol } = await tx.scanBooking.findUniqueOrThrow({
      where: { id: bookingId },
      select: { protocol: true },
    });
    return protocol;
  }

  /**
   * Holds the referral against a second booking or a new decision, the patient against another booking and a withdrawal of consent, and the scanner
   * against being retired,
   * then reads. Whoever comes second waits, and decides on what the first has left.
   */
  async load(
    tx: Tx,
    wish: VisitWish,
    protocol: ImagingProtocol,
  ): Promise<{ readonly referral: Referral; readonly facts: BookingFacts }> {
    const referral = await this.referrals.mustHaveReferral(tx, wish.referralId, { hold: true });
    await this.patients.lockPatient(tx, referral.patientId);
    const facts: BookingFacts = {
      referralStatus: referral.status,
      consent: await this.consentOf(tx, referral.patientId),
      outsideWindow: await this.leadTimes.canBookAt(tx, protocol.code, wish.injectionStartsAt),
      hasScanner: await this.scanners.holdScanner(tx, wish.cameraId),
      plan: protocol,
      times: planVisit(protocol, wish.injectionStartsAt, wish.scanStartsAt),
    };
    return { referral, facts };
  }

  /** How a referral stands before any time is chosen. Reads only. */
  async standing(
    tx: Tx,
    referralId: string,
  ): Promise<{ readonly referral: Referral; readonly standing: ReferralStanding }> {
    const referral = await this.referrals.mustHaveReferral(tx, referralId);
    const live = await tx.scanBooking.findFirst({
      where: { referralId, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
    });
    const standing = {
      referralStatus: referral.status,
      consent: await this.consentOf(tx, referral.patientId),
      liveBookingId: live?.id ?? null,
    };
    return { referral, standing };
  }

  async camerasWithScanner(tx: Tx): Promise<string[]> {
    return this.scanners.camerasWithScanner(tx);
  }

  private async consentOf(tx: Tx, patientId: string) {
    return this.consent.inForce(tx, patientId, ConsentPurpose.IMAGING_TRACER_AND_XRAYS, this.clock.now());
  }
}
