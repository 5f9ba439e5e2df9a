import pg from 'pg';

/**
 * Connections of one process. PostgreSQL allows 100 by default; three processes, the queues' own pools and a
 * few people with psql fit in.
 */
export const POOL_CONNECTIONS_MAX = 10;

/**
 * How long a request waits for a free connection. Fifty people pressing the same button wait in line for ten
 * connections: that is slow, and not an error.
 */
export const POOL_WAIT_MS = 25_000;

/** No statement of ours takes longer by right; one that does is stopped before it holds up the clinic. */
export const STATEMENT_TIMEOUT_MS = 15_000;

/** A transaction that does nothing for so long belongs to a process that hangs; its locks are needed. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;

/** An idle connection is given back after this long. */
const IDLE_CONNECTION_MS = 30_000;

/**
 * The URL with the session's time zone set to UTC: the adapter writes instants without an offset, so any
 * other zone would move them.
 */
export function inUtc(url: string): string {
  const parsed = new URL(url);
  const options = parsed.searchParams.get('options');
  parsed.searchParams.set('options', `${options === null ? '' : `${options} `}-c TimeZone=UTC`);
  return parsed.href;
}

export function createPool(
  url: string,
  applicationName: string,
  onIdleError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: inUtc(url),
    max: POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: POOL_WAIT_MS,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    application_name: applicationName,
    keepAlive: true,
    // What a transaction asks without waiting for the answer before is sent at once and answered in turn.
    pipeline: true,
  });
  // A server that goes away breaks idle connections; the pool makes new ones when they are needed.
  pool.on('error', onIdleError);
  return pool;
}
