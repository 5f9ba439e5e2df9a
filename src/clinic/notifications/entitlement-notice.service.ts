import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { DutyLetterService } from '../entitlements/duty-letter.service.js';
import type { EntitlementReviewMatter } from '../entitlements/duty-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'ENTITLEMENT_REVIEW_DUE';

/** Notices to the clinic that an entitlement is to be looked at. */
@Injectable()
export class EntitlementNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['ENTITLEMENT_REVIEW_DUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(DutyLetterService) private readonly duties: Pick<DutyLetterService, 'reviewMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    return matter === null
      ? null
      : toClinic(null, { aboutType: 'ENTITLEMENT', aboutId: matter.entitlementId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<EntitlementReviewMatter | null> {
    return this.duties.reviewMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: EntitlementReviewMatter | null): NoticeFacts | null {
  if (matter === null) return null;
  const { entitlementId: reference, dueOn } = matter;
  return { reference, since: formatDate(dueOn) };
}
