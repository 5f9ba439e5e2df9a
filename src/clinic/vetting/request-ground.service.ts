import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { ReferralService } from '../referrals/referral.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { ImagingRequestExists, ReferralIsOver } from './imaging-request.refusals.js';
import { RequestLapseService } from './request-lapse.service.js';
import { RequestRecordService } from './request-record.service.js';
import { LIVE } from './request-state.rules.js';

/** States in which a referral is over: nothing is requested for it any more. */
const OVER: readonly ReferralStatus[] = [
  ReferralStatus.REDIRECTED,
  ReferralStatus.DECLINED,
  ReferralStatus.RETURNED_WITH_ADVICE,
  ReferralStatus.COMPLETED,
  ReferralStatus.WITHDRAWN,
  ReferralStatus.MERGED,
];

/** What a request is made on: a referral that goes on, and that has no other request in the way. */
@Injectable()
export class RequestGroundService {
  constructor(
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLapseService) private readonly lapses: RequestLapseService,
  ) {}

  /** The referral, held until the transaction ends. What is used or over by now is in nobody's way. Throws NOT_FOUND. */
  async hold(tx: Tx, referralId: string): Promise<Referral | ReferralIsOver | ImagingRequestExists> {
    const referral = await this.referrals.mustHaveReferral(tx, referralId, { hold: true });
    if (OVER.includes(referral.status)) return new ReferralIsOver(referral.status);
    const live = await tx.imagingRequest.findFirst({
      where: { referralId: referral.id, exposedVisitId: null, status: { in: [...LIVE] } },
      select: { id: true },
    });
    if (live === null) return referral;
    const isOver = await this.lapses.settle(tx, await this.records.hold(tx, live.id));
    return isOver ? referral : new ImagingRequestExists(live.id);
  }
}
