import type { SendMailOptions } from 'nodemailer';
import type { MailMessage } from './mail.service.js';

/** The message as the library takes it. `sentAt` becomes its Date header. */
export function toSendMailOptions(message: MailMessage, from: string, sentAt: Date): SendMailOptions {
  const { calendar } = message;
  return {
    from,
    to: { name: message.to.name, address: message.to.address },
    messageId: message.messageId,
    date: sentAt,
    subject: message.subject,
    text: message.text,
    html: message.html,
    headers: {
      // RFC 3834: no out-of-office answers to a machine.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': message.language,
    },
    ...(calendar === undefined
      ? {}
      : { icalEvent: { method: calendar.method, content: calendar.content, filename: calendar.fileName } }),
    // Nothing in a letter may make this process read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
