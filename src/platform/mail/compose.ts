import type { SendMailOptions } from 'nodemailer';
import { REFERENCES_MAX_IDS } from './limits.js';
import type { MailMessage } from './mail.service.js';
import { isMessageId } from './mailbox.js';

/** RFC 3834: no out-of-office answers to a machine. What a person wrote says nothing of itself. */
const AUTO_SUBMITTED = {
  PROGRAM: 'auto-generated',
  PROGRAM_IN_ANSWER: 'auto-replied',
  PERSON: null,
} as const satisfies Record<NonNullable<MailMessage['writtenBy']>, string | null>;

/** The message as the library takes it. `sentAt` becomes its Date header. */
export function toSendMailOptions(message: MailMessage, from: string, sentAt: Date): SendMailOptions {
  const { calendar, replyTo } = message;
  const autoSubmitted = AUTO_SUBMITTED[message.writtenBy ?? 'PROGRAM'];
  return {
    from,
    to: [message.to, ...(message.alsoTo ?? [])].map(({ name, address }) => ({ name, address })),
    ...(replyTo === undefined ? {} : { replyTo }),
    messageId: message.messageId,
    ...toThread(message.references ?? []),
    date: sentAt,
    subject: message.subject,
    text: message.text,
    html: message.html,
    headers: {
      ...(autoSubmitted === null
        ? {}
        : // The second is how some mail servers want to be asked for the same.
          { 'Auto-Submitted': autoSubmitted, 'X-Auto-Response-Suppress': 'OOF, AutoReply' }),
      'Content-Language': message.language,
    },
    ...(message.isUrgent === true ? { priority: 'high' as const } : {}),
    ...(calendar === undefined
      ? {}
      : { icalEvent: { method: calendar.method, content: calendar.content, filename: calendar.fileName } }),
    // Nothing in a letter may make this process read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** In-Reply-To and References (RFC 5322, 3.6.4). The ids came in with other people's mail: what is none is left out. */
function toThread(references: readonly string[]): Pick<SendMailOptions, 'inReplyTo' | 'references'> {
  const ids = references.filter(isMessageId);
  const inReplyTo = ids.at(-1);
  if (inReplyTo === undefined) return {};
  const [first = inReplyTo, ...rest] = ids;
  // A long thread keeps its beginning and its end (RFC 5537, 3.4.4).
  const kept = ids.length <= REFERENCES_MAX_IDS ? ids : [first, ...rest.slice(1 - REFERENCES_MAX_IDS)];
  return { inReplyTo, references: [...kept] };
}
