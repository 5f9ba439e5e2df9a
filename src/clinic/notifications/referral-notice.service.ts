import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { ReferralLetterService as ReferralFactsService } from '../referrals/referral-letter.service.js';
import type { ReferralOverdueMatter } from '../referrals/referral-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'REFERRAL_OVERDUE';

/** Notices to the clinic that a referral waits for its decision. */
@Injectable()
export class ReferralNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['REFERRAL_OVERDUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(ReferralFactsService) private readonly referrals: Pick<ReferralFactsService, 'overdueMatter'>,
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

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<ReferralOverdueMatter | null> {
    return this.referrals.overdueMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: ReferralOverdueMatter | null): NoticeFacts | null {
  return matter === null ? null : { reference: matter.reference, since: formatDate(matter.dueOn) };
}
