import { ArrayMaxSize, IsEmail, IsOptional } from 'class-validator';
import { IsServiceUrl } from './checks.js';
import { DocumentSettings } from './document-settings.js';
import { listOf } from './parse.js';

/** Notices go to a shared mailbox and perhaps a few people; a longer list belongs into the mail server. */
const NOTICE_ADDRESSES_MAX = 10;
const SOME_ADDRESSES = `must be at most ${NOTICE_ADDRESSES_MAX} addresses, such as desk@example.org, with commas between them`;

/** The settings of letters: where answers to them go, and the clinic's own addresses. Part of Config. */
export abstract class LetterSettings extends DocumentSettings {
  /** Where people's answers to our mail go; undefined: to its sender. */
  @IsOptional()
  @IsEmail({}, { message: 'must be an address without a name, such as enquiries@example.org' })
  readonly mailReplyTo: string | undefined;

  /** Who at the clinic is told of enquiries, dangers and what is overdue; empty: nobody, and the notices say so. */
  @ArrayMaxSize(NOTICE_ADDRESSES_MAX, { message: SOME_ADDRESSES })
  @IsEmail({}, { each: true, message: SOME_ADDRESSES })
  readonly clinicNoticesTo: readonly string[];

  /** The mailbox whose messages become enquiries; undefined: none is read. */
  @IsOptional()
  @IsServiceUrl(['imap', 'imaps'], {
    message: 'must look like imaps://user:password@host:993/INBOX, or be left out to read no mailbox',
  })
  readonly imapUrl: string | undefined;
}

export const LETTER_VARIABLES = {
  MAIL_REPLY_TO: { property: 'mailReplyTo' },
  CLINIC_NOTICES_TO: { property: 'clinicNoticesTo' },
  IMAP_URL: { property: 'imapUrl' },
} as const satisfies Readonly<Record<string, { readonly property: keyof LetterSettings }>>;

type Said = (variable: keyof typeof LETTER_VARIABLES) => string | undefined;

/** `said` gives what a variable holds. */
export function parseLetterSettings(said: Said): Omit<LetterSettings, keyof DocumentSettings> {
  return {
    mailReplyTo: said('MAIL_REPLY_TO'),
    clinicNoticesTo: listOf(said('CLINIC_NOTICES_TO') ?? ''),
    imapUrl: said('IMAP_URL'),
  };
}
