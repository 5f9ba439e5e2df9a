import pg from 'pg';
import { maskUrl, StartupError } from '../config/index.js';

/** Long enough for a sleeping cloud database, short enough for a person who waits at a terminal. */
export const CONNECT_WAIT_MS = 15_000;

/** What Facet's SQL is written and tested for. */
const SERVER_VERSION_MIN = 150_000;

function property(error: unknown, name: 'code' | 'message'): string {
  if (typeof error !== 'object' || error === null || !(name in error)) return '';
  return String((error as Record<string, unknown>)[name]);
}

/** Node gives one error for each address it tried (::1, 127.0.0.1); the first tells enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

/** Why the database cannot be used, in one sentence, by SQLSTATE or by the system's error code. */
export function connectionProblem(url: string, error: unknown): string {
  const shown = maskUrl(url);
  const { username, pathname } = new URL(url);
  const cause = firstOf(error);
  const code = property(cause, 'code');
  switch (code) {
    case 'ECONNREFUSED':
      return `The database at ${shown} cannot be reached: nothing listens there. Start it, or correct DATABASE_URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The database at ${shown} cannot be reached: its host name is not known. Correct DATABASE_URL.`;
    case '28P01':
    case '28000':
      return `The database at ${shown} does not let the user "${decodeURIComponent(username)}" in: correct the user or the password in DATABASE_URL.`;
    case '3D000':
      return `The server at ${shown} has no database "${decodeURIComponent(pathname.slice(1))}": create it, or correct DATABASE_URL.`;
    case '53300':
      return `The database at ${shown} has no connection left: raise its max_connections or stop other clients.`;
    default:
      return `The database at ${shown} cannot be reached (${maskUrl(code || property(cause, 'message'))}): correct DATABASE_URL.`;
  }
}

/**
 * Connects once and looks at the server, so that every way in which DATABASE_URL can be wrong becomes one
 * clear StartupError. Gives the connection.
 */
export async function connectOrExplain(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WAIT_MS });
  // A connection that breaks later fails its next query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new StartupError(connectionProblem(url, error));
  }
  const { rows } = await client.query<{ number: string; text: string }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text`,
  );
  if (Number(rows[0]?.number) >= SERVER_VERSION_MIN) return client;
  await client.end();
  throw new StartupError(
    `The database at ${maskUrl(url)} is PostgreSQL ${rows[0]?.text}: Facet needs 15 or newer.`,
  );
}
