import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { RiskTaskLetterService } from '../outcomes/risk-task-letter.service.js';
import type { RiskTaskMatter } from '../outcomes/risk-task-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'RISK_TASK_RAISED' | 'RISK_TASK_OVERDUE';

/** Notices to the clinic that somebody has to be spoken with at once. */
@Injectable()
export class RiskNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['RISK_TASK_RAISED', 'RISK_TASK_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(RiskTaskLetterService) private readonly tasks: Pick<RiskTaskLetterService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'RISK_TASK', aboutId: matter.riskTaskId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, this.#toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, this.#toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<RiskTaskMatter | null> {
    return this.tasks.matter(this.database.client, subjectId, subjectVersion);
  }

  #toFacts(matter: RiskTaskMatter | null): NoticeFacts | null {
    if (matter === null) return null;
    const since = formatLocalDateTime(matter.raisedAt, this.config.clinicTimeZone);
    return { reference: matter.reference, since };
  }
}
