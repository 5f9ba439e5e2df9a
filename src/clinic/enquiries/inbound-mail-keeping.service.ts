import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { EnquiryChannel, InboundMailOutcome } from '../../platform/database/generated/enums.js';
import type { InboundLetter, InboundMessage } from '../../platform/mail/index.js';
import { isMessageId, parseMailbox } from '../../platform/mail/index.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { EnquiryService } from './enquiry.service.js';
import {
  isFromUs,
  isOurOwn,
  mailLine,
  mailText,
  senderName,
  unreadWords,
  wordsOf,
} from './inbound-mail.rules.js';
import { InboundThreadService } from './inbound-thread.service.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

/** Whoever writes an e-mail is not signed in: Facet itself writes it down. */
export const MAILBOX_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'mailbox',
  requestId: null,
  source: null,
};
const NOT_ASKED_WHY = 'It came by e-mail.';

/** Where a message lies. */
export interface MessagePlace {
  readonly mailboxAddress: string;
  readonly uidValidity: bigint;
  readonly uid: bigint;
}

/** A message as it was read: its letter, or why there is none. */
export type ReadMessage =
  | { readonly kind: 'LETTER'; readonly letter: InboundLetter }
  | { readonly kind: 'TOO_LARGE' | 'UNREADABLE' };

/** Makes an enquiry, or a further message of one, of each message of the mailbox; once, whatever happens. */
@Injectable()
export class InboundMailKeepingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(EnquiryService) private readonly enquiries: EnquiryService,
    @Inject(InboundThreadService) private readonly threads: InboundThreadService,
    @Inject(RedFlagAskingService) private readonly askings: RedFlagAskingService,
  ) {}

  /** Whether this message was taken in before. */
  async isKept(place: MessagePlace): Promise<boolean> {
    const mailboxAddress_uidValidity_uid = { ...place };
    const row = await this.database.client.inboundMail.findUnique({
      where: { mailboxAddress_uidValidity_uid },
      select: { id: true },
    });
    return row !== null;
  }

  /** Keeps a message: what it says, whose it is, and that it was read, in one transaction. */
  async keep(place: MessagePlace, message: InboundMessage, read: ReadMessage): Promise<void> {
    const letter = read.kind === 'LETTER' ? read.letter : null;
    if (letter !== null && isOurOwn(letter, this.#ourAddress())) {
      await this.#note(this.database.client, place, { outcome: InboundMailOutcome.OUR_OWN });
      return;
    }
    const emailMessageId = letter?.messageId ?? messageIdOf(message, place);
    await this.database.transaction(async (tx) => {
      const known = await tx.enquiryMessage.findUnique({
        where: { emailMessageId },
        select: { id: true, enquiryId: true },
      });
      if (known !== null) {
        await this.#note(tx, place, { outcome: InboundMailOutcome.KNOWN, enquiryId: known.enquiryId });
        return;
      }
      const [outcome, enquiryId] = await this.#write(tx, message, read, emailMessageId);
      const written = await tx.enquiryMessage.findUnique({ where: { emailMessageId }, select: { id: true } });
      const isDone = letter === null || letter.attachments.length === 0;
      await this.#note(tx, place, { outcome, enquiryId, messageId: written?.id ?? null, isDone });
    });
  }

  async #write(
    tx: Tx,
    message: InboundMessage,
    read: ReadMessage,
    emailMessageId: string,
  ): Promise<readonly [InboundMailOutcome, string]> {
    const letter = read.kind === 'LETTER' ? read.letter : null;
    const subject = mailLine(letter?.subject ?? message.subject);
    const text =
      read.kind === 'LETTER' ? wordsOf(subject, mailText(read.letter.text)) : unreadWords(read.kind, subject);
    const at = this.#arrivalOf(message);
    const mail = { subject, emailMessageId, inReplyTo: letter?.answers[0] ?? null };
    const answered = letter === null ? null : await this.threads.threadOf(tx, letter);
    if (answered !== null) {
      await this.threads.addTo(tx, MAILBOX_ACTOR, answered, {
        channel: EnquiryChannel.EMAIL,
        text,
        at,
        mail,
      });
      await this.#lookAtSubject(tx, answered, subject, text);
      return [InboundMailOutcome.ADDED, answered];
    }
    const address = letter?.answerTo ?? message.fromAddress;
    const { id } = await this.enquiries.receiveIn(tx, MAILBOX_ACTOR, {
      channel: EnquiryChannel.EMAIL,
      name: senderName(letter?.fromName ?? message.fromName, address),
      email: address,
      receivedAt: at,
      message: text,
      mail,
      redFlags: { notAskedWhy: NOT_ASKED_WHY },
      // Whoever writes in our own name is not answered by us: that would go round for ever.
      isAutomatic: (letter?.isAutomatic ?? false) || isFromUs(letter, this.#ourAddress()),
    });
    await this.#lookAtSubject(tx, id, subject, text);
    return [read.kind === 'LETTER' ? InboundMailOutcome.ENQUIRY : read.kind, id];
  }

  /** A danger is often named in the subject, and nowhere else. */
  async #lookAtSubject(tx: Tx, enquiryId: string, subject: string | null, text: string): Promise<void> {
    if (subject === null || text.includes(subject)) return;
    await this.askings.lookAtText(tx, MAILBOX_ACTOR, { enquiryId }, subject);
  }

  #ourAddress(): string {
    return parseMailbox(this.config.mailFrom).address;
  }

  /** When the server took it in; its own date may say anything. Never after now. */
  #arrivalOf({ arrivedAtMs }: InboundMessage): Temporal.Instant {
    const now = this.clock.now();
    if (arrivedAtMs === null) return now;
    const arrived = Temporal.Instant.fromEpochMilliseconds(arrivedAtMs);
    return Temporal.Instant.compare(arrived, now) < 0 ? arrived : now;
  }

  async #note(
    client: Tx,
    place: MessagePlace,
    became: {
      readonly outcome: InboundMailOutcome;
      readonly enquiryId?: string;
      readonly messageId?: string | null;
      readonly isDone?: boolean;
    },
  ): Promise<void> {
    const { isDone = true, ...rest } = became;
    const takenAt = dateFromInstant(this.clock.now());
    const data = { ...place, ...rest, takenAt, attachmentsDoneAt: isDone ? takenAt : null };
    await client.inboundMail.create({ data, select: { id: true } });
  }
}

/**
 * A Message-ID for what has none that could be kept: the same for the same content. What a stranger wrote in its place is
 * never kept as one.
 */
function messageIdOf(message: InboundMessage, place: MessagePlace): string {
  if (message.source === null && message.messageId !== null && isMessageId(message.messageId))
    return message.messageId;
  const { mailboxAddress, uidValidity, uid } = place;
  const content = message.source ?? `${mailboxAddress} ${uidValidity} ${uid}`;
  return `<${createHash('sha256').update(content).digest('hex')}@without-message-id.invalid>`;
}
