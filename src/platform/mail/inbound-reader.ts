import { type Attachment, simpleParser } from 'mailparser';

/** About ten pages; what is longer is cut with a word about it, and the whole lies in the mailbox. */
export const INBOUND_TEXT_CHARACTERS_MAX = 20_000;
/** Message-IDs that an answer names: those of a long thread. */
const REFERENCES_MAX = 50;
/** Text that is made of HTML takes time by its length. */
const HTML_CHARACTERS_MAX = 1_000_000;
/** A logo in a signature is small; a photo of a letter, pasted into the text, is not. */
const SIGNATURE_BYTES_MAX = 20_000;
/** A picture that stands in the text itself, as most of an over-long HTML part. */
const PASTED_PICTURE = /(?:src|href)\s*=\s*(?:"data:[^"]*"|'data:[^']*'|data:[^\s>]*)/gi;
/** RFC 5322 §3.6.4, as far as it is ever used: angle brackets with an @ between. */
const MESSAGE_ID = /<[^<>\s@\p{Cc}]{1,200}@[^<>\s@\p{Cc}]{1,200}>/gu;

export interface InboundAttachment {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** An e-mail, as far as it matters to whoever reads it. */
export interface InboundLetter {
  readonly fromName: string | null;
  /** Where an answer goes: Reply-To, else From. */
  readonly answerTo: string | null;
  readonly fromAddress: string | null;
  readonly subject: string | null;
  /** As plain text, from the HTML part when there is no other. */
  readonly text: string;
  readonly messageId: string | null;
  /** Message-IDs that it answers, the nearest first. */
  readonly answers: readonly string[];
  /** Its text could not be made of its HTML: a person has to open it. */
  readonly isTextMissing: boolean;
  /** Written by a machine (RFC 3834 §2): it is never answered by one. */
  readonly isAutomatic: boolean;
  readonly attachments: readonly InboundAttachment[];
}

/** Reads a message of any origin; what it says of itself is believed of its contents only. Throws on what is no mail. */
export async function readLetter(source: Buffer): Promise<InboundLetter> {
  const mail = await simpleParser(source, {
    skipImageLinks: true,
    maxHtmlLengthToParse: HTML_CHARACTERS_MAX,
  });
  const text = (mail.text ?? '').trim() === '' ? await textOf(mail.html) : (mail.text ?? '');
  const from = mail.from?.value[0];
  const answerTo = mail.replyTo?.value[0]?.address ?? from?.address;
  const header = (name: string): string =>
    String(mail.headerLines.find(({ key }) => key === name)?.line ?? '');
  const references = [mail.references ?? []].flat().join(' ');
  return {
    fromName: from?.name?.trim() || null,
    answerTo: answerTo ?? null,
    fromAddress: from?.address ?? null,
    subject: mail.subject ?? null,
    text: (text ?? '').slice(0, INBOUND_TEXT_CHARACTERS_MAX + 1),
    isTextMissing: text === null,
    messageId: idsIn(mail.messageId ?? '')[0] ?? null,
    answers: [...new Set([...idsIn(mail.inReplyTo ?? ''), ...idsIn(references).reverse()])].slice(
      0,
      REFERENCES_MAX,
    ),
    isAutomatic: isWrittenByMachine(header, from?.address ?? ''),
    attachments: mail.attachments
      .filter((part) => !isSignaturePicture(part))
      .map(({ filename, contentType, content }) => ({
        fileName: filename ?? 'attachment',
        mediaType: contentType,
        content,
      })),
  };
}

/** The text of an HTML part that the parser gave up on; null: nor can we. */
async function textOf(html: string | false | undefined): Promise<string | null> {
  if (!html) return '';
  const bare = html.replace(PASTED_PICTURE, '');
  if (bare.length > HTML_CHARACTERS_MAX) return null;
  const again = await simpleParser(`Content-Type: text/html; charset=utf-8\r\n\r\n${bare}`, {
    skipImageLinks: true,
    maxHtmlLengthToParse: HTML_CHARACTERS_MAX,
  });
  return again.text ?? null;
}

/** What an HTML part shows inside itself and nobody attached. */
function isSignaturePicture({ related, contentType, size }: Attachment): boolean {
  return related === true && contentType.startsWith('image/') && size <= SIGNATURE_BYTES_MAX;
}

function idsIn(text: string): string[] {
  return text.match(MESSAGE_ID) ?? [];
}

/** Out-of-office answers, mailing lists, reports of a mail server: whoever says one of these is no person. */
export function isWrittenByMachine(header: (name: string) => string, from: string): boolean {
  const value = (name: string) =>
    header(name)
      .slice(name.length + 1)
      .trim()
      .toLowerCase();
  const submitted = value('auto-submitted');
  if (submitted !== '' && !submitted.startsWith('no')) return true;
  if (/^(?:bulk|list|junk|auto_reply)$/.test(value('precedence'))) return true;
  if (value('return-path') === '<>' || value('x-autoreply') !== '' || value('list-id') !== '') return true;
  if (/^multipart\/report\b/.test(value('content-type'))) return true;
  return /^(?:mailer-daemon|postmaster|no-?reply)@/i.test(from);
}
