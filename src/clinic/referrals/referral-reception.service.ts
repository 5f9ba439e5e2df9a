import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { OpenReferralExists } from './duplicate-referral.refusals.js';
import { DuplicateReferralService } from './duplicate-referral.service.js';
import type { Referral } from './referral.type.js';
import { ReferralArrivals } from './referral-arrivals.service.js';
import { ReferralEntryService } from './referral-entry.service.js';
import type { ReceiveReferralInput } from './referral-entry.type.js';
import { textOrNull } from './referral-text.rules.js';

/** What the desk takes in, after a look at what is open already. */
@Injectable()
export class ReferralReceptionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ReferralEntryService) private readonly entries: ReferralEntryService,
    @Inject(DuplicateReferralService) private readonly duplicates: DuplicateReferralService,
    @Inject(ReferralArrivals) private readonly arrivals: ReferralArrivals,
  ) {}

  /**
   * The referral, or those that are open and that nobody has confirmed to be another matter. Throws NOT_FOUND, and
   * BAD_INPUT naming the field.
   */
  async receiveReferral(
    actor: StaffActor,
    input: ReceiveReferralInput,
  ): Promise<Referral | OpenReferralExists> {
    const { patientId, confirmedNotDuplicateOf = [] } = input;
    const serviceCode = textOrNull(input.serviceCode);
    const result = await this.database.transaction<Referral | OpenReferralExists>(async (tx) => {
      const warning = await this.duplicates.warning(tx, { patientId, serviceCode, confirmedNotDuplicateOf });
      if (warning !== null) return warning;
      const referral = await this.entries.receiveIn(tx, actor, input);
      await this.arrivals.tell(tx, actor, referral);
      return referral;
    });
    if (result instanceof OpenReferralExists) await this.duplicates.recordLook(actor, patientId, result);
    return result;
  }
}
