import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { ImapInbox } from '../../platform/mail/index.js';
import { InboundMailService } from './inbound-mail.service.js';

/** Somebody who writes waits for a person anyway; a mail server does not mind being asked three times a minute. */
const LOOK_EVERY_MS = 20_000;

/** Looks into the mailbox now and then, where the role is to do so and a mailbox is set. */
@Injectable()
export class InboundMailJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('mailbox');
  readonly #inbox: ImapInbox | null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(
    @Inject(Config) config: Config,
    @Inject(InboundMailService) private readonly mail: InboundMailService,
  ) {
    const isOurs = config.roles.has('worker') && config.imapUrl !== undefined;
    this.#inbox = isOurs && config.imapUrl !== undefined ? new ImapInbox(config.imapUrl) : null;
  }

  onApplicationBootstrap(): void {
    if (this.#inbox === null) return;
    this.#look(this.#inbox);
    const inbox = this.#inbox;
    this.#timer = setInterval(() => this.#look(inbox), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  /** A look that takes longer than the pause is not overtaken by the next. */
  #look(inbox: ImapInbox): void {
    if (this.#looking !== null) return;
    this.#looking = this.mail
      .look(inbox)
      .then(() => undefined)
      .catch((error: unknown) => this.#log.error({ event: 'look-failed', error }))
      .finally(() => {
        this.#looking = null;
      });
  }
}
