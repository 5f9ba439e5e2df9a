import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { StartupError } from '../config/index.js';
import { ChannelListener } from '../database/channel-listener.js';
import { CONCURRENCY_MAX_JOBS } from '../queue/limits.js';
import { QueueService } from '../queue/queue.service.js';
import { OutboxConsumer } from './outbox.consumer.js';
import { OutboxHandlers } from './outbox.handlers.js';
import { OUTBOX_QUEUE, OutboxRelay } from './outbox.relay.js';
import { OutboxScope } from './outbox.scope.js';
import { OUTBOX_CHANNEL, Outbox } from './outbox.service.js';
import { callRoll } from './roll-call.js';

/**
 * Calls the roll in every role when all rooms are built, and in the role `worker` starts the relay and the
 * handlers. At shutdown it stops them before anything they use is closed.
 */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #listener: ChannelListener | null = null;

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
    const wake = () => this.relay.wake();
    // What was posted while nobody listened is found by looking, so a new connection wakes as well.
    this.#listener = new ChannelListener(this.scope.databaseUrl, {
      channel: OUTBOX_CHANNEL,
      applicationName: 'facet-outbox-listen',
      heard: wake,
      opened: wake,
    });
    await this.#listener.open();
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#listener?.close();
    await this.relay.stop();
    await this.queues.close();
  }
}
