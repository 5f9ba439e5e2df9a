import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { inUtc } from './pool.js';
import { SnapshotQuestion, SnapshotUnanswered } from './snapshot-question.js';

/** What waits for an answer here holds up somebody at a door; a statement that takes longer is given up. */
const STATEMENT_MAX_MS = 10_000;

/** A server that does not answer a connection within this is taken for gone. */
const CONNECT_MAX_MS = 5_000;

/** A statement that is prepared once on the server and asked many times. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

/** Whoever looks has all that had been committed by then. */
const SNAPSHOT: Prepared = {
  name: 'current-snapshot',
  text: 'SELECT pg_catalog.pg_current_snapshot()::text AS snapshot',
};

interface Opened {
  readonly client: pg.Client;
  /** The short way to ask for the snapshot; null where the server does not go along with it. */
  question: SnapshotQuestion | null;
  /** Statements without an answer so far: theirs comes before that of a question which is asked after them. */
  underWay: number;
}

/**
 * One connection of its own beside the pool, with prepared statements: for what is asked before every answer at a door,
 * where the way through the pool and the client would cost more than the question. Reading only. It is opened when it is
 * first needed and again after it was lost.
 */
@Injectable()
export class DirectConnection implements OnApplicationShutdown {
  #current: Opened | null = null;
  #opening: Promise<Opened> | null = null;
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
    const opened = this.#current ?? (await this.#open());
    try {
      return await ask<T>(opened, prepared, values);
    } catch (error) {
      if (isAnswer(error)) throw error;
      this.#drop(opened);
      return ask<T>(this.#current ?? (await this.#open()), prepared, values);
    }
  }

  /**
   * pg_current_snapshot() as of a moment after the call: while it is the same, nothing has been committed. Asked in the
   * shortest way that there is, and as a statement where that is not possible.
   */
  async snapshot(): Promise<string> {
    const opened = this.#current ?? (await this.#open());
    const { question } = opened;
    if (question !== null && opened.underWay === 0 && !question.isWaiting) {
      try {
        return await question.ask();
      } catch (error) {
        if (!(error instanceof SnapshotUnanswered)) throw error;
        if (error.isInStep) opened.question = null;
        else this.#drop(opened);
      }
    }
    const [found] = await this.query<{ snapshot: string }>(SNAPSHOT);
    if (found === undefined) throw new Error('the server knows no snapshot');
    return found.snapshot;
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
    const current = this.#current;
    this.#current = null;
    await current?.client.end().catch(() => undefined);
  }

  #open(): Promise<Opened> {
    if (this.#isClosed) return Promise.reject(new Error('the connection was closed'));
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<Opened> {
    const opened = await this.#newOpened();
    const lost = (): void => this.#drop(opened);
    opened.client.on('error', lost);
    opened.client.on('end', lost);
    this.#generation += 1;
    this.#current = opened;
    return opened;
  }

  async #newOpened(): Promise<Opened> {
    const client = await this.#newClient();
    try {
      return { client, question: await SnapshotQuestion.on(client, STATEMENT_MAX_MS), underWay: 0 };
    } catch {
      // Something on the way to the server does not let such a question pass, and the connection is lost with it.
      client.end().catch(() => undefined);
      return { client: await this.#newClient(), question: null, underWay: 0 };
    }
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

  #drop(opened: Opened): void {
    if (this.#current === opened) this.#current = null;
    opened.client.end().catch(() => undefined);
  }
}

async function ask<T>(opened: Opened, { name, text }: Prepared, values: readonly unknown[]): Promise<T[]> {
  opened.underWay += 1;
  try {
    const { rows } = await opened.client.query({ name, text, values: [...values] });
    return rows;
  } finally {
    opened.underWay -= 1;
  }
}

/** PostgreSQL's own words about the statement; class 57 says that the server ends the connection. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith('57P') !== true;
}
