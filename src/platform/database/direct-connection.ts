import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { inUtc } from './pool.js';

/** What waits for an answer here holds up somebody at a door; a statement that takes longer is given up. */
const STATEMENT_MAX_MS = 10_000;

/** A server that does not answer a connection within this is taken for gone. */
const CONNECT_MAX_MS = 5_000;

/** A statement that is prepared once on the server and asked many times. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/**
 * One connection of its own beside the pool, with prepared statements: for what is asked before every answer at a door,
 * where the way through the pool and the client would cost more than the question. Reading only. It is opened when it is
 * first needed and again after it was lost.
 */
@Injectable()
export class DirectConnection implements OnApplicationShutdown {
  #client: pg.Client | null = null;
  #opening: Promise<pg.Client> | null = null;
  #generation = 0;
  #isClosed = false;

  constructor(
    private readonly url: string,
    private readonly applicationName = 'facet',
  ) {}

  /**
   * Rises with each new connection. Whoever remembers what the server said (a snapshot) starts afresh then: the new
   * connection may lead to another server.
   */
  get generation(): number {
    return this.#generation;
  }

  /**
   * The rows. A connection that turns out to be lost is replaced, and the question asked once more. Rejects when the
   * server cannot be reached or the statement fails.
   */
  async query<T>(prepared: Prepared, values: readonly unknown[] = []): Promise<T[]> {
    const client = this.#client ?? (await this.#open());
    try {
      return await ask<T>(client, prepared, values);
    } catch (error) {
      if (isAnswer(error)) throw error;
      this.#drop(client);
      return ask<T>(this.#client ?? (await this.#open()), prepared, values);
    }
  }

  /**
   * All rows of a long answer, a page at a time, as they were at one moment: by a cursor, so that the server works them
   * out once. On a connection of its own that is closed at the end, also when the reader stops early.
   */
  async *pages<T>(text: string, values: readonly unknown[], rowsMax: number): AsyncGenerator<T[]> {
    const client = await this.#newClient();
    try {
      await client.query('BEGIN TRANSACTION READ ONLY');
      // All rows will be read: a plan that is quick to the first ones would be slow to the last.
      await client.query('SET LOCAL cursor_tuple_fraction = 1');
      await client.query(`DECLARE pages NO SCROLL CURSOR FOR ${text}`, [...values]);
      for (;;) {
        const { rows } = await client.query(`FETCH ${rowsMax} FROM pages`);
        if (rows.length > 0) yield rows;
        if (rows.length < rowsMax) return;
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  #open(): Promise<pg.Client> {
    if (this.#isClosed) return Promise.reject(new Error('the connection was closed'));
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<pg.Client> {
    const client = await this.#newClient();
    const lost = (): void => this.#drop(client);
    client.on('error', lost);
    client.on('end', lost);
    this.#generation += 1;
    this.#client = client;
    return client;
  }

  async #newClient(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: inUtc(this.url),
      application_name: `${this.applicationName}-direct`,
      connectionTimeoutMillis: CONNECT_MAX_MS,
      statement_timeout: STATEMENT_MAX_MS,
      query_timeout: STATEMENT_MAX_MS,
      keepAlive: true,
    });
    // Whoever uses it hears of it by the question that fails.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    client.end().catch(() => undefined);
  }
}

async function ask<T>(client: pg.Client, { name, text }: Prepared, values: readonly unknown[]): Promise<T[]> {
  const { rows } = await client.query({ name, text, values: [...values] });
  return rows;
}

/** PostgreSQL's own words about the statement; class 57 says that the server ends the connection. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('57P') !== true;
}
