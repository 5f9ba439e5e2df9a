import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { EnquiryLetterService as EnquiryFactsService } from '../enquiries/enquiry-letter.service.js';
import type { RedFlagMatter } from '../enquiries/enquiry-letter.type.js';
import type { ClinicNoticeKind, NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';
import { suppressed } from './letter-verdict.rules.js';
import { LetterheadService } from './letterhead.service.js';

type EnquiryNoticeKind = Extract<ClinicNoticeKind, 'ENQUIRY_NOTICE' | 'RED_FLAG_RAISED' | 'RED_FLAG_OVERDUE'>;

interface Noticed extends NoticeFacts {
  readonly about: RedFlagMatter['about'];
  readonly patientId: string | null;
  /** A machine wrote it: it waits in the list, and nobody is disturbed. */
  readonly isAutomatic: boolean;
}

/** Notices to the clinic about an enquiry, or about an alert that one has raised. */
@Injectable()
export class EnquiryNoticeService implements LetterMatter<EnquiryNoticeKind> {
  readonly kinds = ['ENQUIRY_NOTICE', 'RED_FLAG_RAISED', 'RED_FLAG_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(EnquiryFactsService)
    private readonly enquiries: Pick<EnquiryFactsService, 'matter' | 'alertMatter'>,
  ) {}

  async opening(tidings: Tidings<EnquiryNoticeKind>): Promise<LetterOpening | null> {
    const noticed = await this.#read(tidings);
    if (noticed === null) return null;
    return toClinic(noticed.patientId, { aboutType: noticed.about.type, aboutId: noticed.about.id });
  }

  async write(letter: LetterAtHand<EnquiryNoticeKind>): Promise<Written> {
    const noticed = await this.#read(letter);
    // Also a notice that came back into the clinic's own mailbox: it would call for the next.
    if (noticed?.isAutomatic === true) return suppressed('AUTOMATIC_MAIL');
    return this.notices.write(letter, noticed);
  }

  async wording(letter: LetterAtHand<EnquiryNoticeKind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, await this.#read(letter));
  }

  async #read({ kind, subjectId, subjectVersion }: Tidings<EnquiryNoticeKind>): Promise<Noticed | null> {
    const { client } = this.database;
    const { timeZone } = this.letterhead.setting;
    if (kind === 'ENQUIRY_NOTICE') {
      const enquiry = await this.enquiries.matter(client, subjectId);
      return enquiry === null
        ? null
        : {
            ...enquiry,
            about: { type: 'ENQUIRY', id: enquiry.enquiryId },
            since: formatLocalDateTime(enquiry.receivedAt, timeZone),
          };
    }
    const alert = await this.enquiries.alertMatter(client, subjectId, subjectVersion);
    return alert === null
      ? null
      : { ...alert, isAutomatic: false, since: formatLocalDateTime(alert.raisedAt, timeZone) };
  }
}
