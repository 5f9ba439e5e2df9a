import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ImagingProtocol } from '../../platform/database/generated/client.js';
import { ConsentPurpose, VisitStatus } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { LeadTimeService } from '../scheduling/lead-time.service.js';
import { VisitTypeService } from '../scheduling/visit-type.service.js';
import { LIVE_SCAN_STATUSES, type ReferralStanding } from './scan-booking.rules.js';

type ChainOfProtocol = Awaited<ReturnType<VisitTypeService['protocolInForce']>>;

/** What is known of a kind of scan, and of a referral before any time is chosen. Reads only. */
@Injectable()
export class ScanFactsService {
  constructor(
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(LeadTimeService) private readonly leadTimes: LeadTimeService,
    @Inject(VisitTypeService) private readonly visitTypes: VisitTypeService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** What the scanner calls this kind of scan, by the row in force today; null: there is none. */
  async findProtocol(tx: Tx, code: string): Promise<ImagingProtocol | null> {
    return tx.imagingProtocol.findFirst({
      where: { code, effectiveFrom: { lte: dateFromPlainDate(this.leadTimes.today()) } },
      orderBy: { effectiveFrom: 'desc' },
    });
  }

  /** How a kind of scan is carried out from today on. A code that is none is the caller's mistake. */
  async chainInForce(tx: Tx, code: string): Promise<ChainOfProtocol> {
    if ((await this.findProtocol(tx, code)) === null) {
      const known = await tx.imagingProtocol.findMany({ distinct: ['code'], select: { code: true } });
      throw badInput(
        `There is no imaging protocol "${code.slice(0, 40)}". Known: ${known.map((row) => row.code).join(', ') || 'none'}.`,
      );
    }
    return this.visitTypes.protocolInForce(tx, code, this.leadTimes.today());
  }

  /** How a scan that is booked is carried out: its protocol travels with it when the clinic adopts a newer one. */
  async chainOf(tx: Tx, bookingId: string): Promise<ChainOfProtocol> {
    const { protocolId } = await tx.visit.findUniqueOrThrow({
      where: { id: bookingId },
      select: { protocolId: true },
    });
    return this.visitTypes.protocolById(tx, protocolId);
  }

  /** For which referral somebody asked; null: for none. */
  async referralOfRequest(tx: Tx, requestId: string | null): Promise<string | null> {
    if (requestId === null) return null;
    const request = await tx.visitRequest.findUnique({
      where: { id: requestId },
      select: { referralId: true },
    });
    return request?.referralId ?? null;
  }

  /** Throws NOT_FOUND. */
  async referral(tx: Tx, referralId: string): Promise<Referral> {
    return this.referrals.mustHaveReferral(tx, referralId);
  }

  /** What of the referral would refuse a scan of this kind, whatever its time. Throws NOT_FOUND. */
  async standing(
    tx: Tx,
    referralId: string,
    visitTypeCode: string,
  ): Promise<{ readonly referral: Referral; readonly standing: ReferralStanding }> {
    const referral = await this.referral(tx, referralId);
    const live = await tx.scanBooking.findFirst({
      where: { referralId, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
    });
    const held = await tx.visit.findFirst({
      where: {
        request: { referralId },
        visitTypeCode,
        status: VisitStatus.HELD,
        heldUntil: { gt: dateFromInstant(this.clock.now()) },
      },
      select: { id: true },
    });
    const standing = {
      referralStatus: referral.status,
      consent: await this.consent.inForce(
        tx,
        referral.patientId,
        ConsentPurpose.IMAGING_TRACER_AND_XRAYS,
        this.clock.now(),
      ),
      liveBookingId: live?.id ?? null,
      heldVisitId: held?.id ?? null,
    };
    return { referral, standing };
  }
}
