import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MIGRATIONS_FOLDER, migrate } from './migrate.js';
import { NO_FILTER, openSchemaEngine, readMigrations, readSchemas } from './schema-engine.js';

/** Same depth from `src` and from `dist`. */
const SCHEMA_FOLDER = fileURLToPath(new URL('../../../prisma/schema', import.meta.url));

/**
 * Indexes that a migration makes by hand and Prisma's schema cannot say: on expressions, on part of the rows,
 * for exclusion constraints, or of another method than a B-tree.
 */
const HANDMADE_INDEXES = `
  SELECT x.relname AS name
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
   WHERE x.relnamespace = current_schema()::regnamespace
     AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL OR i.indisexclusion OR m.amname <> 'btree')`;

async function handmadeIndexes(adminUrl: string, admin: pg.Pool): Promise<ReadonlySet<string>> {
  const name = `drift_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await admin.query(`CREATE DATABASE ${name}`);
  try {
    await migrate(url.href);
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(HANDMADE_INDEXES).finally(() => client.end());
    return new Set(rows.map((row) => row.name));
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
}

/** Prisma puts a comment line before each step; an index of ours that it would drop is a step to leave out. */
export function withoutHandmade(script: string, handmade: ReadonlySet<string>): string {
  const steps = script.split(/(?=^-- )/m);
  const kept = steps.filter((step) => {
    const dropped = /^DROP INDEX "(?:[^"]+"\\.")?([^"]+)";/m.exec(step)?.[1];
    return dropped === undefined || !handmade.has(dropped);
  });
  return kept.join('').trim();
}

/**
 * The SQL that is missing between prisma/migrations and prisma/schema; empty when they say the same. Needs a
 * server where databases may be made.
 */
export async function missingSql(adminUrl: string): Promise<string> {
  const admin = new pg.Pool({ connectionString: adminUrl, max: 1 });
  try {
    const handmade = await handmadeIndexes(adminUrl, admin);
    const engine = await openSchemaEngine(admin);
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...readMigrations(MIGRATIONS_FOLDER) },
      to: { tag: 'schemaDatamodel', ...readSchemas(SCHEMA_FOLDER) },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    const sql = withoutHandmade(stdout ?? '', handmade);
    return sql === '-- This is an empty migration.' ? '' : sql;
  } finally {
    await admin.end();
  }
}
