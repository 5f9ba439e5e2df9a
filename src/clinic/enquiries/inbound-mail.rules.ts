/** What the first line of a thread shows; the whole stands in the mailbox. */
const SUBJECT_CHARACTERS_MAX = 200;
const NAME_CHARACTERS_MAX = 200;
/** Control characters but line breaks and tabs, half surrogate pairs, and marks that turn or hide what follows. */
const UNREADABLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|(?![\n\t])\p{Cc}|\p{Cs}/gu;
const LINE_ENDS = /\r\n?|[\u2028\u2029]/g;
const MANY_EMPTY_LINES = /\n{4,}/g;
const LEFT_OUT = '\n\n[The rest was left out. The whole message lies in the mailbox.]';
/** More than that no form and no telephone call has. */
export const MAIL_TEXT_CHARACTERS_MAX = 20_000;

/** A message's text as it is kept: whatever it holds, something can be read. */
export function mailText(text: string): string {
  const readable = text
    .normalize('NFC')
    .replace(LINE_ENDS, '\n')
    .replace(UNREADABLE, '')
    .replace(MANY_EMPTY_LINES, '\n\n\n')
    .trim();
  if (readable.length <= MAIL_TEXT_CHARACTERS_MAX) return readable;
  // Not through the middle of a character that has two halves.
  return `${readable.slice(0, MAIL_TEXT_CHARACTERS_MAX).replace(/\p{Cs}$/u, '')}${LEFT_OUT}`;
}

/** One line of a message, such as its subject; null: nothing to read in it. */
export function mailLine(text: string | null, charactersMax = SUBJECT_CHARACTERS_MAX): string | null {
  const line = (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').replace(UNREADABLE, '').trim();
  return [...line].slice(0, charactersMax).join('') || null;
}

/** The name that a message gives its sender; null: none, or only their address again. */
export function senderName(name: string | null, address: string | null): string | null {
  const line = mailLine(name, NAME_CHARACTERS_MAX);
  return line === null || line.toLowerCase() === address?.toLowerCase() || line.includes('@') ? null : line;
}

/** What has no words of its own says at least that it came. */
export function wordsOf(subject: string | null, text: string): string {
  if (text !== '') return text;
  return subject === null
    ? '[An e-mail without words.]'
    : `[An e-mail without words. Its subject: ${subject}]`;
}

/** What staff read when a message could not be read here. */
export function unreadWords(reason: 'TOO_LARGE' | 'UNREADABLE', subject: string | null): string {
  const why = reason === 'TOO_LARGE' ? 'is too large to be taken in' : 'could not be read';
  const about = subject === null ? '' : ` Its subject: ${subject}`;
  return `[An e-mail came that ${why}. Open it in the mailbox.${about}]`;
}

/** What of a letter says who wrote it. */
interface LetterOrigin {
  readonly fromAddress: string | null;
  readonly messageId: string | null;
  readonly isAutomatic: boolean;
}

/** Whether it says that it comes from our own address: a colleague who forwards, a device, or somebody who pretends. */
export function isFromUs(letter: LetterOrigin | null, ourAddress: string): boolean {
  return letter?.fromAddress?.toLowerCase() === ourAddress.toLowerCase();
}

/**
 * Whether this program wrote it: from our address, marked as written by a machine, with a Message-ID of our domain. Anything
 * less is taken in: what is forwarded in our name may be a patient's.
 */
export function isOurOwn(letter: LetterOrigin, ourAddress: string): boolean {
  const domain = ourAddress.slice(ourAddress.lastIndexOf('@')).toLowerCase();
  return (
    isFromUs(letter, ourAddress) &&
    letter.isAutomatic &&
    letter.messageId?.toLowerCase().endsWith(`${domain}>`) === true
  );
}
