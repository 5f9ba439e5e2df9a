import { Inject, Injectable, Logger } from '@nestjs/common';
import { WorklistService } from './worklist.service.js';
import { WorklistMirror } from './worklist-mirror.service.js';

// A worklist that other hands have changed is put right within the hour; finding nothing takes a millisecond or two.
const RECONCILE_EVERY_MS = 60 * 60 * 1000;

/** Looks now and then whether the worklist says what the bookings say. It must find nothing to do, and says so if not. */
@Injectable()
export class WorklistReconciler {
  private readonly log = new Logger('worklist');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(WorklistService) private readonly worklist: WorklistService,
    @Inject(WorklistMirror) private readonly mirror: WorklistMirror,
  ) {}

  async start(): Promise<void> {
    this.timer = setInterval(() => this.run(), RECONCILE_EVERY_MS);
    this.timer.unref();
    await this.run();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private run(): Promise<void> {
    this.running = this.putRight().catch((error: unknown) =>
      this.log.error({ event: 'reconcile-failed', error }),
    );
    return this.running;
  }

  private async putRight(): Promise<void> {
    const bookingIds = await this.worklist.reconcile();
    if (bookingIds.length > 0) this.log.warn({ event: 'worklist-reconciled', bookingIds });
    await this.mirror.forgetOld();
  }
}
