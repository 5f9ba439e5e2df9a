import { ContactPreference, EnquiryChannel } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { readDateOfBirth } from './enquiry.rules.js';

/** What somebody told, with what could be read of it; null: nothing was told, or it cannot be read. */
export interface ReadEntry {
  readonly channel: EnquiryChannel;
  readonly name: string | null;
  readonly dateOfBirth: string | null;
  readonly nhsNumber: string | null;
  readonly readNhsNumber: string | null;
  readonly phone: string | null;
  readonly phoneE164: string | null;
  readonly email: string | null;
  readonly preferredWay: ContactPreference | null;
}

export interface EntryProblem {
  readonly field: string;
  readonly message: string;
}

/** Whoever left a voicemail or wrote may have given no name, and nobody can ask them now. */
const NAMELESS: readonly EnquiryChannel[] = [
  EnquiryChannel.VOICEMAIL,
  EnquiryChannel.EMAIL,
  EnquiryChannel.LETTER,
];

/** One address, without anything that mail programs read as more than one or as a name. */
const EMAIL = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+[.][^\s@,;:<>()[\]"\\.]{2,}$/u;

/** What keeps an enquiry from being taken in: it names nobody, or nobody could ever be reached. */
export function entryProblems(entry: ReadEntry, today: Temporal.PlainDate): readonly EntryProblem[] {
  return [...nameProblems(entry), ...numberProblems(entry, today), ...wayProblems(entry)];
}

function nameProblems({ channel, name }: ReadEntry): readonly EntryProblem[] {
  if (name !== null || NAMELESS.includes(channel)) return [];
  return [{ field: 'name', message: 'is needed.' }];
}

function numberProblems(entry: ReadEntry, today: Temporal.PlainDate): readonly EntryProblem[] {
  const { dateOfBirth, nhsNumber, readNhsNumber, phone, phoneE164, email } = entry;
  const problems: EntryProblem[] = [];
  if (dateOfBirth !== null && readDateOfBirth(dateOfBirth, today) === null) {
    problems.push({ field: 'dateOfBirth', message: 'must be a day in the past, as YYYY-MM-DD.' });
  }
  if (nhsNumber !== null && readNhsNumber === null) {
    problems.push({
      field: 'nhsNumber',
      message: 'is not an NHS number: it has ten digits, the last of which checks the others.',
    });
  }
  if (phone !== null && phoneE164 === null && entry.channel !== EnquiryChannel.VOICEMAIL) {
    problems.push({
      field: 'phone',
      message: 'must be a telephone number, such as 07700 900123 or +33 1 99 00 12 34.',
    });
  }
  if (email !== null && !EMAIL.test(email)) {
    problems.push({ field: 'email', message: 'must be an e-mail address, such as name@example.org.' });
  }
  return problems;
}

function wayProblems({ channel, phone, email, preferredWay }: ReadEntry): readonly EntryProblem[] {
  if (channel === EnquiryChannel.WEB && phone === null && email === null) {
    return [{ field: 'phone', message: 'or an e-mail address is needed, so that we can answer.' }];
  }
  if (preferredWay === ContactPreference.EMAIL && email === null) {
    return [{ field: 'email', message: 'is needed to be answered by e-mail.' }];
  }
  const isByPhone = preferredWay === ContactPreference.TELEPHONE || preferredWay === ContactPreference.SMS;
  if (isByPhone && phone === null) {
    return [{ field: 'phone', message: 'is needed to be rung or sent a text message.' }];
  }
  return [];
}
