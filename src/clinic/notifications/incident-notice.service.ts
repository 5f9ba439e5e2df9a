import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { MailMessage } from '../../platform/mail/index.js';
import { formatDate } from '../../platform/time/index.js';
import { IncidentLetterService } from '../incidents/incident-letter.service.js';
import type { IncidentNotificationMatter } from '../incidents/incident-letter.type.js';
import type { NoticeFacts } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import type { LetterAtHand, LetterMatter, Tidings, Written } from './letter-matter.type.js';
import { type LetterOpening, toClinic } from './letter-opening.rules.js';

type Kind = 'INCIDENT_NOTIFICATION_DUE';

/** Notices to the clinic that a regulator has to hear of an incident. */
@Injectable()
export class IncidentNoticeService implements LetterMatter<Kind> {
  readonly kinds = ['INCIDENT_NOTIFICATION_DUE'] as const;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ClinicNoticeService) private readonly notices: ClinicNoticeService,
    @Inject(IncidentLetterService)
    private readonly incidents: Pick<IncidentLetterService, 'notificationMatter'>,
  ) {}

  async opening(tidings: Tidings<Kind>): Promise<LetterOpening | null> {
    const matter = await this.#read(tidings);
    if (matter === null) return null;
    return toClinic(matter.patientId, { aboutType: 'INCIDENT', aboutId: matter.incidentId });
  }

  async write(letter: LetterAtHand<Kind>): Promise<Written> {
    return this.notices.write(letter, toFacts(await this.#read(letter)));
  }

  async wording(letter: LetterAtHand<Kind>): Promise<MailMessage | null> {
    return this.notices.wording(letter, toFacts(await this.#read(letter)));
  }

  #read({ subjectId, subjectVersion }: Tidings<Kind>): Promise<IncidentNotificationMatter | null> {
    return this.incidents.notificationMatter(this.database.client, subjectId, subjectVersion);
  }
}

function toFacts(matter: IncidentNotificationMatter | null): NoticeFacts | null {
  return matter === null ? null : { reference: matter.reference, since: formatDate(matter.notifyBy) };
}
