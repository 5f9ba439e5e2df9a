import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Database } from '../database/database.service.js';
import { QueueService } from '../queue/queue.service.js';
import { Clock } from '../time/index.js';
import { OutboxConsumer } from './outbox.consumer.js';
import { OutboxHandlers } from './outbox.handlers.js';
import { OutboxHealth } from './outbox.health.js';
import { OutboxRelay } from './outbox.relay.js';
import { OutboxScope } from './outbox.scope.js';
import { Outbox } from './outbox.service.js';
import { OutboxWorker } from './outbox.worker.js';

/** Outbox for the rooms that post, OutboxHandlers for the rooms that handle, and the worker between them. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class to hang a dynamic module on
export class OutboxModule {
  static at(databaseUrl: string): DynamicModule {
    return {
      module: OutboxModule,
      providers: [
        Outbox,
        OutboxHandlers,
        OutboxConsumer,
        OutboxHealth,
        OutboxWorker,
        {
          provide: OutboxScope,
          useFactory: (config: Config) => OutboxScope.of(config, databaseUrl),
          inject: [Config],
        },
        {
          provide: OutboxRelay,
          useFactory: (database: Database, queues: QueueService, clock: Clock) =>
            new OutboxRelay(database, queues, clock),
          inject: [Database, QueueService, Clock],
        },
      ],
      exports: [Outbox, OutboxHandlers, OutboxHealth, OutboxWorker],
    };
  }
}
