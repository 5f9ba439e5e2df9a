import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { EnquiryMessage as MessageRow } from '../../platform/database/generated/client.js';
import {
  EnquiryChannel,
  EnquiryMessageDirection,
  EnquiryStatus,
} from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { newestMessagesOfEach } from './enquiry.queries.js';
import { statusAfterMessage } from './enquiry.rules.js';
import type { Enquiry, EnquiryMessage } from './enquiry.type.js';
import type { EnquiryMail } from './enquiry-entry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

/** Messages of one enquiry that one answer shows; a long story has a few dozen. */
const MESSAGES_SHOWN_MAX = 200;

/** Something that the enquirer sent after the first, such as their answer to our e-mail. */
export interface MessageEntry {
  readonly channel: EnquiryChannel;
  readonly text: string;
  /** When it came; now when left out. */
  readonly at?: Temporal.Instant;
  readonly mail?: EnquiryMail | null;
  readonly documentIds?: readonly string[];
}

/** The thread of an enquiry. */
@Injectable()
export class EnquiryMessageService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(EnquiryRecordService) private readonly records: EnquiryRecordService,
    @Inject(RedFlagAskingService) private readonly askings: RedFlagAskingService,
  ) {}

  /**
   * A further message of the enquirer. What had been answered or closed is open again, and its words are looked at for
   * red flags. Gives the message; throws when that e-mail is here already (unique `email_message_id`).
   */
  async receiveIn(tx: Tx, actor: Actor, enquiryId: string, entry: MessageEntry): Promise<EnquiryMessage> {
    const held = await this.records.mustHave(tx, enquiryId, { hold: true });
    const row = await tx.enquiryMessage.create({
      data: {
        enquiryId,
        direction: EnquiryMessageDirection.IN,
        channel: entry.channel,
        text: entry.text,
        at: dateFromInstant(entry.at ?? this.clock.now()),
        documentIds: [...(entry.documentIds ?? [])],
        ...(entry.mail ?? {}),
      },
    });
    const status = statusAfterMessage(held.status, held.claimedById !== null);
    await this.records.change(tx, actor, held, {
      action: 'enquiry.message-received',
      data: { status, ...(held.status === EnquiryStatus.CLOSED ? NO_LONGER_CLOSED : {}) },
      detail: { messageId: row.id, channel: entry.channel },
    });
    await this.askings.lookAtText(tx, actor, { enquiryId }, entry.text);
    return toMessage(row);
  }

  /** Documents that came with a message and were stored after it. */
  async attachIn(tx: Tx, messageId: string, documentIds: readonly string[]): Promise<void> {
    await tx.enquiryMessage.update({
      where: { id: messageId },
      data: { documentIds: { push: [...documentIds] } },
      select: { id: true },
    });
  }

  /**
   * The enquiry that an e-mail belongs to, by the Message-IDs that it answers; null: none of ours, or one that nobody
   * looks at any more (converted, spam, destroyed): what comes to that is an enquiry of its own, so that it is seen.
   */
  async enquiryOfEmails(client: Tx, emailMessageIds: readonly string[]): Promise<string | null> {
    const row = await client.enquiryMessage.findFirst({
      where: {
        emailMessageId: { in: [...emailMessageIds] },
        enquiry: { status: { notIn: [EnquiryStatus.CONVERTED, EnquiryStatus.SPAM] }, destroyedAt: null },
      },
      orderBy: { at: 'desc' },
      select: { enquiryId: true },
    });
    return row?.enquiryId ?? null;
  }

  /** What staff write: a note among ourselves, or a reply that goes out by e-mail under a Message-ID of ours. */
  async writeIn(
    tx: Tx,
    actor: StaffActor,
    enquiry: Enquiry,
    direction: 'OUT' | 'NOTE',
    text: string,
  ): Promise<EnquiryMessage> {
    const id = newId();
    const row = await tx.enquiryMessage.create({
      data: {
        id,
        enquiryId: enquiry.id,
        direction,
        channel: direction === EnquiryMessageDirection.OUT ? EnquiryChannel.EMAIL : enquiry.channel,
        text: text.normalize('NFC').trim(),
        at: dateFromInstant(this.clock.now()),
        byId: actor.id,
        emailMessageId:
          direction === EnquiryMessageDirection.OUT ? `<enquiry-${id}@${this.#mailDomain()}>` : null,
      },
    });
    return toMessage(row);
  }

  /** The newest messages of these enquiries, oldest first. The look is recorded by whoever shows the enquiry. */
  async ofEnquiries(
    client: Tx,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly EnquiryMessage[]>> {
    const newest = await client.$queryRaw<{ id: string }[]>(newestMessagesOfEach(ids, MESSAGES_SHOWN_MAX));
    const rows = await client.enquiryMessage.findMany({
      where: { id: { in: newest.map(({ id }) => id) } },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    });
    const byId = new Map<string, EnquiryMessage[]>();
    for (const row of rows) {
      const known = byId.get(row.enquiryId) ?? [];
      known.push(toMessage(row));
      byId.set(row.enquiryId, known);
    }
    return byId;
  }

  /** RFC 5322 §3.6.4: the right side of a Message-ID is a domain of ours. */
  #mailDomain(): string {
    return /@([A-Za-z0-9.-]+)>?$/.exec(this.config.mailFrom)?.[1] ?? 'facet.invalid';
  }
}

/** What a closed enquiry loses when it is open again; its history keeps who closed it and why. */
export const NO_LONGER_CLOSED = { closeReason: null, closeComment: null, closedAt: null, closedById: null };

function toMessage(row: MessageRow): EnquiryMessage {
  const { id, enquiryId, direction, channel, text, subject, byId, documentIds } = row;
  return { id, enquiryId, direction, channel, text, subject, byId, documentIds, at: instantFromDate(row.at) };
}
