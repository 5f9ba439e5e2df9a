import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';
import { knownDataFolder } from '../../src/platform/database/embedded/folders.js';
import { migrate } from '../../src/platform/database/migrate.js';
import type { AtTheEnd } from '../bench/servers.js';

/** The same beginning as the tests' folders, so that leftovers of killed runs are swept with them. */
const FOLDER_PREFIX = 'facet-test-bench-';
const TEMPLATE = 'bench_template';

/** A PostgreSQL of its own, with every commit on disk, as `npm start` has one. */
export interface BenchServer {
  readonly version: string;
  /** A database with every migration applied; the URL of the application's role. */
  createDatabase(name: string): Promise<string>;
}

export async function startServer(atTheEnd: AtTheEnd): Promise<BenchServer> {
  const home = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  chmodSync(home, 0o711);
  atTheEnd(async () => {
    const data = knownDataFolder(home);
    if (dirname(data) !== home) rmSync(dirname(data), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });
  const server = await startEmbeddedPostgres({ home, say: () => undefined, durable: true });
  atTheEnd(() => server.stop());
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  atTheEnd(() => admin.end());
  const urlOf = (database: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.href;
  };
  await admin.query(`CREATE DATABASE ${TEMPLATE} OWNER facet`);
  await migrate(urlOf(TEMPLATE));
  const { rows } = await admin.query('SHOW server_version');
  return {
    version: String(rows[0]?.server_version),
    createDatabase: async (name) => {
      await admin.query(`CREATE DATABASE ${name} OWNER facet TEMPLATE ${TEMPLATE}`);
      return urlOf(name);
    },
  };
}
