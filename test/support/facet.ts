import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { knownDataFolder, passwordOf } from '../../src/platform/database/embedded/folders.js';
import { runningPostmaster, stopPostmaster } from '../../src/platform/database/embedded/postmaster.js';

/** The same beginning as the shared server's folder (postgres.setup.ts), so that leftovers of killed runs are swept. */
const FOLDER_PREFIX = 'facet-test-service-';
const ROOT = resolve(import.meta.dirname, '..', '..');
/** The line of the greeting after which every door is open. */
const GREETING = /^Facet is running/m;

export type Settings = Readonly<Record<string, string>>;

export interface FacetExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the built service, ready or not. */
export interface FacetProcess {
  readonly pid: number;
  /** Everything that it has printed so far, on both channels. */
  output(): string;
  /** What it has printed on the error channel alone. */
  complaints(): string;
  readonly exited: Promise<FacetExit>;
  /** Sends a signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<FacetExit>;
}

/** A service whose doors are open. */
export interface RunningService extends FacetProcess {
  readonly home: string;
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly httpUrl: string;
  /** Port of the scanner's door; 0 when this process has none. */
  readonly dicomPort: number;
}

export interface FacetHouse {
  /** A folder for one installation, which the user of PostgreSQL may enter. */
  newHome(): Promise<string>;
  /** Starts the built service without waiting for it: for starts that must fail. */
  launch(home: string, settings?: Settings): Promise<FacetProcess>;
  /** Starts the built service on free ports and waits for its greeting; throws with its output when it ends instead. */
  start(home: string, settings?: Settings): Promise<RunningService>;
}

let built: Promise<unknown> | null = null;

/** Brings `dist` up to date, as `npm start` does; nothing to do when it is. */
function build(): Promise<unknown> {
  built ??= promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')], { cwd: ROOT });
  return built;
}

/** Nothing of this process's own settings may reach the service, and no .env of the developer's folder. */
function environmentOf(home: string, settings: Settings): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    FACET_HOME: home,
    PORT: '0',
    DICOM_PORT: '0',
    LOG_LEVEL: 'warn',
    ...settings,
  };
}

function follow(child: ChildProcess): FacetProcess {
  let output = '';
  let complaints = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    complaints += text;
  });
  // `close` and not `exit`: by then everything that was printed has been read.
  const exited = new Promise<FacetExit>((settle) => {
    child.once('close', (code, signal) => settle({ code, signal }));
    child.once('error', () => settle({ code: null, signal: null }));
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    complaints: () => complaints,
    exited,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

function portIn(output: string, door: RegExp): number {
  return Number(door.exec(output)?.[1] ?? 0);
}

async function untilGreeted(service: FacetProcess, home: string): Promise<RunningService> {
  let hasEnded = false;
  void service.exited.then(() => {
    hasEnded = true;
  });
  while (
    !GREETING.test(service.output()) ||
    !/\n\n/.test(service.output().split(GREETING)[1]?.slice(3) ?? '')
  ) {
    if (hasEnded) throw new Error(`Facet ended instead of starting:\n${service.output()}`);
    await new Promise((settle) => setTimeout(settle, 20));
  }
  const output = service.output();
  return {
    ...service,
    home,
    httpUrl: `http://127.0.0.1:${portIn(output, /Health\s+http:\/\/[^/\s]+?:(\d+)\//)}`,
    dicomPort: portIn(output, /DICOM\s+\S+?:(\d+),/),
  };
}

/** As its owner would: the server that a killed service left running, its data wherever they are, then the folder. */
async function remove(home: string): Promise<void> {
  const data = knownDataFolder(home);
  const server = runningPostmaster(data);
  if (server !== undefined) await stopPostmaster(data, server.pid);
  if (dirname(data) !== home) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}

/**
 * For the services of one spec file. Call it at the top of the file or of a `describe`: whatever was started there is
 * stopped and removed at its end, also when a test fails half-way.
 */
export function facetHouse(): FacetHouse {
  const homes: string[] = [];
  const processes = new Set<FacetProcess>();
  // Should this process itself be told to end, no service outlives it.
  const killAll = () => {
    for (const { pid } of processes) process.kill(pid, 'SIGKILL');
  };
  process.on('exit', killAll);
  afterAll(async () => {
    await Promise.all([...processes].map((service) => service.end('SIGKILL')));
    process.off('exit', killAll);
    for (const home of homes) await remove(home);
  });

  const launch = async (home: string, settings: Settings = {}): Promise<FacetProcess> => {
    await build();
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
      cwd: home,
      env: environmentOf(home, settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = follow(child);
    processes.add(service);
    void service.exited.then(() => processes.delete(service));
    return service;
  };
  return {
    newHome: async () => {
      const home = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
      chmodSync(home, 0o711);
      homes.push(home);
      return home;
    },
    launch,
    start: async (home, settings) => untilGreeted(await launch(home, settings), home),
  };
}

/** The password of the demo accounts of an installation. */
export async function demoPasswordIn(home: string): Promise<string> {
  return (await readFile(join(home, 'demo-password'), 'utf8')).trim();
}

/** URL of the embedded database of an installation whose PostgreSQL is running: to look at what no door shows. */
export function embeddedDatabaseUrl(home: string): string {
  const server = runningPostmaster(knownDataFolder(home));
  if (server === undefined) throw new Error(`no PostgreSQL is running on ${home}`);
  return `postgresql://facet:${passwordOf(home)}@127.0.0.1:${server.port}/facet?sslmode=disable`;
}
