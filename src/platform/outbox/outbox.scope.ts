import type { Config } from '../config/index.js';

/** What this process does about the outbox. */
export class OutboxScope {
  constructor(
    readonly databaseUrl: string,
    /** Does this process hand over and handle messages (role `worker`), or only post them? */
    readonly works: boolean,
  ) {}

  static of(config: Config, databaseUrl: string): OutboxScope {
    return new OutboxScope(databaseUrl, config.roles.has('worker'));
  }
}
