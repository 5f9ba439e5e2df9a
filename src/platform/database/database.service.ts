import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { isRefusal, type Refusal } from '../refusal/refusal.js';
import { isTransient, violatedConstraint } from './database.errors.js';
import { type Prisma, PrismaClient } from './generated/client.js';
import { createPool, POOL_WAIT_MS } from './pool.js';
import { statementNames } from './statement-names.js';
import {
  TellingAdapterFactory,
  type TransactionStatements,
  withStatements,
} from './transaction-statements.js';

/** A transaction's client: every statement through it is committed together, or not at all. */
export type Tx = Prisma.TransactionClient;

/** A little longer than the pool's own wait, so that it is the pool that gives up and says so. */
const TRANSACTION_MAX_WAIT_MS = POOL_WAIT_MS + 5_000;

/** A transaction holds locks that others wait for; what takes longer than this belongs into a job. */
export const TRANSACTION_TIMEOUT_MS = 20_000;

/** After the first try. Three are enough unless something is wrong; more would hide it. */
const TRANSACTION_RETRIES_MAX = 3;

/** Pause before retry n is a random time up to n times this: those who met must not meet again. */
const RETRY_JITTER_MS = 40;

export interface TransactionOptions<R extends Refusal> {
  /**
   * Constraints whose violation is an expected "no": name of the constraint or unique index → what to answer.
   * Called after the rollback. A violation that is not listed is thrown.
   */
  readonly onConstraint?: Readonly<Record<string, () => R | Promise<R>>>;
  /** PostgreSQL's default (READ COMMITTED) unless said otherwise. */
  readonly isolation?: 'RepeatableRead' | 'Serializable';
}

/** Carries a refusal out of Prisma's transaction, which rolls back only on a throw. */
class RolledBack extends Error {
  constructor(
    readonly refusal: unknown,
    readonly callbacks: readonly Callback[],
  ) {
    super('rolled back by a refusal');
  }
}

type Callback = () => void | Promise<void>;

/** What belongs to the transaction that is under way in this chain of calls. */
interface Scope {
  open: boolean;
  statements: TransactionStatements | null;
}

/** The one way to PostgreSQL for everything except the queues. */
export class Database implements OnApplicationShutdown {
  readonly #log = new Logger('database');
  readonly #client: PrismaClient;
  readonly #afterCommit = new WeakMap<Tx, Callback[]>();
  readonly #afterRefusal = new WeakMap<Tx, Callback[]>();
  readonly #current = new AsyncLocalStorage<Scope>();

  constructor(url: string, applicationName = 'facet') {
    const pool = createPool(url, applicationName, (error) => {
      this.#log.warn(`An idle database connection broke: ${error.message}`);
    });
    const adapter = new PrismaPg(pool, {
      disposeExternalPool: true,
      statementNameGenerator: statementNames(),
    });
    this.#client = new PrismaClient({
      adapter: new TellingAdapterFactory(adapter, (statements) => {
        const scope = this.#current.getStore();
        if (scope !== undefined) scope.statements = statements;
      }),
      // The other formats quote the source and the arguments of the call, which may be a patient's.
      errorFormat: 'minimal',
    });
  }

  /** For reading outside a transaction. Writing goes through `transaction`. */
  get client(): PrismaClient {
    return this.#client;
  }

  /**
   * Does `work` in one transaction. It is committed unless `work` throws **or returns a Refusal**, which is then
   * the answer. When PostgreSQL reports a deadlock or a serialization failure, the whole of `work` is done again,
   * at most three times: so `work` writes through `tx` only, and leaves everything else to `afterCommit`.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  async transaction<T, R extends Refusal = Extract<T, Refusal>>(
    work: (tx: Tx) => Promise<T>,
    options: TransactionOptions<R>,
  ): Promise<T | R>;
  async transaction<T, R extends Refusal>(
    work: (tx: Tx) => Promise<T>,
    options: TransactionOptions<R> = {},
  ): Promise<T | R> {
    if (this.#current.getStore()?.open === true) {
      throw new Error('A transaction was started inside a transaction: hand its tx on instead.');
    }
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#once(work, options);
      } catch (error) {
        if (retries < TRANSACTION_RETRIES_MAX && isTransient(error)) {
          await sleep(Math.random() * RETRY_JITTER_MS * (retries + 1));
          continue;
        }
        return await this.#refuseOrThrow(error, options);
      }
    }
  }

  /**
   * Has `callback` called as soon as the transaction of `tx` is committed, and never if it is not. For waking
   * somebody up, not for work that must happen: a process that is killed at the wrong moment never calls it.
   */
  afterCommit(tx: Tx, callback: Callback): void {
    const callbacks = this.#afterCommit.get(tx);
    if (callbacks === undefined)
      throw new Error('afterCommit was given a tx that is not a running transaction.');
    callbacks.push(callback);
  }

  /**
   * Has `callback` called, and waited for, once the transaction of `tx` was rolled back by a Refusal; never otherwise. For
   * what must be kept although the answer is "no", such as the count of wrong codes: it makes its own transaction.
   */
  afterRefusal(tx: Tx, callback: Callback): void {
    const callbacks = this.#afterRefusal.get(tx);
    if (callbacks === undefined)
      throw new Error('afterRefusal was given a tx that is not a running transaction.');
    callbacks.push(callback);
  }

  /** Resolves when the database answers, for readiness. */
  async ping(): Promise<void> {
    await this.#client.$queryRaw`SELECT 1`;
  }

  async close(): Promise<void> {
    await this.#client.$disconnect();
  }

  /** Last of all: the doors are closed by then, and what was under way has been answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async #once<T, R extends Refusal>(
    work: (tx: Tx) => Promise<T>,
    options: TransactionOptions<R>,
  ): Promise<T> {
    const callbacks: Callback[] = [];
    const onRefusal: Callback[] = [];
    const scope: Scope = { open: true, statements: null };
    const guarded = async (client: Tx): Promise<T> => {
      if (scope.statements === null) throw new Error('A transaction began outside of its scope.');
      const tx = withStatements(client, scope.statements);
      this.#afterCommit.set(tx, callbacks);
      this.#afterRefusal.set(tx, onRefusal);
      try {
        const result = await work(tx);
        if (isRefusal(result)) throw new RolledBack(result, onRefusal);
        return result;
      } finally {
        this.#afterCommit.delete(tx);
        this.#afterRefusal.delete(tx);
      }
    };
    try {
      const result = await this.#current.run(scope, () =>
        this.#client.$transaction(guarded, {
          maxWait: TRANSACTION_MAX_WAIT_MS,
          timeout: TRANSACTION_TIMEOUT_MS,
          isolationLevel: options.isolation,
        }),
      );
      scope.open = false;
      for (const callback of callbacks) this.#call(callback);
      return result;
    } finally {
      scope.open = false;
    }
  }

  /** What is committed is committed: a callback that fails must not make it look otherwise. */
  #call(callback: Callback): void {
    Promise.resolve()
      .then(callback)
      .catch((error: unknown) => this.#log.error('Something to do after a commit failed', error));
  }

  async #refuseOrThrow<T, R extends Refusal>(error: unknown, options: TransactionOptions<R>): Promise<T | R> {
    if (error instanceof RolledBack) {
      for (const callback of error.callbacks) await callback();
      return error.refusal as T;
    }
    const expected = options.onConstraint ?? {};
    const name = violatedConstraint(error, Object.keys(expected));
    const refuse = name === undefined ? undefined : expected[name];
    if (refuse === undefined) throw error;
    return refuse();
  }
}
