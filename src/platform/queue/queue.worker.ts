import type { JobWorker } from './backend.js';
import { within } from './wait.js';

/** The jobs that are being worked on at this moment. */
export type ActiveWork = Set<Promise<void>>;

/** A running worker of one queue. */
export class QueueWorker {
  #closing: Promise<boolean> | null = null;

  constructor(
    private readonly worker: JobWorker,
    private readonly active: ActiveWork,
  ) {}

  /** Calls back each time that the queue has become empty. */
  onDrained(callback: () => void): void {
    this.worker.on('drained', callback);
  }

  /**
   * Takes no new job, waits up to `waitMs` for those at work, and closes. Resolves to false when jobs were cut
   * off; another worker gets them when their locks run out.
   */
  close(waitMs: number): Promise<boolean> {
    this.#closing ??= this.#close(waitMs);
    return this.#closing;
  }

  async #close(waitMs: number): Promise<boolean> {
    await this.worker.pause(true);
    const finished = Promise.allSettled(this.active).then(() => true);
    const inTime = (await within(waitMs, finished)) ?? false;
    await this.worker.close(!inTime);
    return inTime;
  }
}
