import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { VettingLetterService as VettingFactsService } from '../vetting/vetting-letter.service.js';
import type { VettingTellingMatter } from '../vetting/vetting-letter.type.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toReferrer } from './letter-opening.rules.js';
import { LetterheadService, wording } from './letterhead.service.js';
import type { ReferralLetterVariables } from './referral-letter.rules.js';
import {
  decideVettingLetter,
  toVettingLetterVariables,
  type VettingLetterKind,
} from './vetting-letter.rules.js';

/** The frame is that of every letter about a referral; what was decided is not in the subject. */
const TOLD = wording<ReferralLetterVariables>('referral-told-referrer', ({ reference, answerBy }) =>
  answerBy === '' ? `Your referral ${reference}` : `Your referral ${reference}: please answer by ${answerBy}`,
);

/** Letters to referrers about what they asked to be imaged. */
@Injectable()
export class VettingLetterService implements LetterMatter<VettingLetterKind> {
  readonly kinds = ['IMAGING_REQUEST_TOLD'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(VettingFactsService) private readonly vetting: Pick<VettingFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<VettingLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    const about = { aboutType: 'REFERRAL', aboutId: facts.referralId } as const;
    return toReferrer(facts.referrer, facts.patientId, about);
  }

  async write(letter: LetterAtHand<VettingLetterKind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideVettingLetter(facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no imaging request');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<VettingLetterKind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  async postTo(letter: LetterAtHand<VettingLetterKind>): Promise<readonly string[]> {
    return (await this.#read(letter))?.postTo ?? [];
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<VettingLetterKind>, 'messageId' | 'createdAt'>,
    facts: VettingTellingMatter,
    address: string,
  ): MailMessage {
    const variables = toVettingLetterVariables(facts, this.letterhead.setting);
    return this.letterhead.toMessage(letter, TOLD, variables, { name: facts.referrer.name, address }, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<VettingTellingMatter | null> {
    return this.vetting.matter(this.database.client, subjectId, subjectVersion);
  }
}
