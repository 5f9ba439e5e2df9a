import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { DiaryLetterService as DiaryFactsService } from '../responses/diary-letter.service.js';
import type { DiaryPointMatter } from '../responses/diary-letter.type.js';
import {
  type DiaryLetterVariables,
  decideDiaryLetter,
  toDiaryLetterVariables,
} from './diary-letter.rules.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toPatient } from './letter-opening.rules.js';
import { LetterheadService, toAddressee, wording } from './letterhead.service.js';

type Kind = 'DIARY_POINT_DUE';

/** What it is about, and what was done, the subject leaves out. */
const QUESTION = wording<DiaryLetterVariables>('diary-point-due', ({ answerBy }) =>
  answerBy === '' ? 'How are you now?' : `How are you now? Please answer by ${answerBy}`,
);

/** Asks a patient, weeks and months after a treatment, how they are. */
@Injectable()
export class DiaryLetterService implements LetterMatter<Kind> {
  readonly kinds = ['DIARY_POINT_DUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(DiaryFactsService) private readonly diaries: Pick<DiaryFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    return toPatient(facts.patientId, { aboutType: 'TREATMENT', aboutId: facts.treatmentId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideDiaryLetter(facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no point of a diary');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null || facts.hasDied ? null : this.compose(letter, facts, '');
  }

  async postTo(letter: LetterAtHand<Kind>): Promise<readonly string[]> {
    return (await this.#read(letter))?.postTo ?? [];
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    facts: DiaryPointMatter,
    address: string,
  ): MailMessage {
    const variables = toDiaryLetterVariables(facts, this.letterhead.setting);
    const to = toAddressee(facts.patient, address);
    return this.letterhead.toMessage(letter, QUESTION, variables, to, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<DiaryPointMatter | null> {
    return this.diaries.matter(this.database.client, subjectId, subjectVersion);
  }
}
