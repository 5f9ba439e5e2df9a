import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartupError } from '../../../src/platform/config/index.js';
import { missingSql, withoutHandmade } from '../../../src/platform/database/drift.js';
import { MIGRATIONS_FOLDER, markRolledBack, migrate } from '../../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../../support/database.js';

const FIRST = '20260101000000_first';
const SECOND = '20260102000000_second';

let testDatabase: TestDatabase;
let folder: string;

const add = (name: string, sql: string): void => {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
};

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}

async function sentenceOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  return error instanceof Error ? error.message : '';
}

beforeEach(async () => {
  testDatabase = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), 'facet-migrations-'));
  cpSync(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), join(folder, 'migration_lock.toml'));
  add(FIRST, 'CREATE TABLE one (id int PRIMARY KEY);');
});

afterEach(async () => {
  await testDatabase.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('migrations', () => {
  it('are applied once, in order', async () => {
    add(SECOND, 'ALTER TABLE one ADD name text;');
    expect((await migrate(testDatabase.url, folder)).applied).toEqual([FIRST, SECOND]);
    expect((await migrate(testDatabase.url, folder)).applied).toEqual([]);
  });

  it('are applied once when several processes start at the same moment', async () => {
    add(SECOND, 'ALTER TABLE one ADD name text;');
    const results = await Promise.all([1, 2, 3].map(() => migrate(testDatabase.url, folder)));
    expect(results.flatMap(({ applied }) => applied)).toEqual([FIRST, SECOND]);
  });

  it('may hold semicolons in functions, strings and comments', async () => {
    add(
      SECOND,
      `-- one; two
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         RAISE EXCEPTION 'no; never';
       END $$;
       CREATE TRIGGER refuse BEFORE DELETE ON one FOR EACH ROW EXECUTE FUNCTION refuse();
       INSERT INTO one VALUES (1);`,
    );
    await migrate(testDatabase.url, folder);
    await expect(query('DELETE FROM one')).rejects.toThrow('no; never');
  });

  it('leave the record that the command line keeps', async () => {
    await migrate(testDatabase.url, folder);
    const [row] = await query(
      `SELECT migration_name AS name, length(checksum) AS checksum, finished_at IS NOT NULL AS finished,
              rolled_back_at AS "rolledBackAt", applied_steps_count AS steps FROM _prisma_migrations`,
    );
    expect(row).toEqual({ name: FIRST, checksum: 64, finished: true, rolledBackAt: null, steps: 1 });
  });

  it('that fail say why and change nothing, so that a corrected one is applied at the next start', async () => {
    add(SECOND, 'CREATE TABLE two (id int); INSERT INTO nowhere VALUES (1);');
    const sentence = await sentenceOf(migrate(testDatabase.url, folder));
    expect(sentence).toContain(`"${SECOND}" failed and changed nothing: relation "nowhere" does not exist`);
    expect(await query(`SELECT to_regclass('two') AS two, to_regclass('one')::text AS one`)).toEqual([
      { two: null, one: 'one' },
    ]);
    add(SECOND, 'CREATE TABLE two (id int);');
    expect((await migrate(testDatabase.url, folder)).applied).toEqual([SECOND]);
  });

  it('that were edited after they were applied are refused', async () => {
    await migrate(testDatabase.url, folder);
    add(FIRST, 'CREATE TABLE one (id bigint PRIMARY KEY);');
    expect(await sentenceOf(migrate(testDatabase.url, folder))).toContain(
      `"${FIRST}" was applied with another text`,
    );
  });

  it('that the command line left as failed are refused, until they are recorded as rolled back', async () => {
    await migrate(testDatabase.url, folder);
    add(SECOND, 'CREATE TABLE two (id int);');
    await query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, applied_steps_count)
                 VALUES ('00000000-0000-4000-8000-000000000000', repeat('0', 64), '${SECOND}', 'broken', 0)`);
    expect(await sentenceOf(migrate(testDatabase.url, folder))).toMatch(/failed earlier.*rolled-back/);
    await markRolledBack(testDatabase.url, SECOND);
    expect((await migrate(testDatabase.url, folder)).applied).toEqual([SECOND]);
  });

  it('of a newer Facet are refused', async () => {
    add(SECOND, 'CREATE TABLE two (id int);');
    await migrate(testDatabase.url, folder);
    rmSync(join(folder, SECOND), { recursive: true });
    expect(await sentenceOf(migrate(testDatabase.url, folder))).toContain('another version of Facet');
  });
});

describe('a database that cannot be used', () => {
  const altered = (change: (url: URL) => void): string => {
    const url = new URL(testDatabase.url);
    change(url);
    return url.href;
  };

  it.each<[string, (url: URL) => void, RegExp]>([
    [
      'nothing listens there',
      (url) => Object.assign(url, { port: '1' }),
      /cannot be reached: nothing listens/,
    ],
    ['an unknown host', (url) => Object.assign(url, { hostname: 'db.invalid' }), /cannot be reached/],
    [
      'a wrong password',
      (url) => Object.assign(url, { password: 's3cret' }),
      /does not let the user "facet" in/,
    ],
    [
      'an unknown user',
      (url) => Object.assign(url, { username: 'nobody' }),
      /does not let the user "nobody" in/,
    ],
    [
      'a database that is not there',
      (url) => Object.assign(url, { pathname: '/none' }),
      /has no database "none"/,
    ],
  ])('%s: one sentence, without the password', async (_, change, expected) => {
    const url = altered(change);
    const sentence = await sentenceOf(migrate(url, folder));
    expect(sentence).toMatch(expected);
    expect(sentence).not.toContain(new URL(url).password);
    expect(sentence).not.toContain('\n');
  });
});

describe('schema and migrations', () => {
  it('say the same', async () => {
    expect(await missingSql(testDatabase.adminUrl)).toBe('');
  });

  it('may differ by what only a migration can say', () => {
    const script =
      '-- DropIndex\nDROP INDEX "ours";\n\n-- AlterTable\nALTER TABLE "one" ADD COLUMN "a" TEXT;\n';
    expect(withoutHandmade(script, new Set(['ours']))).toBe(
      '-- AlterTable\nALTER TABLE "one" ADD COLUMN "a" TEXT;',
    );
    expect(withoutHandmade(script, new Set())).toContain('DROP INDEX');
  });
});
