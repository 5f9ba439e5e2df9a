import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { LicenceLetterService } from '../entitlements/licence-letter.service.js';
import type { LicenceRenewalMatter } from '../entitlements/licence-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'LICENCE_RENEWAL_DUE';

/** Notices to the clinic that a licence runs out. */
@Injectable()
export class LicenceNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['LICENCE_RENEWAL_DUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(LicenceLetterService) private readonly licences: Pick<LicenceLetterService, 'renewalMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    return matter === null ? null : toClinic(null, { aboutType: 'LICENCE', aboutId: matter.licenceId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<LicenceRenewalMatter | null> {
    return this.licences.renewalMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: LicenceRenewalMatter | null): NoticeFacts | null {
  if (matter === null) return null;
  const { number, lastDay, applyBy } = matter;
  return { reference: number, since: `${formatDate(lastDay)}; last day to apply: ${formatDate(applyBy)}` };
}
