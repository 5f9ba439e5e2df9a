// Migrations for developers, without a downloaded engine:
//   node scripts/migration.mjs new <name>          writes the SQL between prisma/migrations and prisma/schema
//   node scripts/migration.mjs check               fails when they do not say the same
//   node scripts/migration.mjs rolled-back <name>  records in DATABASE_URL that a failed migration was undone
//   node scripts/migration.mjs publish             lists what is new in prisma/published-migrations.sha256: from then on
//                                                  it stays as it is, because somebody's database may have run it
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMain, main, ROOT, SetupError, say, setUp } from './setup.mjs';

const fromDist = (path) => import(join(ROOT, 'dist', 'platform', 'database', path));

/** A PostgreSQL to try migrations on, thrown away afterwards. */
async function withThrowAwayServer(work) {
  const { startEmbeddedPostgres } = await fromDist('embedded/embedded-postgres.js');
  const home = mkdtempSync(join(tmpdir(), 'facet-test-migration-'));
  chmodSync(home, 0o711);
  try {
    const server = await startEmbeddedPostgres({ home, say: () => undefined, durable: false });
    return await work(server.adminUrl).finally(() => server.stop());
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function missingSql() {
  const drift = await fromDist('drift.js');
  return withThrowAwayServer(drift.missingSql);
}

async function makeNew(name) {
  if (!/^[a-z][a-z0-9_]{2,60}$/.test(name ?? '')) {
    throw new SetupError(
      'Name the migration in small letters, such as: node scripts/migration.mjs new scan_rooms',
    );
  }
  const sql = await missingSql();
  if (sql === '')
    throw new SetupError('prisma/schema says nothing that prisma/migrations does not say already.');
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(ROOT, 'prisma', 'migrations', `${stamp}_${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'migration.sql'), `${sql}\n`);
  say(`Wrote ${join(folder, 'migration.sql')}: read it, and add by hand what Prisma cannot say.`);
}

export async function check() {
  const sql = await missingSql();
  if (sql === '') return say('prisma/schema and prisma/migrations say the same.');
  throw new SetupError(
    `prisma/schema says what prisma/migrations do not (node scripts/migration.mjs new <name> writes it):\n${sql}`,
  );
}

async function rolledBack(name) {
  const url = process.env.DATABASE_URL;
  if (!url || !name) throw new SetupError('Say DATABASE_URL=… node scripts/migration.mjs rolled-back <name>');
  const { markRolledBack } = await fromDist('migrate.js');
  await markRolledBack(url, name);
  say(`${name} is recorded as rolled back; the next start applies it again.`);
}

/** The list is what `sha256sum --check prisma/published-migrations.sha256` reads. */
function publish() {
  const list = join(ROOT, 'prisma', 'published-migrations.sha256');
  const listed = readFileSync(list, 'utf8');
  const files = readdirSync(join(ROOT, 'prisma', 'migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `prisma/migrations/${name}/migration.sql`)
    .sort()
    .filter((file) => !listed.includes(file));
  for (const file of files) {
    const sum = createHash('sha256')
      .update(readFileSync(join(ROOT, file)))
      .digest('hex');
    appendFileSync(list, `${sum}  ${file}\n`);
    say(`${file} is published.`);
  }
}

async function command([verb, name]) {
  if (verb === 'publish') return publish();
  await setUp();
  if (verb === 'new') return makeNew(name);
  if (verb === 'check') return check();
  if (verb === 'rolled-back') return rolledBack(name);
  throw new SetupError('Say one of: new <name>, check, rolled-back <name>, publish');
}

if (isMain(import.meta.url)) await main(() => command(process.argv.slice(2)));
