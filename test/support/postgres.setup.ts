import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { knownDataFolder } from '../../src/platform/database/embedded/folders.js';
import { runningPostmaster, stopPostmaster } from '../../src/platform/database/embedded/postmaster.js';
import { migrate } from '../../src/platform/database/migrate.js';

/** Names the temporary folder of one run, so that leftovers of killed runs can be told from other things. */
const FOLDER_PREFIX = 'facet-test-';

/** No run takes a day: what is older was left behind by one that was killed. */
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000;

/** Every test database is a copy of this one, which has all migrations and no rows but theirs. */
export const TEMPLATE_DATABASE = 'facet_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the superuser of this run's PostgreSQL. */
    readonly postgresAdminUrl: string;
  }
}

/** With the data that had to go elsewhere, because the server's user could not reach this folder. */
async function remove(home: string): Promise<void> {
  const data = knownDataFolder(home);
  const server = runningPostmaster(data);
  if (server !== undefined) await stopPostmaster(data, server.pid);
  if (dirname(data) !== home) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}

/** Servers of runs that were killed go on until somebody stops them; their folders stay. */
async function sweepLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const home = join(tmpdir(), name);
    const found = statSync(home, { throwIfNoEntry: false });
    // Anybody may make a folder in /tmp, and its content says what to remove: only our own are believed.
    if (found === undefined || found.uid !== process.getuid?.()) continue;
    if (Date.now() - found.mtimeMs < LEFTOVER_AGE_MS) continue;
    await remove(home);
  }
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE} OWNER facet`);
    await migrate(applicationUrl(adminUrl, TEMPLATE_DATABASE));
    await admin.query(`ALTER DATABASE ${TEMPLATE_DATABASE} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
  } finally {
    await admin.end();
  }
}

/** The URL of a database as the application's role, which has the superuser's password here. */
function applicationUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = 'facet';
  url.pathname = `/${database}`;
  return url.href;
}

interface SharedServer {
  readonly started: Promise<{ readonly adminUrl: string; stop(): Promise<void> }>;
  users: number;
}

/** vitest sets up each project by itself; they meet here, so that there is one server a run. */
const meeting = globalThis as { facetTestServer?: SharedServer };

async function start(): Promise<{ readonly adminUrl: string; stop(): Promise<void> }> {
  await sweepLeftovers();
  const home = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  // As root the server runs as another user, who must get through to its data.
  chmodSync(home, 0o711);
  try {
    const server = await startEmbeddedPostgres({ home, say: () => undefined, durable: false });
    const stop = async (): Promise<void> => {
      await server.stop();
      await remove(home);
    };
    await makeTemplate(server.adminUrl).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { adminUrl: server.adminUrl, stop };
  } catch (error) {
    await remove(home);
    throw error;
  }
}

/** One PostgreSQL for the whole run, thrown away at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  meeting.facetTestServer ??= { started: start(), users: 0 };
  const shared = meeting.facetTestServer;
  shared.users += 1;
  const { adminUrl, stop } = await shared.started;
  project.provide('postgresAdminUrl', adminUrl);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    meeting.facetTestServer = undefined;
    await stop();
  };
}
