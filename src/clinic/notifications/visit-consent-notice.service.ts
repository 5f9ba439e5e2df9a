import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { VisitConsentService } from '../visits/visit-consent.service.js';
import type { VisitConsentMatter } from '../visits/visit-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';
import { LetterheadService } from './letterhead.service.js';

type Kind = 'VISIT_CONSENT_WITHDRAWN';

/** Notices to the clinic that consent to a booked visit was withdrawn. */
@Injectable()
export class VisitConsentNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['VISIT_CONSENT_WITHDRAWN'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(VisitConsentService) private readonly consents: Pick<VisitConsentService, 'matter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'VISIT', aboutId: matter.visitId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, this.#toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, this.#toFacts(await this.#read(letter)));
  }

  #read({ subjectId }: Tidings<Kind>): Promise<VisitConsentMatter | null> {
    return this.consents.matter(this.database.client, subjectId);
  }

  #toFacts(matter: VisitConsentMatter | null): NoticeFacts | null {
    if (matter === null) return null;
    const since = formatLocalDateTime(matter.startsAt, this.letterhead.setting.timeZone);
    return { reference: matter.reference, since };
  }
}
