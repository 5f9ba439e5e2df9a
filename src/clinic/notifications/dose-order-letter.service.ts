import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { DoseOrderLetterService as DoseOrderFactsService } from '../radiopharmacy/dose-order-letter.service.js';
import type { DoseOrderMatter } from '../radiopharmacy/dose-order-letter.type.js';
import {
  type DoseOrderVariables,
  decideDoseOrderLetter,
  toDoseOrderVariables,
} from './dose-order-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import type { LetterOpening } from './letter-opening.rules.js';
import { LetterheadService, wording } from './letterhead.service.js';

type Kind = 'DOSE_ORDER_TOLD';

const SHEET = wording<DoseOrderVariables>(
  'dose-order-told',
  ({ title, heldOn, version }) => `${title} for ${heldOn}, version ${version}`,
);

/** Order sheets to suppliers. They name no patient. */
@Injectable()
export class DoseOrderLetterService implements LetterMatter<Kind> {
  readonly kinds = ['DOSE_ORDER_TOLD'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(DoseOrderFactsService) private readonly orders: Pick<DoseOrderFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    const about = { aboutType: 'DOSE_ORDER', aboutId: facts.orderId } as const;
    return { recipient: 'SUPPLIER', recipientId: null, patientId: null, ...about, messageId: null };
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideDoseOrderLetter(facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no order');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    facts: DoseOrderMatter,
    address: string,
  ): MailMessage {
    const variables = toDoseOrderVariables(facts, this.letterhead.setting);
    return this.letterhead.toMessage(letter, SHEET, variables, { name: facts.supplier.name, address }, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<DoseOrderMatter | null> {
    return this.orders.matter(this.database.client, subjectId, subjectVersion);
  }
}
