import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../../config/index.js';
import { type Binaries, initdbProgram, SERVER_ENVIRONMENT } from './binaries.js';
import { codeOf } from './folders.js';
import { isAlive } from './process.js';
import type { ServerUser } from './server-user.js';

/** The all-powerful role of the embedded server. Facet itself works as an ordinary one. */
export const SUPERUSER = 'postgres';

/** Names a folder that is still being made, with the process that makes it: `.postgres-new-<pid>-<uuid>`. */
const HALF_MADE = /^\.postgres-new-(\d+)-/;

/**
 * `builtin` C.UTF-8 knows upper and lower case of all letters and does not change with the operating system,
 * so that no upgrade can break an index. pg_trgm still asks the C library what a letter is, so that gets a
 * UTF-8 locale where there is one.
 */
const LOCALES = ['C.UTF-8', 'C'] as const;

export interface DataFolderRequest {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  readonly password: string;
  /** False only for a throw-away server in tests. */
  readonly durable: boolean;
}

/** True when the folder holds a whole data folder of our version, false when there is nothing yet. */
export function isInitialised(folder: string, majorVersion: string): boolean {
  const versionFile = join(folder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, 'utf8').trim();
    if (found === majorVersion) return true;
    throw new StartupError(
      `The data in ${folder} were made by PostgreSQL ${found}, and this Facet brings PostgreSQL ${majorVersion}: ` +
        'start the Facet that made them, or give this one a new FACET_HOME.',
    );
  }
  if (!existsSync(folder) || readdirSync(folder).length === 0) return false;
  throw new StartupError(
    `${folder} is not empty and holds no PostgreSQL data (no PG_VERSION file): move it away, or set FACET_HOME.`,
  );
}

/** What a killed process left half made; never that of one that is still at it. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = HALF_MADE.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function give(path: string, user: ServerUser | undefined): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

function runInitdb(request: DataFolderRequest, half: string, locale: string): Promise<string | undefined> {
  const { binaries, user, durable } = request;
  const args = [
    `--pgdata=${join(half, 'data')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(half, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${locale}`,
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return new Promise((settle) => {
    const child = spawn(initdbProgram(binaries), args, {
      ...as,
      cwd: half,
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) => settle(code === 0 ? undefined : complaint.trim() || `exit code ${code}`));
  });
}

/** A rename is only safe from a power cut once its folder is on disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function putInPlace(half: string, request: DataFolderRequest): void {
  try {
    if (existsSync(request.folder)) rmdirSync(request.folder);
    renameSync(join(half, 'data'), request.folder);
  } catch (error) {
    // Another process was first, with the same password: its data folder is as good.
    if (!isInitialised(request.folder, request.binaries.majorVersion)) throw error;
  }
  if (request.durable) syncFolder(dirname(request.folder));
}

/** Makes the data folder beside its final place and renames it: it is there whole or not at all. */
export async function initialise(request: DataFolderRequest): Promise<void> {
  const parent = dirname(request.folder);
  try {
    sweep(parent);
    const half = join(parent, `.${basename(request.folder)}-new-${process.pid}-${randomUUID()}`);
    mkdirSync(half, { mode: 0o700 });
    try {
      writeFileSync(join(half, 'password'), `${request.password}\n`, { mode: 0o600 });
      give(join(half, 'password'), request.user);
      give(half, request.user);
      await initdbInFirstLocale(request, half);
      putInPlace(half, request);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The database folder ${request.folder} cannot be made (${codeOf(error)}): set FACET_HOME.`,
    );
  }
}

async function initdbInFirstLocale(request: DataFolderRequest, half: string): Promise<void> {
  let complaint: string | undefined;
  for (const locale of LOCALES) {
    complaint = await runInitdb(request, half, locale);
    if (complaint === undefined) return;
    rmSync(join(half, 'data'), { recursive: true, force: true });
  }
  const lastLine = complaint?.split('\n').find((line) => /error|fatal/i.test(line)) ?? complaint;
  throw new StartupError(`The database folder ${request.folder} cannot be made: ${lastLine}`);
}
