import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../../config/index.js';
import { usableBinaries } from './binaries.js';
import { initialise, isInitialised, SUPERUSER } from './data-folder.js';
import {
  binariesFolder,
  knownDataFolder,
  logFileIn,
  ownerUid,
  passwordFileIn,
  passwordOf,
  prepareHome,
  reachableDataFolder,
} from './folders.js';
import {
  disownStalePidFile,
  type Postmaster,
  runningPostmaster,
  type ServerRequest,
  spawnPostmaster,
  stopPostmaster,
} from './postmaster.js';
import { freePort } from './process.js';
import { serverUser } from './server-user.js';

/** Role and database that Facet works with: an owner without special rights, as in production. */
const APPLICATION_ROLE = 'facet';
const APPLICATION_DATABASE = 'facet';

/** Key of the advisory lock that says "this Facet owns this server". Any fixed number does. */
const OWNER_LOCK = 7_043_226;

/** The server may still be noticing that its former owner was killed. */
const OWNER_WAIT_MS = 3_000;
const POLL_MS = 50;

/** Recovery after a crash replays at most a few checkpoints of log; minutes only on a very slow disk. */
const READY_WAIT_MS = 300_000;

/** A port taken at the last moment, another start at the same time, backends of a killed server ending. */
const START_ATTEMPTS = 10;
const ATTEMPT_PAUSE_MS = 500;

export interface EmbeddedPostgres {
  /** URL of the application's database, with its password: never log it. */
  readonly url: string;
  /** URL of the superuser, for tests that make databases. */
  readonly adminUrl: string;
  /** Shuts the server down and waits until it has written everything. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder for data, password and log. */
  readonly home: string;
  /** Takes the few lines worth telling the person who starts Facet. */
  readonly say: (line: string) => void;
  /** Called once if the server ends without having been asked to. */
  readonly onLost?: () => void;
  /** False only for a throw-away server in tests: faster, and a power cut may lose everything. */
  readonly durable?: boolean;
}

function urlOf(role: string, password: string, port: number, database: string): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
}

/** URL of the application's database on a server that is known to run. */
export function urlOfServer(password: string, port: number): string {
  return urlOf(APPLICATION_ROLE, password, port, APPLICATION_DATABASE);
}

/** One attempt to become a client of the server; undefined while it is not ready to answer. */
async function connectOnce(port: number, password: string, home: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(SUPERUSER, password, port, 'postgres'),
    application_name: `facet-owner-${process.pid}`,
    keepAlive: true,
  });
  // A connection that breaks is reported by its end; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== '28P01') return undefined;
    throw new StartupError(
      `The password in ${passwordFileIn(home)} does not fit the database: put the right file back, or give Facet a ` +
        'new FACET_HOME.',
    );
  }
}

/** What PostgreSQL itself said, as one line. */
function complaintIn(log: string): string {
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|could not/.test(line));
  return (lines[0] ?? log.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC|LOG|WARNING): +/, '');
}

/** Reasons that pass by themselves: another start was faster, the port went, old backends are ending. */
const PASSING =
  /lock file "postmaster\.pid" (?:already exists|is empty)|could not bind|pre-existing shared memory|Address already in use/;

type Attempt =
  | { readonly kind: 'ready'; readonly postmaster: Postmaster; readonly client: pg.Client }
  | { readonly kind: 'failed'; readonly log: string };

/** Waits for the server to answer; `ended` tells when it has given up. */
async function untilReady(
  postmaster: Postmaster,
  folder: string,
  password: string,
  home: string,
  ended: Promise<string> | undefined,
): Promise<Attempt> {
  let log: string | undefined;
  void ended?.then((text) => {
    log = text;
  });
  for (let waitedMs = 0; waitedMs < READY_WAIT_MS; waitedMs += POLL_MS) {
    const client = await connectOnce(postmaster.port, password, home);
    if (client !== undefined) return { kind: 'ready', postmaster, client };
    if (log !== undefined) return { kind: 'failed', log };
    if (ended === undefined && runningPostmaster(folder) === undefined) return { kind: 'failed', log: '' };
    await sleep(POLL_MS);
  }
  return { kind: 'failed', log: `no answer within ${READY_WAIT_MS / 1000} seconds` };
}

