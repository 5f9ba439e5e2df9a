import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { EnquiryLetterService as EnquiryFactsService } from '../enquiries/enquiry-letter.service.js';
import {
  acknowledgementName,
  type EnquirerFacts,
  type EnquiryMatter,
  type EnquiryReplyMatter,
} from '../enquiries/enquiry-letter.type.js';
import {
  type AcknowledgementVariables,
  decideAcknowledgement,
  decideReply,
  type EnquiryLetterKind,
  type ReplyVariables,
  toAcknowledgementVariables,
  toReplyVariables,
} from './enquiry-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toEnquirer } from './letter-opening.rules.js';
import { type Addressee, LetterheadService, wording } from './letterhead.service.js';

// What somebody told us about is not in the subject: a subject is read over a shoulder.
const ACKNOWLEDGEMENT = wording<AcknowledgementVariables>(
  'enquiry-received',
  ({ reference }) => `We have received your message (${reference})`,
);
const REPLY = wording<ReplyVariables>(
  'enquiry-reply',
  ({ reference }) => `Re: Your message to us (${reference})`,
);

type AnyEnquiryLetter =
  | { readonly kind: 'ENQUIRY_RECEIVED'; readonly facts: EnquiryMatter }
  | { readonly kind: 'ENQUIRY_REPLY'; readonly facts: EnquiryReplyMatter };

/** Letters to whoever enquired. */
@Injectable()
export class EnquiryLetterService implements LetterMatter<EnquiryLetterKind> {
  readonly kinds = ['ENQUIRY_RECEIVED', 'ENQUIRY_REPLY'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(EnquiryFactsService)
    private readonly enquiries: Pick<EnquiryFactsService, 'matter' | 'replyMatter'>,
  ) {}

  async opening(tidings: Tidings<EnquiryLetterKind>): Promise<LetterOpening | null> {
    const read = await this.#read(tidings);
    if (read === null) return null;
    const { patientId, enquiryId } = read.facts;
    // Answers to either come back into the thread.
    const messageId =
      read.kind === 'ENQUIRY_REPLY'
        ? read.facts.emailMessageId
        : this.letterhead.messageIdOf(acknowledgementName(enquiryId, tidings.subjectVersion));
    return toEnquirer(patientId, enquiryId, messageId);
  }

  async write(letter: LetterAtHand<EnquiryLetterKind>): Promise<Written> {
    const read = await this.#read(letter);
    const own = this.letterhead.ownAddresses();
    const verdict =
      read?.kind === 'ENQUIRY_REPLY'
        ? decideReply(read.facts, own)
        : decideAcknowledgement(read?.facts ?? null, own);
    if (verdict.verdict !== 'SEND') return verdict;
    if (read === null) throw new Error('a letter was to be sent about no enquiry');
    return { verdict: 'SEND', message: this.compose(letter, read, verdict.address) };
  }

  async wording(letter: LetterAtHand<EnquiryLetterKind>): Promise<MailMessage | null> {
    const read = await this.#read(letter);
    return read === null ? null : this.compose(letter, read, '');
  }

  /** Puts it into words. An answer to an e-mail stands in its thread, also in the enquirer's mail program. */
  compose(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    { kind, facts }: AnyEnquiryLetter,
    address: string,
  ): MailMessage {
    const to = toEnvelope(facts.enquirer, address);
    const { setting } = this.letterhead;
    if (kind === 'ENQUIRY_REPLY') {
      const { references } = facts;
      const variables = toReplyVariables(facts, setting);
      return this.letterhead.toMessage(letter, REPLY, variables, to, null, {
        references,
        writtenBy: 'PERSON',
      });
    }
    const variables = toAcknowledgementVariables(facts, setting);
    return this.letterhead.toMessage(letter, ACKNOWLEDGEMENT, variables, to, null, {
      references: facts.emailMessageId === null ? [] : [facts.emailMessageId],
      writtenBy: 'PROGRAM_IN_ANSWER',
    });
  }

  async #read({ kind, subjectId }: Tidings<EnquiryLetterKind>): Promise<AnyEnquiryLetter | null> {
    const { client } = this.database;
    if (kind === 'ENQUIRY_REPLY') {
      const facts = await this.enquiries.replyMatter(client, subjectId);
      return facts === null ? null : { kind, facts };
    }
    const facts = await this.enquiries.matter(client, subjectId);
    return facts === null ? null : { kind, facts };
  }
}

/** Somebody who gave no name is addressed by the address alone. */
function toEnvelope({ name }: EnquirerFacts, address: string): Addressee {
  return { name: name ?? '', address };
}
