import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type ImapInbox,
  INBOUND_BATCH_MAX,
  type InboundAttachment,
  type InboundMessage,
  type OpenInbox,
  readLetter,
} from '../../platform/mail/index.js';
import { InboundAttachmentService } from './inbound-attachment.service.js';
import {
  InboundMailKeepingService,
  type MessagePlace,
  type ReadMessage,
} from './inbound-mail-keeping.service.js';
import { InboundMailboxService } from './inbound-mailbox.service.js';

/** A mail server's clock may be so far behind ours. */
const SERVER_CLOCK_SKEW_MS = 10 * 60_000;

/** Looks into the clinic's mailbox: what is new becomes an enquiry, or goes into the thread that it answers. */
@Injectable()
export class InboundMailService {
  readonly #log = new Logger('mailbox');

  constructor(
    @Inject(InboundMailboxService) private readonly mailboxes: InboundMailboxService,
    @Inject(InboundMailKeepingService) private readonly keeping: InboundMailKeepingService,
    @Inject(InboundAttachmentService) private readonly attachments: InboundAttachmentService,
  ) {}

  /**
   * One look. How many messages were taken in; null: another process looks. What fails is written down and tried again at
   * the next look; a message that cannot be read is kept as one that a person has to open.
   */
  async look(inbox: ImapInbox): Promise<number | null> {
    const { address } = inbox;
    if (!(await this.mailboxes.hold(address))) return null;
    let failureCode: string | null = null;
    try {
      return await inbox.read((open) => this.#readOn(address, open));
    } catch (error) {
      failureCode = codeOf(error);
      this.#log.warn({ event: 'mailbox-not-read', code: failureCode });
      return 0;
    } finally {
      await this.mailboxes.release(address, failureCode);
    }
  }

  /** What is new comes first; what could not be filed is tried again after it. Nothing stops at one message. */
  async #readOn(mailboxAddress: string, open: OpenInbox): Promise<number> {
    const { uidValidity, nextUid, firstLookAt } = await this.mailboxes.placeIn(mailboxAddress, open.state);
    let count = 0;
    for await (const message of open.messagesFrom(nextUid, INBOUND_BATCH_MAX)) {
      const place = { mailboxAddress, uidValidity, uid: message.uid };
      if (!isOlder(message, firstLookAt) && !(await this.keeping.isKept(place))) {
        await this.#take(place, message);
        count += 1;
      }
      await this.mailboxes.readUpTo(mailboxAddress, message.uid + 1n);
    }
    await this.attachments.closeLost(mailboxAddress, uidValidity);
    for (const uid of await this.attachments.unfinished(mailboxAddress, uidValidity)) {
      const message = await open.message(uid);
      const read = message === null ? null : await readMessage(message);
      await this.#file({ mailboxAddress, uidValidity, uid }, read);
    }
    return count;
  }

  /** A message that cannot be kept as what it is, is kept as one that a person has to open. */
  async #take(place: MessagePlace, message: InboundMessage): Promise<void> {
    const read = await readMessage(message);
    try {
      await this.keeping.keep(place, message, read);
    } catch (error) {
      this.#log.warn({ event: 'message-not-kept', code: codeOf(error) });
      await this.keeping.keep(place, { ...message, messageId: null, subject: null }, { kind: 'UNREADABLE' });
      return;
    }
    await this.#file(place, read);
  }

  /** Files that cannot be stored now are stored at a later look. */
  async #file(place: MessagePlace, read: ReadMessage | null): Promise<void> {
    try {
      await this.attachments.file(place, attachmentsOf(read));
    } catch (error) {
      this.#log.warn({ event: 'attachments-not-filed', code: codeOf(error) });
    }
  }
}

const attachmentsOf = (read: ReadMessage | null): readonly InboundAttachment[] | null => {
  if (read === null) return null;
  return read.kind === 'LETTER' ? read.letter.attachments : [];
};

/** It lay there before anybody looked: people have seen to it. */
function isOlder({ arrivedAtMs }: InboundMessage, firstLookAt: Date): boolean {
  return arrivedAtMs !== null && arrivedAtMs < firstLookAt.getTime() - SERVER_CLOCK_SKEW_MS;
}

async function readMessage({ source }: InboundMessage): Promise<ReadMessage> {
  if (source === null) return { kind: 'TOO_LARGE' };
  try {
    const letter = await readLetter(source);
    return letter.isTextMissing ? { kind: 'UNREADABLE' } : { kind: 'LETTER', letter };
  } catch {
    // Whatever a stranger sent: a person has to look at it.
    return { kind: 'UNREADABLE' };
  }
}

/** A code for logs and staff; what a server says in words may quote an address. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const { serverResponseCode, code } = error as { serverResponseCode?: unknown; code?: unknown };
  for (const said of [serverResponseCode, code]) if (typeof said === 'string' && said !== '') return said;
  return error.name;
}
