import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { VettingLetterService as VettingFactsService } from '../vetting/vetting-letter.service.js';
import type { RequestOverdueMatter } from '../vetting/vetting-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'IMAGING_REQUEST_OVERDUE';

/** Notices to the clinic that an imaging request waits for somebody. */
@Injectable()
export class VettingNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['IMAGING_REQUEST_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(VettingFactsService) private readonly vetting: Pick<VettingFactsService, 'overdueMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'REFERRAL', aboutId: matter.referralId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<RequestOverdueMatter | null> {
    return this.vetting.overdueMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: RequestOverdueMatter | null): NoticeFacts | null {
  return matter === null ? null : { reference: matter.reference, since: formatDate(matter.dueOn) };
}
