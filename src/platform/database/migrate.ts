import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { maskUrl, StartupError } from '../config/index.js';
import { CONNECT_WAIT_MS, connectOrExplain } from './connection.js';
import {
  type MigrationList,
  NO_FILTER,
  openSchemaEngine,
  readMigrations,
  type SchemaEngine,
} from './schema-engine.js';

/** Same depth from `src` and from `dist`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** Key of the advisory lock under which one process at a time migrates a database. Any fixed number does. */
const MIGRATION_LOCK = 7_043_227;

/** How long a migration may wait for a table that another process is using, before it gives up. */
const TABLE_LOCK_WAIT_MS = 60_000;

export interface MigrationResult {
  /** Names of the migrations that were applied just now, oldest first. */
  readonly applied: readonly string[];
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Reasons not to touch this database, each with what to do about it. */
async function historyProblem(
  engine: SchemaEngine,
  migrationsList: MigrationList,
): Promise<string | undefined> {
  const { failedMigrationNames, editedMigrationNames, history } = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTER,
  });
  if (failedMigrationNames.length > 0) {
    return (
      `its migration ${quoted(failedMigrationNames)} failed earlier. Look at what it left behind, put that right, and ` +
      'then record it as rolled back: node scripts/migration.mjs rolled-back <name>'
    );
  }
  if (editedMigrationNames.length > 0) {
    return (
      `its migration ${quoted(editedMigrationNames)} was applied with another text than the one in prisma/migrations. ` +
      'Put the original text back and say what changed in a new migration'
    );
  }
  if (history === null || history.diagnostic === 'databaseIsBehind') return undefined;
  return (
    `it has been migrated by another version of Facet (${quoted(history.unpersistedMigrationNames)} is not known here). ` +
    'Start that version or a newer one'
  );
}

/** The database's own words, without values of rows (those are in `detail`). */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/**
 * Applies one migration and its line in _prisma_migrations in one transaction: a migration that fails, or a
 * process that is killed half-way, leaves the database as it was. The engine's own bookkeeping would leave a
 * failed migration for somebody to clear up.
 */
async function applyNext(
  pool: pg.Pool,
  engine: SchemaEngine,
  upTo: MigrationList,
  failure: () => unknown,
): Promise<readonly string[]> {
  await pool.query('BEGIN');
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: upTo,
      filters: NO_FILTER,
    });
    await pool.query('COMMIT');
    return appliedMigrationNames;
  } catch (error) {
    await pool.query('ROLLBACK');
    const name = upTo.migrationDirectories.at(-1)?.path;
    throw new StartupError(
      `The migration "${name}" failed and changed nothing: ${reasonOf(failure() ?? error)}. ` +
        'Correct the migration or the data it trips over, and start again.',
    );
  }
}

async function applyAll(pool: pg.Pool, url: string, all: MigrationList): Promise<readonly string[]> {
  let failure: unknown;
  const engine = await openSchemaEngine(pool, (error) => {
    failure ??= error;
  });
  try {
    const problem = await historyProblem(engine, all);
    if (problem !== undefined)
      throw new StartupError(`The database at ${maskUrl(url)} cannot be used: ${problem}.`);
    const applied: string[] = [];
    for (let count = 1; count <= all.migrationDirectories.length; count += 1) {
      const upTo = { ...all, migrationDirectories: all.migrationDirectories.slice(0, count) };
      applied.push(...(await applyNext(pool, engine, upTo, () => failure)));
    }
    return applied;
  } finally {
    engine.free();
  }
}

/** One connection, because the lock, the transaction and the engine's statements must meet in one session. */
function singleConnectionPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: CONNECT_WAIT_MS,
    lock_timeout: TABLE_LOCK_WAIT_MS,
    application_name: 'facet-migrations',
  });
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Brings the database up to date with prisma/migrations. Two processes at once are safe: the second waits and
 * finds nothing to do. `_prisma_migrations` stays as Prisma's CLI writes it.
 * Throws StartupError, with what to do, when the database cannot be reached or used.
 */
export async function migrate(url: string, folder: string = MIGRATIONS_FOLDER): Promise<MigrationResult> {
  const lock = await connectOrExplain(url);
  const pool = singleConnectionPool(url);
  try {
    // Held by a connection of its own, without a time limit: the other process may have long work to do.
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return { applied: await applyAll(pool, url, readMigrations(folder)) };
  } finally {
    await pool.end();
    await lock.end();
  }
}

/** Records that a failed migration was undone by hand, so that the next start applies it again. */
export async function markRolledBack(url: string, migrationName: string): Promise<void> {
  await (await connectOrExplain(url)).end();
  const pool = singleConnectionPool(url);
  try {
    const engine = await openSchemaEngine(pool);
    await engine.markMigrationRolledBack({ migrationName });
    engine.free();
  } finally {
    await pool.end();
  }
}
