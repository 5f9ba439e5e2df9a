import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { TEMPLATE_DATABASE } from './postgres.setup.js';

export interface TestDatabase {
  readonly name: string;
  /** As the application's role: an owner without special rights, as in production. */
  readonly url: string;
  /** As the superuser, for what only a superuser may do. */
  readonly adminUrl: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

function urlOf(admin: string, database: string, user?: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  if (user !== undefined) url.username = user;
  return url.href;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresAdminUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function create(sqlAfterName: string): Promise<TestDatabase> {
  const admin = inject('postgresAdminUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`CREATE DATABASE ${name} OWNER facet ${sqlAfterName}`);
  return {
    name,
    url: urlOf(admin, name, 'facet'),
    adminUrl: urlOf(admin, name),
    drop: () => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A database of its own for one spec file: every migration applied, nothing else in it. */
export function createTestDatabase(): Promise<TestDatabase> {
  return create(`TEMPLATE ${TEMPLATE_DATABASE}`);
}

/** A database without any table, for tests of migrations. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return create('');
}
