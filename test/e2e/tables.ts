import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Tables that a look, a sign-in or Facet's own query of its scanner port rightly writes to; everything else stands still when something is refused. */
const WRITTEN_BY_LOOKING = [
  'audit_entries',
  'audit_links',
  'staff_sessions',
  'staff_accounts',
  'scanner_contacts',
  '_prisma_migrations',
];

/** Runs a statement in a database of its own connection. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** A fingerprint of each table of the clinic: equal when no row was added, changed or removed. */
export async function stateOf(url: string): Promise<Readonly<Record<string, string>>> {
  const tables = await rowsOf<{ name: string }>(
    url,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1) ORDER BY 1`,
    [WRITTEN_BY_LOOKING],
  );
  const prints = tables.map(
    ({ name }) => `SELECT '${name}' AS name,
        count(*) || ':' || coalesce(md5(string_agg(line::text, E'\\n' ORDER BY line::text)), '') AS hash
      FROM "${name}" line`,
  );
  const hashes = await rowsOf<{ name: string; hash: string }>(url, prints.join('\nUNION ALL\n'));
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash]));
}

/**
 * What is to happen in an hour or later, such as a look at a place that fell free, is not on its way yet; nor is the
 * asking about one that waits for the desk to open, about a risk that somebody has yet to take on, or about the pain
 * half an hour after a treatment.
 */
const UNFINISHED = `
  SELECT FROM outbox_messages WHERE handled_at IS NULL AND parked_at IS NULL AND due_at <= now() + interval '1 hour'
     AND (topic NOT IN ('visit.place-freed', 'risk-task.due', 'diary.due') OR due_at <= now() + interval '1 minute')
  UNION ALL SELECT FROM letters WHERE settled_at IS NULL`;

const LOOK_EVERY_MS = 50;
/** A letter whose worker was killed while sending waits two minutes for its lease, and more on a busy machine. */
const GIVE_UP_MS = 400_000;

/** Waits until nothing is on its way any more: no message in the outbox, no letter that is not settled. */
export async function workIsDone(url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < GIVE_UP_MS; waitedMs += LOOK_EVERY_MS) {
    if ((await rowsOf(url, UNFINISHED)).length === 0) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('letters are still on their way');
}
