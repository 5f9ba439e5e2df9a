import { Logger } from '@nestjs/common';
import pg from 'pg';
import { codeOf } from '../queue/wait.js';
import { KEEP_ALIVE_MS, RECONNECT_WAIT_MS } from './limits.js';
import { OUTBOX_CHANNEL } from './outbox.service.js';

/**
 * One connection that does nothing but LISTEN. It comes back by itself when it is lost; what was posted in
 * between is found because `wake` is called after each (re)connection.
 */
export class OutboxListener {
  readonly #logger = new Logger('Outbox');
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly wake: () => void,
  ) {}

  /** Tries once and returns; when that failed, tries again later by itself. */
  async open(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'facet-outbox-listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    client.on('error', (error) => this.#lost(client, codeOf(error)));
    client.on('end', () => this.#lost(client, 'connection ended'));
    client.on('notification', () => this.wake());
    this.#client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
      this.wake();
    } catch (error) {
      this.#lost(client, codeOf(error));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  #lost(client: pg.Client, code: string): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#logger.warn(`the LISTEN connection is lost (${code}); trying again`);
    this.#retry = setTimeout(() => {
      this.open().catch(() => undefined);
    }, RECONNECT_WAIT_MS);
  }
}
