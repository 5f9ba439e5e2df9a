import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { CallBackLetterService } from '../enquiries/call-back-letter.service.js';
import type { CallBackMatter } from '../enquiries/call-back-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';
import { LetterheadService } from './letterhead.service.js';

type Kind = 'CALL_BACK_OVERDUE';

/** Notices to the clinic that somebody waits to be rung. */
@Injectable()
export class CallBackNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['CALL_BACK_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(CallBackLetterService) private readonly callBacks: Pick<CallBackLetterService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    const { patientId, enquiryId, callBackId } = matter;
    return enquiryId === null
      ? toClinic(patientId, { aboutType: 'CALL_BACK', aboutId: callBackId })
      : toClinic(patientId, { aboutType: 'ENQUIRY', aboutId: enquiryId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, this.#toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, this.#toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<CallBackMatter | null> {
    return this.callBacks.matter(this.database.client, subjectId, subjectVersion);
  }

  #toFacts(matter: CallBackMatter | null): NoticeFacts | null {
    if (matter === null) return null;
    const { reference, dueAt } = matter;
    return { reference, since: formatLocalDateTime(dueAt, this.letterhead.setting.timeZone) };
  }
}
