import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { ReferralLetterService as ReferralFactsService } from '../referrals/referral-letter.service.js';
import type { ReferralTellingMatter } from '../referrals/referral-letter.type.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient, toReferrer } from './letter-opening.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';
import {
  decideReferralLetter,
  isForParty,
  type ReferralLetterKind,
  type ReferralLetterVariables,
  toReferralLetterVariables,
} from './referral-letter.rules.js';

/** What was decided is not in the subject; that an answer is wanted, and by when, is. */
const subject = ({ reference, answerBy }: ReferralLetterVariables): string =>
  answerBy === '' ? `Your referral ${reference}` : `Your referral ${reference}: please answer by ${answerBy}`;

const WORDINGS: Record<ReferralLetterKind, Wording<ReferralLetterVariables>> = {
  REFERRAL_TOLD_REFERRER: wording('referral-told-referrer', subject),
  REFERRAL_TOLD_PATIENT: wording('referral-told-patient', subject),
};

/** Letters about what has become of a referral, to its referrer and to its patient. */
@Injectable()
export class ReferralLetterService implements LetterMatter<ReferralLetterKind> {
  readonly kinds = ['REFERRAL_TOLD_REFERRER', 'REFERRAL_TOLD_PATIENT'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ReferralFactsService) private readonly referrals: Pick<ReferralFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<ReferralLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null || !isForParty(tidings.kind, facts)) return null;
    const { patientId, referralId, referrer } = facts;
    const about = { aboutType: 'REFERRAL', aboutId: referralId } as const;
    if (facts.to === 'PATIENT') return toPatient(patientId, about);
    return referrer === null ? null : toReferrer(referrer, patientId, about);
  }

  async write(letter: LetterAtHand<ReferralLetterKind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideReferralLetter(letter.kind, facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no referral');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<ReferralLetterKind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  async postTo(letter: LetterAtHand<ReferralLetterKind>): Promise<readonly string[]> {
    return (await this.#read(letter))?.postTo ?? [];
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<ReferralLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: ReferralTellingMatter,
    address: string,
  ): MailMessage {
    const variables = toReferralLetterVariables(facts, this.letterhead.setting);
    const to =
      facts.to === 'PATIENT'
        ? toAddressee(facts.patient, address)
        : { name: facts.referrer?.name ?? '', address };
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<ReferralTellingMatter | null> {
    return this.referrals.matter(this.database.client, subjectId, subjectVersion);
  }
}