/** Adopts the server that runs on this folder, or starts one. */
async function adoptOrStart(
  request: ServerRequest,
  password: string,
  options: EmbeddedPostgresOptions,
): Promise<{ readonly postmaster: Postmaster; readonly client: pg.Client }> {
  let log = '';
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const running = runningPostmaster(request.folder);
    if (running === undefined) disownStalePidFile(request.folder);
    const spawned = running === undefined ? spawnPostmaster(request, await freePort()) : undefined;
    const postmaster = running ?? spawned;
    if (postmaster === undefined) break;
    const result = await untilReady(postmaster, request.folder, password, options.home, spawned?.ended);
    if (result.kind === 'ready') return result;
    log = result.log;
    if (log !== '' && !PASSING.test(log)) break;
    await sleep(ATTEMPT_PAUSE_MS);
  }
  throw new StartupError(
    `The embedded PostgreSQL does not start: ${complaintIn(log)}. More is in ${request.logFile}.`,
  );
}

/** Takes the lock that makes this process the owner, or says who is. It is held as long as `client` lives. */
async function becomeOwner(client: pg.Client, folder: string): Promise<void> {
  for (let waitedMs = 0; waitedMs <= OWNER_WAIT_MS; waitedMs += POLL_MS) {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
      OWNER_LOCK,
    ]);
    if (rows[0]?.mine === true) return;
    await sleep(POLL_MS);
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE locktype = 'advisory' AND objid = $1 AND granted`,
    [OWNER_LOCK],
  );
  const pid = rows[0]?.name.replace('facet-owner-', '');
  throw new StartupError(
    `Another Facet${pid === undefined ? '' : ` (process ${pid})`} is using the data in ${folder}: stop it first, or ` +
      'give this one its own FACET_HOME.',
  );
}

async function ensureDatabase(client: pg.Client, password: string): Promise<void> {
  const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [APPLICATION_ROLE]);
  if (role.rowCount === 0) {
    await client.query(`CREATE ROLE ${APPLICATION_ROLE} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
  }
  const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [APPLICATION_DATABASE]);
  if (database.rowCount === 0) {
    await client.query(`CREATE DATABASE ${APPLICATION_DATABASE} OWNER ${APPLICATION_ROLE}`);
  }
}

async function prepareServer(
  options: EmbeddedPostgresOptions,
  home: string,
  password: string,
): Promise<ServerRequest> {
  const { say, durable = true } = options;
  const known = knownDataFolder(home);
  const user = serverUser(known, ownerUid(known), say);
  const binaries = usableBinaries(user, binariesFolder(home, user), say);
  const folder = reachableDataFolder(home, user, say);
  if (!isInitialised(folder, binaries.majorVersion))
    await initialise({ folder, binaries, user, password, durable });
  return { folder, binaries, user, durable, logFile: logFileIn(home) };
}

/**
 * A real PostgreSQL without anything to install: data below `home`, listening on 127.0.0.1 only, owned by one
 * Facet process at a time. If that process is killed the server goes on, and the next one adopts it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = prepareHome(options.home);
  const password = passwordOf(home);
  const request = await prepareServer(options, home, password);
  const { postmaster, client } = await adoptOrStart(request, password, { ...options, home });
  try {
    await becomeOwner(client, request.folder);
    await ensureDatabase(client, password);
  } catch (error) {
    await client.end();
    throw error;
  }
  let stopping = false;
  client.once('end', () => {
    if (!stopping) options.onLost?.();
  });
  return {
    url: urlOfServer(password, postmaster.port),
    adminUrl: urlOf(SUPERUSER, password, postmaster.port, 'postgres'),
    stop: async () => {
      stopping = true;
      await client.end();
      await stopPostmaster(request.folder, postmaster.pid);
    },
  };
}
