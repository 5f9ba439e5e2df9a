import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { QueueService } from './queue.service.js';

/** The queues: in Redis when REDIS_URL is set, else in the application's PostgreSQL. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class to hang a dynamic module on
export class QueueModule {
  static at(databaseUrl: string): DynamicModule {
    const queues = {
      provide: QueueService,
      useFactory: ({ redisUrl }: Config) =>
        new QueueService(
          redisUrl === undefined ? { kind: 'postgres', url: databaseUrl } : { kind: 'redis', url: redisUrl },
        ),
      inject: [Config],
    };
    return { module: QueueModule, providers: [queues], exports: [QueueService] };
  }
}
