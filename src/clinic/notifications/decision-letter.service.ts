import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { DecisionMatterService } from '../decisions/decision-matter.service.js';
import type { DecisionLetterMatter } from '../decisions/decision-matter.type.js';
import {
  type DecisionLetterKind,
  type DecisionLetterVariables,
  decideDecisionLetter,
  isForAudience,
  toDecisionLetterVariables,
} from './decision-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toGp, toPatient, toReferrer } from './letter-opening.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';

/** Of what was decided, and about whom, the subject says nothing. */
const subject = ({ reference, approvedOn }: DecisionLetterVariables): string =>
  reference === '' ? `Our letter of ${approvedOn}` : `Our letter about referral ${reference}`;

const WORDINGS: Record<DecisionLetterKind, Wording<DecisionLetterVariables>> = {
  DECISION_TOLD_REFERRER: wording('decision-told-clinician', subject),
  DECISION_TOLD_GP: wording('decision-told-clinician', subject),
  DECISION_TOLD_PATIENT: wording('decision-told-patient', subject),
};

/** What the team decided, told to patient, GP and referrer in the words that a clinician has approved. */
@Injectable()
export class DecisionLetterService implements LetterMatter<DecisionLetterKind> {
  readonly kinds = ['DECISION_TOLD_REFERRER', 'DECISION_TOLD_GP', 'DECISION_TOLD_PATIENT'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(DecisionMatterService) private readonly decisions: Pick<DecisionMatterService, 'letterMatter'>,
  ) {}

  async opening(tidings: Tidings<DecisionLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null || !isForAudience(tidings.kind, facts)) return null;
    const { patientId, decisionId, recipient } = facts;
    const about = { aboutType: 'CASE_DECISION', aboutId: decisionId } as const;
    if (facts.to === 'PATIENT') return toPatient(patientId, about);
    if (recipient === null) return null;
    return facts.to === 'GP' ? toGp(recipient, patientId, about) : toReferrer(recipient, patientId, about);
  }

  async write(letter: LetterAtHand<DecisionLetterKind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideDecisionLetter(letter.kind, facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no decision');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<DecisionLetterKind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  async postTo(letter: LetterAtHand<DecisionLetterKind>): Promise<readonly string[]> {
    return (await this.#read(letter))?.postTo ?? [];
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<DecisionLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: DecisionLetterMatter,
    address: string,
  ): MailMessage {
    const variables = toDecisionLetterVariables(facts, this.letterhead.setting);
    const to =
      facts.to === 'PATIENT'
        ? toAddressee(facts.patient, address)
        : { name: facts.recipient?.name ?? '', address };
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<DecisionLetterMatter | null> {
    return this.decisions.letterMatter(this.database.client, subjectId, subjectVersion);
  }
}
