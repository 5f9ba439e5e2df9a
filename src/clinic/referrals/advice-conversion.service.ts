import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  AdviceAction,
  type AdviceChangedMeanwhile,
  type AdviceNotPossible,
  AdvicePatientUnknown,
} from './advice.refusals.js';
import { adviceAfter } from './advice.rules.js';
import type { AdviceThread, ConvertAdviceToReferralInput } from './advice.type.js';
import { AdviceEntryService } from './advice-entry.service.js';
import { AdviceRecordService } from './advice-record.service.js';
import { OpenReferralExists } from './duplicate-referral.refusals.js';
import { DuplicateReferralService } from './duplicate-referral.service.js';
import { ReferralService } from './referral.service.js';
import { ReferralArrivals } from './referral-arrivals.service.js';

type NotConverted = AdviceNotPossible | AdviceChangedMeanwhile | AdvicePatientUnknown | OpenReferralExists;

/** From a question about somebody to a referral of a patient. */
@Injectable()
export class AdviceConversionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ReferralArrivals) private readonly arrivals: ReferralArrivals,
    @Inject(AdviceRecordService) private readonly records: AdviceRecordService,
    @Inject(AdviceEntryService) private readonly entries: AdviceEntryService,
    @Inject(ReferralService) private readonly referralService: ReferralService,
    @Inject(DuplicateReferralService) private readonly duplicates: DuplicateReferralService,
  ) {}

  /**
   * The question becomes a referral that arrives today and is triaged as any other; the thread stays with it. Throws
   * NOT_FOUND, and BAD_INPUT for what a referral may not be.
   */
  async convertAdviceToReferral(
    actor: StaffActor,
    input: ConvertAdviceToReferralInput,
  ): Promise<AdviceThread | NotConverted> {
    const { thread, result } = await this.#convert(actor, input);
    if (result instanceof OpenReferralExists && thread.patientId !== null) {
      await this.duplicates.recordLook(actor, thread.patientId, result);
    }
    return result;
  }

  async #convert(actor: StaffActor, input: ConvertAdviceToReferralInput) {
    const seen: { thread: Pick<AdviceThread, 'patientId'> } = { thread: { patientId: null } };
    const result = await this.database.transaction<AdviceThread | NotConverted>(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      seen.thread = before;
      const status = adviceAfter(before, AdviceAction.CONVERT, input.version);
      if (isRefusal(status)) return status;
      const { patientId } = before;
      if (patientId === null) return new AdvicePatientUnknown();
      return this.#receive(tx, actor, { ...before, patientId }, input);
    });
    return { thread: seen.thread, result };
  }

  async #receive(
    tx: Tx,
    actor: StaffActor,
    before: AdviceThread & { readonly patientId: string },
    input: ConvertAdviceToReferralInput,
  ): Promise<AdviceThread | NotConverted> {
    const serviceCode = input.serviceCode ?? before.serviceCode;
    const { patientId } = before;
    const { confirmedNotDuplicateOf } = input;
    const warning = await this.duplicates.warning(tx, { patientId, serviceCode, confirmedNotDuplicateOf });
    if (warning !== null) return warning;
    const referral = await this.referralService.receiveIn(tx, actor, {
      patientId,
      source: before.source,
      priority: input.priority ?? before.priority,
      serviceCode,
      referrerId: before.referrerId,
      referrerName: before.referrerName,
      referrerOrganisation: before.referrerOrganisation,
      referrerRegistration: before.referrerRegistration,
      clinicalQuestion: input.clinicalQuestion ?? before.messages[0]?.text ?? '',
      confirmedNotDuplicateOf,
    });
    await this.arrivals.tell(tx, actor, referral);
    const refused = await this.entries.change(tx, before, AdviceAction.CONVERT, input.version, {
      referralId: referral.id,
      closedAt: dateFromInstant(this.records.now()),
      closedById: actor.id,
    });
    if (refused !== null) return refused;
    const after = await this.records.mustHaveThread(tx, before.id);
    await this.entries.note(tx, actor, 'advice-thread.converted', before, after);
    return after;
  }
}
