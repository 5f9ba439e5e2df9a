import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { StartupError } from '../config/index.js';
import { CONCURRENCY_MAX_JOBS } from '../queue/limits.js';
import { QueueService } from '../queue/queue.service.js';
import { OutboxConsumer } from './outbox.consumer.js';
import { OutboxHandlers } from './outbox.handlers.js';
import { OutboxListener } from './outbox.listener.js';
import { OUTBOX_QUEUE, OutboxRelay } from './outbox.relay.js';
import { OutboxScope } from './outbox.scope.js';
import { Outbox } from './outbox.service.js';
import { callRoll } from './roll-call.js';

/**
 * Calls the roll in every role when all rooms are built, and in the role `worker` starts the relay and the
 * handlers. At shutdown it stops them before anything they use is closed.
 */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #listener: OutboxListener | null = null;

  constructor(
    private readonly outbox: Outbox,
    private readonly handlers: OutboxHandlers,
    private readonly consumer: OutboxConsumer,
    private readonly relay: OutboxRelay,
    private readonly queues: QueueService,
    private readonly scope: OutboxScope,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const problems = callRoll(this.outbox.declaredTopics(), this.handlers.topics());
    if (problems.length > 0) throw new StartupError(problems.join('\n'));
    if (this.scope.works) await this.start();
  }

  /** Starts to hand over and to handle. Resolves when the queue answers; throws a StartupError if it does not. */
  async start(): Promise<void> {
    const worker = await this.queues.work(OUTBOX_QUEUE, CONCURRENCY_MAX_JOBS, (id) =>
      this.consumer.consume(id),
    );
    worker.onDrained(() => this.relay.wake());
    this.#listener = new OutboxListener(this.scope.databaseUrl, () => this.relay.wake());
    await this.#listener.open();
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#listener?.close();
    await this.relay.stop();
    await this.queues.close();
  }
}
