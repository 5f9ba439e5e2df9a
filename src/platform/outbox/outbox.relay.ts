import { Logger } from '@nestjs/common';
import type { Database } from '../database/database.service.js';
import type { QueueService } from '../queue/queue.service.js';
import { codeOf } from '../queue/wait.js';
import { type Clock, dateFromInstant, instantFromDate } from '../time/index.js';
import {
  HANDLED_KEPT_DAYS,
  HANDOVER_LEASE_MS,
  IN_QUEUE_MAX_MESSAGES,
  LOOK_AGAIN_MIN_MS,
  POLL_MS,
  PRUNE_BATCH_MAX_MESSAGES,
  RECONNECT_WAIT_MS,
  RELAY_BATCH_MAX_MESSAGES,
} from './limits.js';
import { claimDueMessages, giveBackMessages, nextDueAt, pruneHandledMessages } from './outbox.queries.js';

/** The queue that carries outbox messages to their handlers. */
export const OUTBOX_QUEUE = 'outbox';

/**
 * Hands due messages from PostgreSQL to the queue, in bounded batches. Several may run at once, in one process
 * or in many. It looks when it is woken (LISTEN), when the next message falls due, and every few seconds.
 */
export class OutboxRelay {
  readonly #logger = new Logger('Outbox');
  #running: Promise<void> | null = null;
  #stopped = false;
  #woken = false;
  #endPause: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly queues: QueueService,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Looks now instead of at the next poll. */
  wake(): void {
    this.#woken = true;
    this.#endPause();
  }

  /** Lets the batch at hand be handed over, then stops. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endPause();
    await this.#running;
  }

  /** Claims one batch and hands it over; gives how many. Throws when the queue does not take it. */
  async handOver(): Promise<number> {
    const room = IN_QUEUE_MAX_MESSAGES - (await this.queues.load(OUTBOX_QUEUE));
    if (room <= 0) return 0;
    const now = this.clock.now();
    const lease = now.add({ milliseconds: HANDOVER_LEASE_MS });
    const claimed = await this.database.client.$queryRaw<{ id: string }[]>(
      claimDueMessages(
        dateFromInstant(now),
        dateFromInstant(lease),
        Math.min(room, RELAY_BATCH_MAX_MESSAGES),
      ),
    );
    const ids = claimed.map((message) => message.id);
    if (ids.length === 0) return 0;
    try {
      await this.queues.add(OUTBOX_QUEUE, ids);
    } catch (error) {
      const again = now.add({ milliseconds: RECONNECT_WAIT_MS });
      await this.database.client.$executeRaw(giveBackMessages(ids, dateFromInstant(again)));
      throw error;
    }
    return ids.length;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      const pauseMs = await this.#look();
      await this.#pause(pauseMs);
    }
  }

  /** Hands over all that is due; gives how long to wait before the next look. */
  async #look(): Promise<number> {
    try {
      while (!this.#stopped && (await this.handOver()) > 0);
      await this.#prune();
      return await this.#untilNextDue();
    } catch (error) {
      this.#logger.warn(`messages could not be handed over: ${codeOf(error)}`);
      return RECONNECT_WAIT_MS;
    }
  }

  async #untilNextDue(): Promise<number> {
    const [next] = await this.database.client.$queryRaw<{ due_at: Date | null }[]>(nextDueAt);
    if (next === undefined || next.due_at === null) return POLL_MS;
    const waitMs = this.clock.now().until(instantFromDate(next.due_at)).total('milliseconds');
    // Due already, and yet not handed over: the queue is full, and says so when it has room.
    return waitMs <= 0 ? POLL_MS : Math.min(Math.max(waitMs, LOOK_AGAIN_MIN_MS), POLL_MS);
  }

  async #prune(): Promise<void> {
    const before = this.clock.now().subtract({ hours: HANDLED_KEPT_DAYS * 24 });
    await this.database.client.$executeRaw(
      pruneHandledMessages(dateFromInstant(before), PRUNE_BATCH_MAX_MESSAGES),
    );
  }

  async #pause(waitMs: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#woken ? LOOK_AGAIN_MIN_MS : waitMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = () => undefined;
  }
}
