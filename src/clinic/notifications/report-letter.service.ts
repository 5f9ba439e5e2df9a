import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { ReportLetterService as ReportFactsService } from '../reports/report-letter.service.js';
import type { ReportTellingMatter } from '../reports/report-letter.type.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toGp, toPatient, toReferrer } from './letter-opening.rules.js';
import { LetterheadService, toAddressee, type Wording, wording } from './letterhead.service.js';
import {
  decideReportLetter,
  isForReportParty,
  type ReportLetterKind,
  type ReportLetterVariables,
  toReportLetterVariables,
} from './report-letter.rules.js';

/** Of what it is, and what was found, the subject says nothing. */
const toReferrerSubject = ({ reference, acknowledgeBy }: ReportLetterVariables): string =>
  acknowledgeBy === ''
    ? `Our letter about ${reference}`
    : `Our letter about ${reference}: please acknowledge by ${acknowledgeBy}`;

const WORDINGS: Record<ReportLetterKind, Wording<ReportLetterVariables>> = {
  REPORT_TOLD_REFERRER: wording('report-told-clinician', toReferrerSubject),
  REPORT_TOLD_GP: wording(
    'report-told-clinician',
    ({ reference, copyFor }) => `Our letter about ${reference}: a copy for ${copyFor}`,
  ),
  REPORT_TOLD_PATIENT: wording('report-told-patient', ({ reference }) => `Our letter about ${reference}`),
};

/** The report of a scan as it is sent to whoever asked, to other clinicians, and to the patient. */
@Injectable()
export class ReportLetterService implements LetterMatter<ReportLetterKind> {
  readonly kinds = ['REPORT_TOLD_REFERRER', 'REPORT_TOLD_GP', 'REPORT_TOLD_PATIENT'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ReportFactsService) private readonly reports: Pick<ReportFactsService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<ReportLetterKind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null || !isForReportParty(tidings.kind, facts)) return null;
    const { patientId, reportId, recipient } = facts;
    const about = { aboutType: 'SCAN_REPORT', aboutId: reportId } as const;
    if (facts.to === 'PATIENT') return toPatient(patientId, about);
    if (recipient === null) return null;
    return facts.to === 'GP' ? toGp(recipient, patientId, about) : toReferrer(recipient, patientId, about);
  }

  async write(letter: LetterAtHand<ReportLetterKind>): Promise<Written> {
    const facts = await this.#read(letter);
    const verdict = decideReportLetter(letter.kind, facts);
    if (verdict.verdict !== 'SEND') return verdict;
    if (facts === null) throw new Error('a letter was to be sent about no report');
    return { verdict: 'SEND', message: this.compose(letter, facts, verdict.address) };
  }

  async wording(letter: LetterAtHand<ReportLetterKind>): Promise<MailMessage | null> {
    const facts = await this.#read(letter);
    return facts === null ? null : this.compose(letter, facts, '');
  }

  async postTo(letter: LetterAtHand<ReportLetterKind>): Promise<readonly string[]> {
    return (await this.#read(letter))?.postTo ?? [];
  }

  /** Puts it into words. */
  compose(
    letter: Pick<LetterAtHand<ReportLetterKind>, 'kind' | 'messageId' | 'createdAt'>,
    facts: ReportTellingMatter,
    address: string,
  ): MailMessage {
    const variables = toReportLetterVariables(facts, this.letterhead.setting);
    const to =
      facts.to === 'PATIENT'
        ? toAddressee(facts.patient, address)
        : { name: facts.recipient?.name ?? '', address };
    return this.letterhead.toMessage(letter, WORDINGS[letter.kind], variables, to, null);
  }

  #read({ subjectId, subjectVersion }: Tidings): Promise<ReportTellingMatter | null> {
    return this.reports.matter(this.database.client, subjectId, subjectVersion);
  }
}
