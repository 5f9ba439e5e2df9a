import { join } from 'node:path';
import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Clock } from '../time/index.js';
import { CaptureMail } from './capture.mail.js';
import { Mail } from './mail.service.js';
import { SmtpMail } from './smtp.mail.js';

/** Folder of captured letters, in FACET_HOME. */
export const MAIL_FOLDER = 'mail';

const mail = {
  provide: Mail,
  useFactory: (config: Config, clock: Clock): Mail =>
    config.smtpUrl === undefined
      ? new CaptureMail(join(config.home, MAIL_FOLDER), config.mailFrom, clock)
      : new SmtpMail(config.smtpUrl, config.mailFrom, clock),
  inject: [Config, Clock],
};

/** Letters leave by SMTP when SMTP_URL is set; otherwise they are kept as files. */
@Global()
@Module({ providers: [mail], exports: [Mail] })
export class MailModule implements OnApplicationShutdown {
  constructor(private readonly mail: Mail) {}

  async onApplicationShutdown(): Promise<void> {
    await this.mail.close();
  }
}
