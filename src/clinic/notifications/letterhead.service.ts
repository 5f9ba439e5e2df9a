import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import {
  domainOf,
  type Invitation,
  type Mailbox,
  type MailMessage,
  parseMailbox,
  type Template,
  TemplateFolder,
  toInvitation,
} from '../../platform/mail/index.js';
import { instantFromDate } from '../../platform/time/index.js';
import type { LetterAtHand } from './letter-matter.type.js';
import { type LetterSetting, type LetterVariables, plainLine, ringWhom } from './letter-words.rules.js';

/** Version of the wording in templates/, kept with each letter. Raise it with every change of a template. */
export const WORDING_VERSION = '2026-11-24';

const LANGUAGE = 'en-GB';

const templates = new TemplateFolder(new URL('./templates/', import.meta.url), {
  'head-html': 'head.html.hbs',
  'times-html': 'times.html.hbs',
  'times-text': 'times.txt.hbs',
  'preparation-html': 'preparation.html.hbs',
  'preparation-text': 'preparation.txt.hbs',
  'place-html': 'place.html.hbs',
  'place-text': 'place.txt.hbs',
  'visit-times-html': 'visit-times.html.hbs',
  'visit-times-text': 'visit-times.txt.hbs',
  'greeting-html': 'greeting.html.hbs',
  'greeting-text': 'greeting.txt.hbs',
  'paragraphs-html': 'paragraphs.html.hbs',
  'paragraphs-text': 'paragraphs.txt.hbs',
  'emergency-html': 'emergency.html.hbs',
  'emergency-text': 'emergency.txt.hbs',
  'close-html': 'close.html.hbs',
  'close-text': 'close.txt.hbs',
  'foot-html': 'foot.html.hbs',
  'foot-text': 'foot.txt.hbs',
});

/** How one kind of letter is worded. */
export interface Wording<Variables extends LetterVariables> {
  readonly name: string;
  /** Says nothing of pain, scans or health: a subject is read over a shoulder. */
  readonly subject: (variables: Variables) => string;
  readonly html: Template<Variables>;
  readonly text: Template<Variables>;
}

/** The wording whose templates are called `name`. */
export function wording<Variables extends LetterVariables>(
  name: string,
  subject: Wording<Variables>['subject'],
): Wording<Variables> {
  return {
    name,
    subject,
    html: templates.compile(`${name}.html.hbs`, 'html'),
    text: templates.compile(`${name}.txt.hbs`, 'text'),
  };
}

export type Addressee = Mailbox;

/** What the envelope of a letter says beside its addressee. */
export type Envelope = Pick<MailMessage, 'alsoTo' | 'references' | 'writtenBy' | 'isUrgent'>;

/** What the calendar entry of a letter says of its appointment. */
export type Appointment = Pick<
  Invitation,
  'method' | 'uid' | 'sequence' | 'startsAt' | 'endsAt' | 'createdAt' | 'changedAt' | 'description'
> & {
  /** Lines of the address, or how it takes place otherwise. */
  readonly where: readonly string[];
};

/** What all letters share: the clinic's name, number and address, the envelope, and the calendar entry. */
@Injectable()
export class LetterheadService {
  readonly setting: LetterSetting;

  constructor(
    @Inject(Config)
    private readonly config: Pick<
      Config,
      | 'mailFrom'
      | 'mailReplyTo'
      | 'clinicNoticesTo'
      | 'clinicTimeZone'
      | 'clinicTelephone'
      | 'clinicAddressLines'
    >,
  ) {
    this.setting = {
      clinicName: parseMailbox(config.mailFrom).name,
      clinicAddressLines: config.clinicAddressLines,
      ring: ringWhom(config.clinicTelephone),
      timeZone: config.clinicTimeZone,
      wordingVersion: WORDING_VERSION,
    };
  }

  /** A Message-ID of ours that can be made again from the same name. */
  messageIdOf(name: string): string {
    return `<${name}@${domainOf(parseMailbox(this.config.mailFrom).address)}>`;
  }

  /** Who at the clinic gets notices; null: nobody is named. */
  noticesTo(): readonly [Mailbox, ...Mailbox[]] | null {
    const [first, ...others] = this.config.clinicNoticesTo.map((address) => ({ name: address, address }));
    return first === undefined ? null : [first, ...others];
  }

  /** Addresses at which the clinic itself reads: what is sent there comes in again. */
  ownAddresses(): readonly string[] {
    const { mailFrom, mailReplyTo, clinicNoticesTo } = this.config;
    return [
      parseMailbox(mailFrom).address,
      ...(mailReplyTo === undefined ? [] : [mailReplyTo]),
      ...clinicNoticesTo,
    ];
  }

  toMessage<Variables extends LetterVariables>(
    letter: Pick<LetterAtHand, 'messageId' | 'createdAt'>,
    { name, subject, text, html }: Wording<Variables>,
    variables: Variables,
    to: Addressee,
    appointment: Appointment | null,
    envelope: Envelope = {},
  ): MailMessage {
    const { mailReplyTo } = this.config;
    return {
      messageId: letter.messageId,
      name,
      writtenAt: instantFromDate(letter.createdAt),
      to: { name: plainLine(to.name), address: to.address },
      ...(mailReplyTo === undefined ? {} : { replyTo: mailReplyTo }),
      ...envelope,
      subject: plainLine(subject(variables)),
      text: text(variables),
      html: html(variables),
      language: LANGUAGE,
      // On paper there is no calendar, and an invitation needs an address that it is for.
      ...(appointment === null || to.address === '' ? {} : { calendar: this.#toCalendar(appointment, to) }),
    };
  }

  #toCalendar({ where, ...appointment }: Appointment, attendee: Addressee) {
    const clinic = parseMailbox(this.config.mailFrom);
    const content = toInvitation({
      ...appointment,
      timeZone: this.config.clinicTimeZone,
      summary: `Appointment at ${clinic.name}`,
      location: [clinic.name, ...where].join(', '),
      organizer: clinic,
      attendee,
    });
    return { method: appointment.method, content, fileName: 'appointment.ics' };
  }
}

/** The name as it stands on an envelope. */
export function toAddressee(
  patient: { readonly givenName: string; readonly familyName: string },
  address: string,
): Addressee {
  return { name: `${patient.givenName} ${patient.familyName}`, address };
}
