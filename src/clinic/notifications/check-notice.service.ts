import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatLocalDateTime } from '../../platform/time/index.js';
import { CheckLetterService } from '../checks/check-letter.service.js';
import type { DecisionAwaitedMatter } from '../checks/check-letter.type.js';
import { ScanRecordService } from '../imaging/scan-record.service.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';
import { LetterheadService } from './letterhead.service.js';

type Kind = 'CHECK_AWAITS_DECISION';

/** Notices to the clinic that a practitioner has to decide on a check, while the patient waits. */
@Injectable()
export class CheckNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['CHECK_AWAITS_DECISION'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LetterheadService) private readonly letterhead: LetterheadService,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(CheckLetterService) private readonly checks: Pick<CheckLetterService, 'decisionMatter'>,
    @Inject(ScanRecordService) private readonly scans: Pick<ScanRecordService, 'ofVisits'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    const { patientId, visitId: aboutId } = matter;
    const aboutType = (await this.#accessionNumberOf(matter)) === null ? 'VISIT' : 'SCAN_BOOKING';
    return toClinic(patientId, { aboutType, aboutId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, await this.#toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, await this.#toFacts(await this.#read(letter)));
  }

  #read({ subjectId }: Pick<Tidings<Kind>, 'subjectId'>): Promise<DecisionAwaitedMatter | null> {
    return this.checks.decisionMatter(this.database.client, subjectId);
  }

  async #toFacts(matter: DecisionAwaitedMatter | null): Promise<NoticeFacts | null> {
    if (matter === null) return null;
    const since = formatLocalDateTime(matter.madeAt, this.letterhead.setting.timeZone);
    return { reference: (await this.#accessionNumberOf(matter)) ?? matter.visitId, since };
  }

  /** Null: the visit is no scan, and is known by its id. */
  async #accessionNumberOf({ visitId }: DecisionAwaitedMatter): Promise<string | null> {
    return (await this.scans.ofVisits([visitId])).get(visitId)?.accessionNumber ?? null;
  }
}
