import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { DocumentKind, DocumentSubjectType, RecordClass } from '../../platform/database/generated/enums.js';
import type { InboundAttachment } from '../../platform/mail/index.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { DocumentService } from '../documents/document.service.js';
import { EnquiryEventService } from './enquiry-event.service.js';
import { EnquiryMessageService } from './enquiry-message.service.js';
import { MAILBOX_ACTOR, type MessagePlace } from './inbound-mail-keeping.service.js';

/** A referral letter with its reports; more than that is not a letter. */
export const ATTACHMENTS_MAX = 20;

/** Files what came with an e-mail. May be done again: the same content of the same enquiry is one document. */
@Injectable()
export class InboundAttachmentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(EnquiryMessageService) private readonly messages: EnquiryMessageService,
    @Inject(EnquiryEventService) private readonly events: EnquiryEventService,
  ) {}

  /** Numbers of the messages whose attachments are still to be filed: the process ended in between. */
  async unfinished(mailboxAddress: string, uidValidity: bigint): Promise<readonly bigint[]> {
    const rows = await this.database.client.inboundMail.findMany({
      where: { mailboxAddress, uidValidity, attachmentsDoneAt: null },
      orderBy: { uid: 'asc' },
      select: { uid: true },
    });
    return rows.map(({ uid }) => uid);
  }

  /** Messages of an earlier numbering cannot be found again: what came with them is said to be lost. */
  async closeLost(mailboxAddress: string, uidValidity: bigint): Promise<void> {
    const rows = await this.database.client.inboundMail.findMany({
      where: { mailboxAddress, uidValidity: { not: uidValidity }, attachmentsDoneAt: null },
    });
    for (const { uidValidity: earlier, uid } of rows)
      await this.file({ mailboxAddress, uidValidity: earlier, uid }, null);
  }

  /** Files them all (null: the message is not there any more), and says so once. Throws when they cannot be stored now: then it is done again. */
  async file(place: MessagePlace, attachments: readonly InboundAttachment[] | null): Promise<void> {
    const mailboxAddress_uidValidity_uid = { ...place };
    const row = await this.database.client.inboundMail.findUnique({
      where: { mailboxAddress_uidValidity_uid },
    });
    if (row === null || row.attachmentsDoneAt !== null) return;
    const { enquiryId, messageId } = row;
    const kept: string[] = [];
    const refused: string[] = attachments === null ? ['MessageGone'] : [];
    if (enquiryId !== null) {
      for (const attachment of (attachments ?? []).slice(0, ATTACHMENTS_MAX)) {
        const result = await this.#store(enquiryId, attachment);
        (result.isKept ? kept : refused).push(result.said);
      }
    }
    refused.push(...(attachments ?? []).slice(ATTACHMENTS_MAX).map(() => 'TooManyAttachments'));
    await this.database.transaction(async (tx) => {
      const { count } = await tx.inboundMail.updateMany({
        where: { id: row.id, attachmentsDoneAt: null },
        data: {
          attachmentsKept: kept.length,
          attachmentsRefused: refused.length,
          attachmentsDoneAt: dateFromInstant(this.clock.now()),
        },
      });
      if (count === 0 || enquiryId === null || messageId === null) return;
      if (kept.length > 0) await this.messages.attachIn(tx, messageId, [...new Set(kept)]);
      await this.events.record(tx, enquiryId, MAILBOX_ACTOR, 'enquiry.attachments-filed', {
        messageId,
        documentIds: kept,
        refusedBecause: refused,
      });
    });
  }

  /** The document's id, or the code of the refusal. */
  async #store(
    enquiryId: string,
    { fileName, mediaType, content }: InboundAttachment,
  ): Promise<{ readonly isKept: boolean; readonly said: string }> {
    const result = await this.documents.storeIn(MAILBOX_ACTOR, {
      patientId: null,
      subjectType: DocumentSubjectType.ENQUIRY,
      subjectId: enquiryId,
      kind: DocumentKind.CORRESPONDENCE,
      retentionClass: RecordClass.ENQUIRY_UNCONVERTED,
      fileName,
      mediaType,
      stream: Readable.from([content]),
    });
    if (isRefusal(result)) return { isKept: false, said: result.code };
    return { isKept: true, said: result.document.id };
  }
}
