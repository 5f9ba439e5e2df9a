import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { EnquiryCloseReason, EnquirySpamReason } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EnquirerHasNoEmail, EnquiryAction, PrivacyNoticeAlreadyShown } from './enquiry.refusals.js';
import type { EnquiryRefusal } from './enquiry.rules.js';
import type { Enquiry } from './enquiry.type.js';
import type { CloseEnquiryInput, EnquiryTextInput, RecordPrivacyNoticeInput } from './enquiry-action.type.js';
import { ENQUIRY_TOPICS } from './enquiry-letter.type.js';
import { EnquiryMessageService, NO_LONGER_CLOSED } from './enquiry-message.service.js';
import { type EnquiryChange, EnquiryRecordService } from './enquiry-record.service.js';
import { PrivacyNoticeService } from './privacy-notice.service.js';

/** What staff do with an enquiry. Whoever comes second finds the enquiry as the first left it, and is told how. */
@Injectable()
export class EnquiryHandlingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(EnquiryRecordService) private readonly records: EnquiryRecordService,
    @Inject(EnquiryMessageService) private readonly messages: EnquiryMessageService,
    @Inject(PrivacyNoticeService) private readonly notices: PrivacyNoticeService,
  ) {
    outbox.declare(ENQUIRY_TOPICS.replied);
  }

  /** Takes an enquiry: of many who try at once one has it. Taking one's own again changes nothing. */
  async claimEnquiry(actor: StaffActor, id: string): Promise<Enquiry | EnquiryRefusal> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.mustHave(tx, id, { hold: true });
      if (held.claimedById === actor.id) return held;
      const claimed = { claimedById: actor.id, claimedAt: this.#now() };
      return this.records.move(tx, actor, held, EnquiryAction.CLAIM, {
        action: 'enquiry.claimed',
        data: claimed,
      });
    });
  }

  /** Gives an enquiry back to all, one's own or that of a colleague who is away; its history says who did. */
  async releaseEnquiry(actor: StaffActor, id: string): Promise<Enquiry | EnquiryRefusal> {
    return this.#move(actor, id, EnquiryAction.RELEASE, async (_, { claimedById }) => ({
      action: 'enquiry.released',
      data: { claimedById: null, claimedAt: null },
      detail: { claimedById },
    }));
  }

  /** A note among ourselves. */
  async noteOnEnquiry(
    actor: StaffActor,
    { enquiryId, text }: EnquiryTextInput,
  ): Promise<Enquiry | EnquiryRefusal> {
    return this.#move(actor, enquiryId, EnquiryAction.NOTE, async (tx, held) => {
      const { id } = await this.messages.writeIn(tx, actor, held, 'NOTE', text);
      return { action: 'enquiry.noted', data: {}, detail: { messageId: id } };
    });
  }

  /** Writes to the enquirer; the e-mail goes out after the commit, exactly once. */
  async replyToEnquiry(
    actor: StaffActor,
    { enquiryId, text }: EnquiryTextInput,
  ): Promise<Enquiry | EnquiryRefusal | EnquirerHasNoEmail> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.mustHave(tx, enquiryId, { hold: true });
      if (held.email === null) return new EnquirerHasNoEmail();
      const { id } = await this.messages.writeIn(tx, actor, held, 'OUT', text);
      await this.outbox.post(tx, { topic: ENQUIRY_TOPICS.replied, subjectId: id, version: 0 });
      const change = { action: 'enquiry.replied', data: {}, detail: { messageId: id } };
      return this.records.move(tx, actor, held, EnquiryAction.REPLY, change);
    });
  }

  /** Ends an enquiry with a reason; never while a red flag is open. */
  async closeEnquiry(actor: StaffActor, input: CloseEnquiryInput): Promise<Enquiry | EnquiryRefusal> {
    const comment = input.comment?.normalize('NFC').trim() || null;
    if (input.reason === EnquiryCloseReason.OTHER && comment === null) {
      throw badInput('comment: is needed when the reason is OTHER.');
    }
    return this.#move(actor, input.enquiryId, EnquiryAction.CLOSE, async () => ({
      action: 'enquiry.closed',
      data: { closeReason: input.reason, closeComment: comment, closedAt: this.#now(), closedById: actor.id },
      detail: { reason: input.reason },
    }));
  }

  /** Opens a closed enquiry again; its history keeps why it was closed. */
  async reopenEnquiry(actor: StaffActor, id: string): Promise<Enquiry | EnquiryRefusal> {
    return this.#move(actor, id, EnquiryAction.REOPEN, async (_, { closeReason }) => ({
      action: 'enquiry.reopened',
      data: { ...NO_LONGER_CLOSED, claimedById: null, claimedAt: null },
      detail: { closeReason },
    }));
  }

  /** Puts an enquiry away as spam: kept, in no queue. Never while a red flag is open. */
  async markSpam(actor: StaffActor, id: string): Promise<Enquiry | EnquiryRefusal> {
    return this.#move(actor, id, EnquiryAction.MARK_SPAM, async () => ({
      action: 'enquiry.marked-spam',
      data: { spamReason: EnquirySpamReason.MARKED_BY_STAFF, claimedById: null, claimedAt: null },
    }));
  }

  /** It was from a person after all: it is new, and acknowledged now if it never was. */
  async notSpam(actor: StaffActor, id: string): Promise<Enquiry | EnquiryRefusal> {
    return this.#move(actor, id, EnquiryAction.NOT_SPAM, async (tx, held) => {
      if (held.spamReason !== EnquirySpamReason.MARKED_BY_STAFF) {
        await this.outbox.post(tx, { topic: ENQUIRY_TOPICS.received, subjectId: held.id, version: 0 });
      }
      return {
        action: 'enquiry.unmarked-spam',
        data: { spamReason: null },
        detail: { spamReason: held.spamReason },
      };
    });
  }

  /** The notice in force was read out or sent to somebody who came otherwise than through the website. */
  async recordPrivacyNotice(
    actor: StaffActor,
    { enquiryId, version, wantsNews }: RecordPrivacyNoticeInput,
  ): Promise<Enquiry | PrivacyNoticeAlreadyShown> {
    const notice = await this.notices.mustBeInForce(version);
    const news = wantsNews ? await this.notices.mustHaveMarketing() : null;
    return this.database.transaction(async (tx) => {
      const held = await this.records.mustHave(tx, enquiryId, { hold: true });
      if (held.privacyNoticeTickedAt !== null)
        return new PrivacyNoticeAlreadyShown(held.privacyNoticeTickedAt);
      const now = this.#now();
      return this.records.change(tx, actor, held, {
        action: 'enquiry.privacy-notice-shown',
        data: {
          ...{ privacyNoticeId: notice.id, privacyNoticeTickedAt: now, privacyNoticeById: actor.id },
          ...(news === null ? {} : { marketingWordingId: news.id, marketingOptedInAt: now }),
        },
        detail: { version, wantsNews },
      });
    });
  }

  /** Held, moved by the table, written; refused, nothing of what `toChange` wrote stays. */
  async #move(
    actor: StaffActor,
    id: string,
    action: EnquiryAction,
    toChange: (tx: Tx, held: Enquiry) => Promise<EnquiryChange>,
  ): Promise<Enquiry | EnquiryRefusal> {
    return this.database.transaction(async (tx) => {
      const held = await this.records.mustHave(tx, id, { hold: true });
      return this.records.move(tx, actor, held, action, await toChange(tx, held));
    });
  }

  #now(): Date {
    return dateFromInstant(this.clock.now());
  }
}
