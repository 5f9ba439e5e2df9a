import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { ScanConsentService } from '../imaging/scan-consent.service.js';
import type { ConsentWithdrawnMatter } from '../imaging/scan-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';
import { LetterheadService } from './letterhead.service.js';

type Kind = 'SCAN_CONSENT_WITHDRAWN';

/** Notices to the clinic that consent to a booked scan was withdrawn. */
@Injectable()
export class ScanConsentNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['SCAN_CONSENT_WITHDRAWN'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(ScanConsentService) private readonly consents: Pick<ScanConsentService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'SCAN_BOOKING', aboutId: matter.bookingId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, this.#toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, this.#toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<ConsentWithdrawnMatter | null> {
    return this.consents.matter(this.database.client, subjectId, subjectVersion);
  }

  #toFacts(matter: ConsentWithdrawnMatter | null): NoticeFacts | null {
    if (matter === null) return null;
    const { accessionNumber, withdrawnAt } = matter;
    const since = formatLocalDateTime(withdrawnAt, this.letterhead.setting.timeZone);
    return { reference: accessionNumber, since };
  }
}
