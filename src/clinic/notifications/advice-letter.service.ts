import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { AdviceLetterService as AdviceFactsService } from '../referrals/advice-letter.service.js';
import type { AdviceMatter } from '../referrals/advice-letter.type.js';
import { type AdviceVariables, decideAdviceLetter, toAdviceVariables } from './advice-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toReferrer } from './letter-opening.rules.js';
import { LetterheadService, wording } from './letterhead.service.js';

type Kind = 'ADVICE_ANSWERED';

const ADVICE = wording<AdviceVariables>(
  'advice-answered',
  ({ reference }) => `Our answer to your question (${reference})`,
);

/** Answers to referrers who asked for advice. A person wrote them. */
@Injectable()
export class AdviceLetterService implements LetterMatter<Kind> {
  readonly kinds = ['ADVICE_ANSWERED'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(AdviceFactsService) private readonly advice: Pick<AdviceFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    return toReferrer(facts.referrer, facts.patientId, {
      aboutType: 'ADVICE_THREAD',
      aboutId: facts.threadId,
    });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideAdviceLetter(facts, this.letterhead.ownAddresses());
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no advice');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    facts: AdviceMatter,
    address: string,
  ): MailMessage {
    const variables = toAdviceVariables(facts, this.letterhead.setting);
    const to = { name: facts.referrer.name, address };
    return this.letterhead.toMessage(letter, ADVICE, variables, to, null, { writtenBy: 'PERSON' });
  }

  #read({ subjectId }: Tidings): Promise<AdviceMatter | null> {
    return this.advice.matter(this.database.client, subjectId);
  }
}
