import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Config, keepsDocuments } from '../../platform/config/index.js';
import { HandleLater, OutboxHandlers } from '../../platform/outbox/index.js';
import { DOCUMENT_WORK } from './document-letter.type.js';
import { DocumentScanService } from './document-scan.service.js';
import { DocumentSweep } from './document-sweep.service.js';

/** What interrupted uploads leave is a few megabytes a time. */
const SWEEP_EVERY_MS = 60 * 60_000;

/** A content came in, or is to go: small steps, each of which may be repeated. */
@Injectable()
export class DocumentJobs {
  constructor(
    @Inject(OutboxHandlers) handlers: OutboxHandlers,
    @Inject(DocumentScanService) scans: DocumentScanService,
  ) {
    handlers.register({
      topic: DOCUMENT_WORK.filed,
      handle: async ({ subjectId }) => {
        const again = await scans.scan(subjectId);
        if (again !== null) throw new HandleLater(again);
      },
    });
    handlers.register({
      topic: DOCUMENT_WORK.quarantineEnded,
      handle: ({ subjectId }) => scans.destroyQuarantined(subjectId),
    });
    handlers.register({
      topic: DOCUMENT_WORK.contentDestroyed,
      handle: ({ subjectId }) => scans.discardDestroyed(subjectId),
    });
  }
}

/** Sweeps now and then, where the role is to do so. A sweep that fails is logged and comes again. */
@Injectable()
export class DocumentSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('documents');
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(DocumentSweep) private readonly sweeping: DocumentSweep,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.has('worker') || !keepsDocuments(this.config)) return;
    await this.#attempt(async () => {
      await this.sweeping.sweepAtStart();
    });
    this.#timer = setInterval(() => {
      this.#running = this.#attempt(async () => {
        await this.sweeping.sweep();
      });
    }, SWEEP_EVERY_MS);
    this.#timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error({ event: 'sweep-failed', error });
    }
  }
}
