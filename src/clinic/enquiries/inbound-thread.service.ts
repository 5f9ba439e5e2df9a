import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { EnquiryStatus } from '../../platform/database/generated/enums.js';
import type { InboundLetter } from '../../platform/mail/index.js';
import type { Actor } from '../audit/audit.type.js';
import { referencesIn } from './enquiry.rules.js';
import { acknowledgedEnquiry } from './enquiry-letter.type.js';
import { EnquiryMessageService, type MessageEntry } from './enquiry-message.service.js';

/** Enquiries that were joined one after another; nobody joins more. */
const JOINS_MAX = 20;
const UNSEEN: readonly EnquiryStatus[] = [EnquiryStatus.CONVERTED, EnquiryStatus.SPAM];

/** Which enquiry an e-mail belongs to. */
@Injectable()
export class InboundThreadService {
  constructor(@Inject(EnquiryMessageService) private readonly messages: EnquiryMessageService) {}

  /**
   * The enquiry that an e-mail goes on with: it answers a message of the thread or our acknowledgement, or names the
   * reference and comes from the address that the enquiry has. Of joined enquiries the one that goes on; null: none.
   */
  async threadOf(tx: Tx, letter: InboundLetter): Promise<string | null> {
    const byEmail = await this.messages.enquiryOfEmails(tx, letter.answers);
    const [acknowledged] = letter.answers.flatMap((id) => acknowledgedEnquiry(id) ?? []);
    const named = byEmail ?? acknowledged ?? (await this.#byReference(tx, letter));
    return named === null ? null : this.#goingOn(tx, named);
  }

  /** Adds what was written to the thread. */
  async addTo(tx: Tx, actor: Actor, enquiryId: string, entry: MessageEntry): Promise<void> {
    await this.messages.receiveIn(tx, actor, enquiryId, entry);
  }

  async #byReference(tx: Tx, { subject, fromAddress }: InboundLetter): Promise<string | null> {
    const references = referencesIn(subject ?? '');
    if (references.length === 0 || fromAddress === null) return null;
    const row = await tx.enquiry.findFirst({
      where: { reference: { in: [...references] }, email: { equals: fromAddress, mode: 'insensitive' } },
      select: { id: true },
    });
    return row?.id ?? null;
  }

  async #goingOn(tx: Tx, enquiryId: string): Promise<string | null> {
    let id = enquiryId;
    for (let joins = 0; joins <= JOINS_MAX; joins += 1) {
      const row = await tx.enquiry.findUnique({
        where: { id },
        select: { joinedIntoId: true, destroyedAt: true, status: true },
      });
      if (row === null || row.destroyedAt !== null) return null;
      // In one that has become something, or is spam, nobody would see it: it is an enquiry of its own.
      if (row.joinedIntoId === null) return UNSEEN.includes(row.status) ? null : id;
      id = row.joinedIntoId;
    }
    return null;
  }
}
