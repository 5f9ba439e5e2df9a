import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { AdviceLetterService as AdviceFactsService } from '../referrals/advice-letter.service.js';
import type { AdviceOverdueMatter } from '../referrals/advice-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'ADVICE_OVERDUE';

/** Notices to the clinic that a referrer waits for an answer. */
@Injectable()
export class AdviceNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['ADVICE_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(AdviceFactsService) private readonly advice: Pick<AdviceFactsService, 'overdueMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'ADVICE_THREAD', aboutId: matter.threadId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<AdviceOverdueMatter | null> {
    return this.advice.overdueMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: AdviceOverdueMatter | null): NoticeFacts | null {
  return matter === null ? null : { reference: matter.reference, since: formatDate(matter.dueOn) };
}
