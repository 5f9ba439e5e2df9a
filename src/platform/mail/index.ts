export { type Invitation, toInvitation } from './calendar.js';
export { SEND_MAX_MS } from './limits.js';
export { MAIL_FOLDER, MailModule } from './mail.module.js';
export { Mail, type MailCalendar, type MailMessage, type MailOutcome } from './mail.service.js';
export { domainOf, parseMailbox } from './mailbox.js';
export { type Template, TemplateFolder } from './template.js';
