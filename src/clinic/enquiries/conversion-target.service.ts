import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  ConversionTarget,
  ReferralAction,
  ReferralSource,
  type Role,
} from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { localDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { OpenReferralExists } from '../referrals/duplicate-referral.refusals.js';
import { DuplicateReferralService } from '../referrals/duplicate-referral.service.js';
import { ReferralService } from '../referrals/referral.service.js';
import { ReferralMoveService } from '../referrals/referral-move.service.js';
import { RequestService } from '../visits/request.service.js';
import type { ConvertEnquiryInput, EnquiryConversion } from './conversion.type.js';
import type { Enquiry } from './enquiry.type.js';

/** Why what was made of an enquiry is ended when the conversion is taken back. */
const TAKEN_BACK = 'RAISED_IN_ERROR';

/** What an enquiry became, by id. */
export interface TargetMade {
  readonly referralId: string | null;
  readonly visitRequestId: string | null;
}

const NOTHING_MADE: TargetMade = { referralId: null, visitRequestId: null };

/** Makes of an enquiry what it is to become, in the rooms that keep such things; and ends it there again. */
@Injectable()
export class ConversionTargetService {
  constructor(
    @Inject(ReferralService) private readonly referrals: ReferralService,
    @Inject(DuplicateReferralService) private readonly duplicates: DuplicateReferralService,
    @Inject(ReferralMoveService) private readonly moves: ReferralMoveService,
    @Inject(RequestService) private readonly requests: RequestService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {}

  /** Its waiting time counts from the day on which the enquiry came. */
  async make(
    tx: Tx,
    actor: StaffActor,
    enquiry: Enquiry,
    patientId: string,
    input: ConvertEnquiryInput,
  ): Promise<TargetMade | Refusal> {
    switch (input.target) {
      case ConversionTarget.PATIENT_ONLY:
        return NOTHING_MADE;
      case ConversionTarget.SELF_REFERRAL: {
        if (!input.referral) return NOTHING_MADE;
        const receivedOn = localDate(enquiry.receivedAt, this.calendar.timeZone).toString();
        const { serviceCode = null, confirmedNotDuplicateOf = [] } = input.referral;
        const warning = await this.duplicates.warning(tx, {
          patientId,
          serviceCode,
          confirmedNotDuplicateOf,
        });
        if (warning !== null) return warning;
        const wanted = { ...input.referral, patientId, receivedOn, source: ReferralSource.SELF };
        const referral = await this.referrals.receiveIn(tx, actor, wanted);
        return { referralId: referral.id, visitRequestId: null };
      }
      case ConversionTarget.BOOKING_REQUEST: {
        if (!input.request) return NOTHING_MADE;
        const request = await this.requests.requestIn(tx, actor, { ...input.request, patientId });
        return isRefusal(request) ? request : { referralId: null, visitRequestId: request.id };
      }
    }
  }

  /** A warning may have shown referrals: that look is recorded once nothing else is. */
  async recordShown(actor: StaffActor, patientId: string | null, answer: unknown): Promise<void> {
    if (patientId === null || !(answer instanceof OpenReferralExists)) return;
    await this.duplicates.recordLook(actor, patientId, answer);
  }

  /** Ends what was made, as entered by mistake; a refusal says that others have built on it. */
  async end(
    tx: Tx,
    actor: StaffActor,
    roles: readonly Role[],
    made: Pick<EnquiryConversion, 'referralId' | 'visitRequestId'>,
    reason: string,
  ): Promise<Refusal | null> {
    if (made.referralId !== null) {
      const moved = await this.moves.moveIn(
        tx,
        { actor, roles },
        {
          action: ReferralAction.WITHDRAW,
          referralId: made.referralId,
          reasonCode: TAKEN_BACK,
          comment: reason,
          tell: [],
        },
      );
      if (isRefusal(moved)) return moved;
    }
    if (made.visitRequestId !== null) {
      const closed = await this.requests.closeIn(tx, actor, { requestId: made.visitRequestId, reason });
      if (isRefusal(closed)) return closed;
    }
    return null;
  }
}
