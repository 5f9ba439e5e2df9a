import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, postgresProgram, SERVER_ENVIRONMENT } from './binaries.js';
import { isAlive, isServerOf } from './process.js';
import type { ServerUser } from './server-user.js';

/** PostgreSQL's own log is for looking up why a start failed; it starts afresh beyond this size. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** A fast shutdown writes a checkpoint: seconds, or a minute on a very slow disk. Then the hard way. */
const STOP_WAIT_MS = 60_000;
const STOP_POLL_MS = 20;

/** After an immediate shutdown nothing is left to wait for but the kernel. */
const KILL_WAIT_MS = 5_000;

/** A server that is starting writes its number a moment after it makes the file. */
const EMPTY_PID_FILE_AGE_MS = 2_000;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

export interface ServerRequest {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  readonly logFile: string;
  readonly durable: boolean;
}

const pidFileIn = (folder: string): string => join(folder, 'postmaster.pid');

/** Process id (line 1) and port (line 4) from postmaster.pid; undefined when there is none, or half of one. */
export function readPidFile(folder: string): Postmaster | undefined {
  try {
    const lines = readFileSync(pidFileIn(folder), 'utf8').split('\n');
    const pid = Number(lines[0]);
    const port = Number(lines[3]);
    return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

/** The server that is running on this folder, whoever started it. */
export function runningPostmaster(folder: string): Postmaster | undefined {
  const found = readPidFile(folder);
  return found !== undefined && isServerOf(folder, found.pid) ? found : undefined;
}

/** A power cut can leave an empty file, which PostgreSQL refuses to judge. It writes a new one at once. */
function removeEmptyPidFile(folder: string): void {
  const found = statSync(pidFileIn(folder), { throwIfNoEntry: false });
  if (found?.size !== 0 || fileAgeMs(folder) < EMPTY_PID_FILE_AGE_MS) return;
  rmSync(pidFileIn(folder), { force: true });
}

/** By the file system's own clock, which also stamped the file. */
function fileAgeMs(folder: string): number {
  const probe = join(folder, `.clock-${process.pid}`);
  writeFileSync(probe, '');
  const ageMs = statSync(probe).mtimeMs - statSync(pidFileIn(folder)).mtimeMs;
  rmSync(probe, { force: true });
  return ageMs;
}

/**
 * A postmaster.pid whose number is by now another program's would keep PostgreSQL from starting. Our own
 * number in its place tells PostgreSQL (which knows its parent) that the file is stale, and unlike removing
 * the file this keeps the lines that let it see backends of a killed server still at work.
 */
export function disownStalePidFile(folder: string): void {
  removeEmptyPidFile(folder);
  const found = readPidFile(folder);
  if (found === undefined || !isAlive(found.pid) || isServerOf(folder, found.pid)) return;
  const [, ...rest] = readFileSync(pidFileIn(folder), 'utf8').split('\n');
  writeFileSync(pidFileIn(folder), [String(process.pid), ...rest].join('\n'));
}

function serverArguments(request: ServerRequest, port: number): readonly string[] {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    // No values of rows in this log: statements and details may carry names and numbers of patients.
    'log_error_verbosity=terse',
    'log_min_error_statement=panic',
    ...(request.durable
      ? []
      : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']),
  ];
  return ['-D', request.folder, ...settings.flatMap((setting) => ['-c', setting])];
}

export interface SpawnedPostmaster extends Postmaster {
  /** Settles when the process has ended, with what it wrote to its log since it was started. */
  readonly ended: Promise<string>;
}

/** What was written to the log beyond a size; nothing when the log has been removed meanwhile. */
function logSince(path: string, size: number): string {
  try {
    return readFileSync(path).subarray(size).toString('utf8');
  } catch {
    return '';
  }
}

/** Starts the server in a session of its own, so that Ctrl-C in a terminal reaches us and not it. */
export function spawnPostmaster(request: ServerRequest, port: number): SpawnedPostmaster {
  const sizeBefore = statSync(request.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBefore > LOG_BYTES_MAX) truncateSync(request.logFile);
  const logFrom = sizeBefore > LOG_BYTES_MAX ? 0 : sizeBefore;
  const log = openSync(request.logFile, 'a', 0o600);
  const as = request.user === undefined ? {} : { uid: request.user.uid, gid: request.user.gid };
  const child = spawn(postgresProgram(request.binaries), serverArguments(request, port), {
    ...as,
    cwd: request.folder,
    env: SERVER_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<string>((settle) => {
    child.once('error', (error) => settle(error.message));
    child.once('exit', () => settle(logSince(request.logFile, logFrom)));
  });
  // The server outlives us if we are killed: it must not keep us alive either.
  child.unref();
  return { pid: child.pid ?? 0, port, ended };
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}

async function hasStopped(folder: string, pid: number, waitMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= waitMs; waitedMs += STOP_POLL_MS) {
    if (!isServerOf(folder, pid)) return true;
    // An adopted server whose new parent does not collect it stays as a zombie: the file tells that it is done.
    if (readPidFile(folder)?.pid !== pid && waitedMs > 500) return true;
    await sleep(STOP_POLL_MS);
  }
  return false;
}

/**
 * Fast shutdown: running transactions are rolled back, everything committed is on disk, no recovery at the
 * next start. If that takes too long, immediate shutdown: nothing committed is lost, the next start recovers.
 */
export async function stopPostmaster(folder: string, pid: number): Promise<void> {
  if (!isServerOf(folder, pid)) return;
  signal(pid, 'SIGINT');
  if (await hasStopped(folder, pid, STOP_WAIT_MS)) return;
  signal(pid, 'SIGQUIT');
  await hasStopped(folder, pid, KILL_WAIT_MS);
}
