import { Inject, Injectable, Logger } from '@nestjs/common';
import { PerformedStepService } from './performed-step.service.js';

// The hours that a profile allows are counted in hours: a few minutes more are not noticed, and a run costs a millisecond.
const LOOK_EVERY_MS = 5 * 60 * 1000;

/** Looks now and then for performed steps that never ended, so that their bookings are shown to staff as unconfirmed. */
@Injectable()
export class PerformedStepWatch {
  private readonly log = new Logger('performed-steps');
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(@Inject(PerformedStepService) private readonly steps: PerformedStepService) {}

  async start(): Promise<void> {
    this.timer = setInterval(() => this.run(), LOOK_EVERY_MS);
    this.timer.unref();
    await this.run();
  }

  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  private run(): Promise<void> {
    this.running = this.steps.lapse().then(
      (performedStepIds) => {
        if (performedStepIds.length > 0) this.log.warn({ event: 'performed-steps-lapsed', performedStepIds });
      },
      (error: unknown) => this.log.error({ event: 'performed-step-watch-failed', error }),
    );
    return this.running;
  }
}
