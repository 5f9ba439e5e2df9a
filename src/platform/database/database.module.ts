import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Listening } from './channel-listener.js';
import { Database } from './database.service.js';
import { DirectConnection } from './direct-connection.js';

/** Hands one Database to the whole application. The URL is known before Nest starts: migrations have run. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class to hang a dynamic module on
export class DatabaseModule {
  static at(url: string, applicationName?: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: Database, useFactory: () => new Database(url, applicationName) },
        { provide: DirectConnection, useFactory: () => new DirectConnection(url, applicationName) },
        { provide: Listening, useFactory: () => new Listening(url) },
      ],
      exports: [Database, DirectConnection, Listening],
    };
  }
}
