import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { type LiveVisits, ReferralDependents } from '../referrals/referral-dependents.service.js';

/** To come, or going on; a hold counts until it ends by itself. */
const LIVE: VisitStatus[] = [VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.IN_PROGRESS];

/** What is booked for a referral, or waits to be, so that the referral is not taken from under it. */
@Injectable()
export class ReferralVisitsService {
  constructor(
    @Inject(ReferralDependents) dependents: ReferralDependents,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    dependents.register({ room: 'visits', liveVisits: (tx, referralId) => this.liveVisits(tx, referralId) });
  }

  /** Every verb that books holds the referral, so whoever asks with the referral held is told all there is. */
  async liveVisits(tx: Tx, referralId: string): Promise<LiveVisits> {
    const now = dateFromInstant(this.clock.now());
    const visits = await tx.visit.findMany({
      where: {
        request: { referralId },
        OR: [{ status: { in: LIVE } }, { status: VisitStatus.HELD, heldUntil: { gt: now } }],
      },
      select: { id: true },
      orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
    });
    const requests = await tx.visitRequest.findMany({
      where: { referralId, status: VisitRequestStatus.WAITING },
      select: { id: true },
      orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
    });
    return { visitIds: visits.map(({ id }) => id), requestIds: requests.map(({ id }) => id) };
  }
}
