import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { LetterKind } from '../../platform/database/generated/enums.js';
import {
  type MailMessage,
  parseMailbox,
  type Template,
  TemplateFolder,
  toInvitation,
} from '../../platform/mail/index.js';
import { instantFromDate } from '../../platform/time/index.js';
import type { ScanLetterFacts } from '../imaging/scan-letter.type.js';
import { type ScanLetterVariables, toScanLetterVariables } from './scan-letter.rules.js';

/** Version of the wording in templates/, kept with each letter. Raise it with every change of a template. */
const WORDING_VERSION = '2026-11-22';

const LANGUAGE = 'en-GB';

interface Wording {
  readonly name: string;
  /** Says nothing of pain, scans or health: a subject is read over a shoulder. */
  readonly subject: (variables: ScanLetterVariables) => string;
  readonly html: Template<ScanLetterVariables>;
  readonly text: Template<ScanLetterVariables>;
}

const templates = new TemplateFolder(new URL('./templates/', import.meta.url), {
  'head-html': 'head.html.hbs',
  'times-html': 'times.html.hbs',
  'times-text': 'times.txt.hbs',
  'preparation-html': 'preparation.html.hbs',
  'preparation-text': 'preparation.txt.hbs',
  'foot-html': 'foot.html.hbs',
  'foot-text': 'foot.txt.hbs',
});

const wording = (name: string, subject: Wording['subject']): Wording => ({
  name,
  subject,
  html: templates.compile(`${name}.html.hbs`, 'html'),
  text: templates.compile(`${name}.txt.hbs`, 'text'),
});

const WORDINGS: Record<LetterKind, Wording> = {
  SCAN_BOOKED: wording('scan-booked', ({ visitDate }) => `Your appointment on ${visitDate}`),
  SCAN_MOVED: wording('scan-moved', ({ visitDate, announced }) =>
    announced ? `Your appointment has a new time: ${visitDate}` : `Your appointment on ${visitDate}`,
  ),
  SCAN_CANCELLED: wording(
    'scan-cancelled',
    ({ visitDate }) => `Your appointment on ${visitDate} is cancelled`,
  ),
};

/** The letter as it stands in the ledger. */
export interface LedgerLine {
  readonly kind: LetterKind;
  readonly messageId: string;
  readonly createdAt: Date;
}

/** Puts letters about a scan into words. Reads nothing and writes nothing. */
@Injectable()
export class ScanLetterService {
  readonly wordingVersion = WORDING_VERSION;

  constructor(@Inject(Config) private readonly config: Pick<Config, 'mailFrom' | 'clinicTimeZone'>) {}

  /** `announced`: has the patient heard of this visit before? */
  compose(line: LedgerLine, facts: ScanLetterFacts, address: string, announced: boolean): MailMessage {
    const clinic = parseMailbox(this.config.mailFrom);
    const variables = toScanLetterVariables(facts, facts.places, {
      clinicName: clinic.name,
      timeZone: this.config.clinicTimeZone,
      wordingVersion: WORDING_VERSION,
      announced,
    });
    const { name, subject, html, text } = WORDINGS[line.kind];
    const to = { name: `${facts.patient.givenName} ${facts.patient.familyName}`, address };
    const method = line.kind === 'SCAN_CANCELLED' ? 'CANCEL' : 'REQUEST';
    const content = toInvitation({
      method,
      // The visit is one event from injection to the end of the scan: a message may invite to one event only
      // (RFC 5546, 3.2.2), and common mail programs show the first and drop the rest.
      uid: `scan-${facts.bookingId}@facet`,
      sequence: facts.version,
      startsAt: facts.injectionStartsAt,
      endsAt: facts.scanEndsAt,
      timeZone: this.config.clinicTimeZone,
      createdAt: facts.bookedAt,
      changedAt: facts.changedAt,
      summary: `Appointment at ${clinic.name}`,
      description: eventDescription(variables, method),
      location: clinic.name,
      organizer: clinic,
      attendee: to,
    });
    return {
      messageId: line.messageId,
      name,
      writtenAt: instantFromDate(line.createdAt),
      to,
      subject: subject(variables),
      text: text(variables),
      html: html(variables),
      language: LANGUAGE,
      calendar: { method, content, fileName: 'appointment.ics' },
    };
  }
}

/** What the calendar shows under the appointment. A calendar is seen by others: times and places, nothing clinical. */
function eventDescription(variables: ScanLetterVariables, method: 'REQUEST' | 'CANCEL'): string {
  if (method === 'CANCEL') return 'This appointment is cancelled.';
  return [
    `${variables.injectionTime}  First part, ${variables.injectionRoom}`,
    `${variables.scanTime}  Second part, ${variables.camera}`,
    `${variables.finishTime}  Finish`,
    '',
    'Please read our e-mail about this appointment: it tells you how to prepare.',
  ].join('\n');
}
