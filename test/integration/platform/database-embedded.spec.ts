import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartupError } from '../../../src/platform/config/index.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/database/embedded/embedded-postgres.js';
import { runningPostmaster, stopPostmaster } from '../../../src/platform/database/embedded/postmaster.js';
import { isAlive } from '../../../src/platform/database/embedded/process.js';
import { until } from '../../support/until.js';

/** A stopped server's home, made once and copied for each test: making one takes a second. */
let pristine: string;
let home: string;
let said: string[];
let lost: number;
const running = new Set<EmbeddedPostgres>();

const newHome = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'facet-test-embedded-'));
  chmodSync(path, 0o711);
  return path;
};
const data = (): string => join(home, 'postgres');
const pidFile = (): string => join(data(), 'postmaster.pid');

async function start(where = home): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    home: where,
    say: (line) => said.push(line),
    onLost: () => {
      lost += 1;
    },
  });
  running.add(server);
  return server;
}

async function stop(server: EmbeddedPostgres): Promise<void> {
  running.delete(server);
  await server.stop();
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

async function sentenceOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  const { message } = error as StartupError;
  expect(message).not.toContain('\n');
  return message;
}

/** As if the owner had been killed: its connection goes, and with it the lock. The server stays. */
const loseOwner = (server: EmbeddedPostgres) =>
  query(server.adminUrl, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'`);

beforeAll(async () => {
  said = [];
  pristine = newHome();
  const server = await start(pristine);
  await query(server.url, `CREATE TABLE kept (name text); INSERT INTO kept VALUES ('Zoë')`);
  await stop(server);
});

beforeEach(() => {
  said = [];
  lost = 0;
  home = newHome();
});

function copyPristine(): void {
  cpSync(pristine, home, { recursive: true, preserveTimestamps: true });
  if (process.getuid?.() === 0) giveToServerUser();
}

/** A copy belongs to root; the original tells whose it must be. */
function giveToServerUser(): void {
  const { uid, gid } = statSync(join(pristine, 'postgres'));
  execFileSync('chown', ['-R', `${uid}:${gid}`, data()]);
}

afterEach(async () => {
  for (const server of running) await stop(server);
  const left = runningPostmaster(data());
  if (left !== undefined) await stopPostmaster(data(), left.pid);
  rmSync(home, { recursive: true, force: true });
});

afterAll(() => rmSync(pristine, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  beforeEach(copyPristine);

  it('keeps its data, durably, on this machine only, behind a password nobody else can read', async () => {
    const server = await start();
    const rows = await query(
      server.url,
      `SELECT name, current_user AS role, current_database() AS database, current_setting('fsync') AS fsync,
              current_setting('listen_addresses') AS address,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super FROM kept`,
    );
    expect(rows).toEqual([
      {
        name: 'Zoë',
        role: 'facet',
        database: 'facet',
        fsync: 'on',
        address: '127.0.0.1',

        super: false,
      },
    ]);
    const password = join(home, 'postgres.password');
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(server.url).toContain(readFileSync(password, 'utf8').trim());
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
  });

  it('has the extensions the house relies on, and knows letters beyond a to z', async () => {
    const server = await start();
    for (const name of ['btree_gist', 'pg_trgm', 'unaccent', 'pgcrypto']) {
      await query(server.url, `CREATE EXTENSION ${name}`);
    }
    const rows = await query(
      server.url,
      `SELECT lower('ÉLODIE ΣΊΓΜΑ') AS lower, unaccent('Zoë Øster') AS plain, 'É' ILIKE 'é' AS same,
              array_length(show_trgm('Σίγμα'), 1) > 0 AS trigrams`,
    );
    expect(rows).toEqual([{ lower: 'élodie σίγμα', plain: 'Zoe Oster', same: true, trigrams: true }]);
  });

  it('is gone when stop has returned, and has shut down properly', async () => {
    const server = await start();
    const pid = runningPostmaster(data())?.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    await stop(server);
    // It has ended; that its parent, we, has collected it is a matter of the next turns.
    await until(() => !isAlive(pid));
    expect(existsSync(pidFile())).toBe(false);
    expect(readFileSync(join(home, 'postgres.log'), 'utf8')).toContain('database system is shut down');
    expect(lost).toBe(0);
  });
});

describe('one owner at a time', () => {
  beforeEach(copyPristine);

  it('a second start is refused in one sentence, and does not disturb the first', async () => {
    const server = await start();
    expect(await sentenceOf(start())).toMatch(/^Another Facet \(process \d+\) is using the data in /);
    expect(await query(server.url, 'SELECT name FROM kept')).toHaveLength(1);
  });

  it('a server whose owner was killed is adopted, and stopped by the new owner', async () => {
    const first = await start();
    running.delete(first);
    const pid = runningPostmaster(data())?.pid;
    await loseOwner(first);
    const second = await start();
    expect(lost).toBe(1);
    expect(runningPostmaster(data())?.pid).toBe(pid);
    expect(await query(second.url, 'SELECT name FROM kept')).toHaveLength(1);
    await stop(second);
    expect(existsSync(pidFile())).toBe(false);
    await expect.poll(() => isAlive(pid ?? 0)).toBe(false);
  });

  it('of several that start at once, one wins', async () => {
    const results = await Promise.allSettled([start(), start(), start()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('after a crash', () => {
  beforeEach(copyPristine);

  it('what was committed is there again', async () => {
    const server = await start();
    running.delete(server);
    await query(server.url, `INSERT INTO kept VALUES ('committed')`);
    process.kill(runningPostmaster(data())?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => lost).toBe(1);
    expect(existsSync(pidFile())).toBe(true);
    const again = await start();
    expect(await query(again.url, `SELECT name FROM kept WHERE name = 'committed'`)).toHaveLength(1);
  });

  it.each([
    ['names a process that is not there', '4190000\n/somewhere\n1795384365\n44325\n\n127.0.0.1\n'],
    ['names another program', `${process.pid}\n/somewhere\n1795384365\n44325\n\n127.0.0.1\n`],
    ['names the first process of all', '1\n/somewhere\n1795384365\n44325\n\n127.0.0.1\n'],
    ['is cut off', '41'],
    ['is empty', ''],
  ])('a postmaster.pid that %s does not matter', async (_, content) => {
    writeFileSync(pidFile(), content, { mode: 0o600 });
    if (process.getuid?.() === 0) giveToServerUser();
    const server = await start();
    expect(await query(server.url, 'SELECT name FROM kept')).toHaveLength(1);
  });
});

describe('a folder that cannot be used: one sentence', () => {
  it('data of another major version', async () => {
    mkdirSync(data());
    writeFileSync(join(data(), 'PG_VERSION'), '17\n');
    expect(await sentenceOf(start())).toMatch(/made by PostgreSQL 17, and this Facet brings PostgreSQL 18/);
  });

  it('something else than data', async () => {
    mkdirSync(join(data(), 'holiday pictures'), { recursive: true });
    expect(await sentenceOf(start())).toContain('holds no PostgreSQL data');
  });

  it('a home that is a file', async () => {
    const path = join(home, 'file');
    writeFileSync(path, '');
    expect(await sentenceOf(start(path))).toBe(`${path} is not a folder: set FACET_HOME to one.`);
  });

  it('a home that cannot be made', async () => {
    expect(await sentenceOf(start('/proc/facet'))).toContain('The folder /proc/facet cannot be written');
  });

  it('a password that does not fit', async () => {
    copyPristine();
    writeFileSync(join(home, 'postgres.password'), 'wrong\n');
    expect(await sentenceOf(start())).toContain('does not fit the database');
  });
});

describe('a first start that was killed half-way', () => {
  it('is swept up by the next one', async () => {
    const half = join(home, '.postgres-new-4190000-x');
    mkdirSync(join(half, 'data', 'base'), { recursive: true });
    const server = await start();
    expect(existsSync(half)).toBe(false);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
