import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

// Programs that the bench starts, and what the kernel says of them (proc(5)).

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const END_WAIT_MS = 10_000;

export interface Program {
  readonly pid: number;
  /** Everything that it has printed so far. */
  output(): string;
  hasEnded(): boolean;
  end(): Promise<void>;
}

/** Starts a program whose output goes to a file, so that reading it is no work while we measure. */
export function startProgram(
  command: string,
  args: readonly string[],
  wish: { readonly folder: string; readonly logFile: string; readonly env: NodeJS.ProcessEnv },
): Program {
  const log = openSync(wish.logFile, 'w');
  const child = spawn(command, args, { cwd: wish.folder, env: wish.env, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  return {
    pid: child.pid ?? 0,
    output: () => readFileSync(wish.logFile, 'utf8'),
    hasEnded: () => ended,
    end: () => endOf(child, () => ended),
  };
}

async function endOf(child: ChildProcess, hasEnded: () => boolean): Promise<void> {
  child.kill('SIGTERM');
  for (let waited = 0; waited < END_WAIT_MS && !hasEnded(); waited += 20) await sleep(20);
  if (!hasEnded()) child.kill('SIGKILL');
  while (!hasEnded()) await sleep(20);
}

/** A port of this machine that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** User and system time of a process so far; of its children that have ended too, when asked. */
export function cpuSecondsOf(pid: number, withEndedChildren = false): number {
  const fields = fieldsOf(pid);
  const at = (field: number) => Number(fields[field - 3] ?? 0);
  const own = at(14) + at(15);
  return (withEndedChildren ? own + at(16) + at(17) : own) / TICKS_PER_SECOND;
}

/** A process and everything below it. */
export function treeCpuSecondsOf(pid: number): number {
  const children = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid,
  );
  return children.reduce((sum, child) => sum + treeCpuSecondsOf(Number(child)), cpuSecondsOf(pid, true));
}

/** The fields of /proc/<pid>/stat from the third on; the second is a name that may hold anything. */
function fieldsOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const parentOf = (pid: number): number => Number(fieldsOf(pid)[1] ?? 0);

/** Resident memory now, and the most there has been, in megabytes (10^6 bytes). */
export interface Memory {
  readonly nowMb: number;
  readonly peakMb: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  const megabytes = (name: string) =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1_024) / 1_000_000;
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}
