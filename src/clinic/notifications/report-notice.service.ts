import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate, formatLocalDateTime } from '../../platform/time/index.js';
import { ReportLetterService as ReportFactsService } from '../reports/report-letter.service.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'REPORT_UNACKNOWLEDGED' | 'CRITICAL_FINDING_RAISED' | 'CRITICAL_FINDING_OVERDUE';

interface ReportNoticeFacts extends NoticeFacts {
  readonly patientId: string;
  readonly reportId: string;
}

/** Notices to the clinic: a result that nobody has acknowledged, and what cannot wait for the letter. */
@Injectable()
export class ReportNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['REPORT_UNACKNOWLEDGED', 'CRITICAL_FINDING_RAISED', 'CRITICAL_FINDING_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(ReportFactsService)
    private readonly reports: Pick<ReportFactsService, 'unacknowledgedMatter' | 'criticalMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const facts = await this.#read(tidings);
    if (facts === null) return null;
    return toClinic(facts.patientId, { aboutType: 'SCAN_REPORT', aboutId: facts.reportId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, await this.#read(letter));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, await this.#read(letter));
  }

  async #read({ kind, subjectId, subjectVersion }: Tidings<Kind>): Promise<ReportNoticeFacts | null> {
    const { client } = this.database;
    if (kind === 'REPORT_UNACKNOWLEDGED') {
      const task = await this.reports.unacknowledgedMatter(client, subjectId, subjectVersion);
      return task === null ? null : { ...task, since: formatDate(task.dueOn) };
    }
    const finding = await this.reports.criticalMatter(client, subjectId, subjectVersion);
    if (finding === null) return null;
    return { ...finding, since: formatLocalDateTime(finding.flaggedAt, this.config.clinicTimeZone) };
  }
}
