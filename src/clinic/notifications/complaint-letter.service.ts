import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { ComplaintLetterService as ComplaintFactsService } from '../records/complaint-letter.service.js';
import type { ComplaintMatter } from '../records/complaint-letter.type.js';
import {
  type ComplaintVariables,
  decideComplaintLetter,
  toComplaintVariables,
} from './complaint-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient } from './letter-opening.rules.js';
import { LetterheadService, toAddressee, wording } from './letterhead.service.js';

type Kind = 'COMPLAINT_RECEIVED';

const ACKNOWLEDGEMENT = wording<ComplaintVariables>(
  'complaint-received',
  ({ reference }) => `We have received your complaint (${reference})`,
);

/** Acknowledgements of complaints. */
@Injectable()
export class ComplaintLetterService implements LetterMatter<Kind> {
  readonly kinds = ['COMPLAINT_RECEIVED'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ComplaintFactsService) private readonly complaints: Pick<ComplaintFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    return toPatient(facts.patientId, { aboutType: 'COMPLAINT', aboutId: facts.complaintId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideComplaintLetter(facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no complaint');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    facts: ComplaintMatter,
    address: string,
  ): MailMessage {
    const variables = toComplaintVariables(facts, this.letterhead.setting);
    return this.letterhead.toMessage(
      letter,
      ACKNOWLEDGEMENT,
      variables,
      toAddressee(facts.patient, address),
      null,
    );
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<ComplaintMatter | null> {
    return this.complaints.matter(this.database.client, subjectId, subjectVersion);
  }
}
