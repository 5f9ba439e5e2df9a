import { Logger } from '@nestjs/common';
import pg from 'pg';
import { codeOf } from '../queue/wait.js';

/** Wait before a lost LISTEN connection is opened again. */
const RECONNECT_WAIT_MS = 1_000;

/** TCP keep-alive of the LISTEN connection, so that no firewall between forgets one on which nothing is said. */
const KEEP_ALIVE_MS = 10_000;

/**
 * How often the LISTEN connection is asked whether it lives. Nothing is ever sent on it otherwise, and Linux takes
 * eleven minutes to find out by keep-alive alone that the other side has gone without a word.
 */
const ASK_EVERY_MS = 30_000;

/** So long for an answer on it; a database that needs longer for `SELECT 1` is as good as gone. */
const ANSWER_WAIT_MS = 5_000;

export interface Listener {
  /** Ours, never a caller's: a channel is a name in the statement and not a value. */
  readonly channel: string;
  /** What PostgreSQL shows of the connection. */
  readonly applicationName: string;
  /** Called for each notification, in the order of the commits. */
  readonly heard: (payload: string) => void;
  /** Called whenever the connection stands again: what was told in between was not heard, so look yourself. */
  readonly opened: () => void;
}

/** One connection that does nothing but LISTEN. It comes back by itself when it is lost. */
export class ChannelListener {
  readonly #logger = new Logger('Listen');
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #ask: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly listener: Listener,
    private readonly timing = { askEveryMs: ASK_EVERY_MS, answerWaitMs: ANSWER_WAIT_MS },
  ) {}

  /** Tries once and returns; when that failed, tries again later by itself. */
  async open(): Promise<void> {
    if (this.#closed) return;
    const { channel, applicationName, heard, opened } = this.listener;
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: applicationName,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: this.timing.answerWaitMs,
      query_timeout: this.timing.answerWaitMs,
    });
    client.on('error', (error) => this.#lost(client, codeOf(error)));
    client.on('end', () => this.#lost(client, 'connection ended'));
    client.on('notification', ({ payload }) => heard(payload ?? ''));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      this.#askLater(client);
      opened();
    } catch (error) {
      this.#lost(client, codeOf(error));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#ask !== null) clearTimeout(this.#ask);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  /** Asks from time to time; a connection that does not answer is lost, also when nothing else says so. */
  #askLater(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#ask = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.#askLater(client),
        (error: unknown) => this.#lost(client, codeOf(error)),
      );
    }, this.timing.askEveryMs);
  }

  #lost(client: pg.Client, code: string): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#ask !== null) clearTimeout(this.#ask);
    client.end().catch(() => undefined);
    this.#logger.warn(
      `the LISTEN connection for ${this.listener.channel} is lost (${code}); trying again in ${RECONNECT_WAIT_MS} ms`,
    );
    this.#retry = setTimeout(() => {
      this.open().catch(() => undefined);
    }, RECONNECT_WAIT_MS);
  }
}

/** Hands out listeners of this process's database. Whoever asks for one opens it, and closes it at the end. */
export class Listening {
  constructor(private readonly databaseUrl: string) {}

  to(listener: Listener): ChannelListener {
    return new ChannelListener(this.databaseUrl, listener);
  }
}
