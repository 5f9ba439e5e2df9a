export { type Invitation, toInvitation } from './calendar.js';
export { type InboundAttachment, type InboundLetter, readLetter } from './inbound-reader.js';
export {
  ImapInbox,
  INBOUND_BATCH_MAX,
  INBOUND_BYTES_MAX,
  type InboundMessage,
  type OpenInbox,
} from './inbox.js';
export { SEND_MAX_MS } from './limits.js';
export { MAIL_FOLDER, MailModule } from './mail.module.js';
export { Mail, type Mailbox, type MailCalendar, type MailMessage, type MailOutcome } from './mail.service.js';
export { domainOf, isMessageId, parseMailbox } from './mailbox.js';
export { type Template, TemplateFolder } from './template.js';
