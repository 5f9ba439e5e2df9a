import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ConsentCarryService } from '../consent/consent-carry.service.js';
import { methodOf } from './conversion.rules.js';
import type { Enquiry } from './enquiry.type.js';

/** Name of the website's form, as its tokens have it. */
const FORM = 'enquiry';

/** What an enquirer ticked, as consent records of the patient. */
@Injectable()
export class ConversionConsentService {
  constructor(@Inject(ConsentCarryService) private readonly consents: ConsentCarryService) {}

  /** The privacy notice that they read, and news of the clinic where they asked for it; with the time of the tick. */
  async carry(tx: Tx, actor: StaffActor, enquiry: Enquiry, patientId: string): Promise<readonly string[]> {
    const { channel, reference, privacyNoticeId, privacyNoticeTickedAt, privacyNoticeById } = enquiry;
    const { marketingWordingId, marketingOptedInAt } = enquiry;
    const method = methodOf(channel, privacyNoticeById);
    const seen = [
      { wordingId: privacyNoticeId, decidedAt: privacyNoticeTickedAt },
      { wordingId: marketingWordingId, decidedAt: marketingOptedInAt },
    ];
    const recordIds: string[] = [];
    for (const { wordingId, decidedAt } of seen) {
      if (wordingId === null || decidedAt === null) continue;
      const comment = `Taken over from enquiry ${reference}.`;
      const formId = await this.#formOf(tx, enquiry.id, decidedAt);
      const id = await this.consents.carryIn(tx, actor, {
        ...{ patientId, wordingId, decidedAt, method, comment, formId },
      });
      if (id !== null) recordIds.push(id);
    }
    return recordIds;
  }

  /**
   * The same of an enquiry that was joined to one that is a patient's already: with the conversion that stands they are taken
   * back, too.
   */
  async carryLater(
    tx: Tx,
    actor: StaffActor,
    joined: Enquiry,
    into: { readonly enquiryId: string; readonly patientId: string },
  ): Promise<void> {
    const recordIds = await this.carry(tx, actor, joined, into.patientId);
    if (recordIds.length === 0) return;
    await tx.enquiryConversion.updateMany({
      where: { enquiryId: into.enquiryId, undoneAt: null },
      data: { consentRecordIds: { push: [...recordIds] } },
    });
  }

  /** It was another person who ticked them. */
  async takeBack(
    tx: Tx,
    actor: StaffActor,
    patientId: string,
    recordIds: readonly string[],
    reference: string,
  ): Promise<void> {
    const comment = `Enquiry ${reference} was taken for this patient's by mistake.`;
    await this.consents.takeBackIn(tx, actor, patientId, recordIds, comment);
  }

  /**
   * The form in which it was ticked, by the fingerprint of what was sent; null: it was not ticked in one. A tick is received with its
   * form, also where the enquiry has learned it from another that was joined to it. Address and browser stay with the enquiry: a tick
   * that was taken for the wrong patient's leaves nothing of somebody else in that record.
   */
  async #formOf(tx: Tx, enquiryId: string, tickedAt: Temporal.Instant): Promise<string | null> {
    const sent = await tx.enquiry.findFirst({
      where: {
        OR: [{ id: enquiryId }, { joinedIntoId: enquiryId }],
        receivedAt: dateFromInstant(tickedAt),
        submissionKey: { not: null },
      },
      select: { submissionKey: true },
    });
    return sent === null ? null : `${FORM} ${sent.submissionKey}`;
  }
}
