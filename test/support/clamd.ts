import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from './tools.js';

/** What every scanner calls a virus and nobody has to fear (EICAR, 2003). In two halves, so that no scanner stops this file. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export interface TestClamd {
  /** `unix://…`, as the setting CLAMD_URL takes it. */
  readonly url: string;
  kill(): Promise<void>;
  /** Starts it again on the same socket. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Files larger than this are not judged. */
export const CLAMD_BYTES_MAX = 1_000_000;

async function launch(folder: string, socket: string): Promise<ChildProcess> {
  const server = spawn(toolPath('clamd'), ['--foreground', `--config-file=${join(folder, 'clamd.conf')}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (bytes: Buffer) => {
      words += bytes.toString('utf8');
    });
  while (!(await answers(socket))) {
    if (server.exitCode !== null) throw new Error(`clamd ended with ${server.exitCode}: ${words}`);
    await new Promise((settle) => setTimeout(settle, 50));
  }
  return server;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((settle) => {
    const connection = connect(socket);
    connection.on('connect', () => connection.write('zPING\0'));
    connection.on('data', () => {
      connection.destroy();
      settle(true);
    });
    connection.on('error', () => settle(false));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

/** A real clamd that knows one virus: a signature of the EICAR file, written here, and nothing from the network. */
export async function startClamd(): Promise<TestClamd> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-clamd-'));
  const socket = join(folder, 'clamd.ctl');
  const signature = Buffer.from(EICAR.slice(0, 60), 'latin1').toString('hex');
  await writeFile(join(folder, 'eicar.ndb'), `Eicar-Test-Signature:0:*:${signature}\n`);
  await writeFile(
    join(folder, 'clamd.conf'),
    [
      `DatabaseDirectory ${folder}`,
      `LocalSocket ${socket}`,
      `TemporaryDirectory ${folder}`,
      `StreamMaxLength ${CLAMD_BYTES_MAX}`,
      'OfficialDatabaseOnly no',
      'MaxThreads 2',
      '',
    ].join('\n'),
  );
  let server = await launch(folder, socket);
  return {
    url: `unix://${socket}`,
    kill: () => end(server),
    restart: async () => {
      await end(server);
      await rm(socket, { force: true });
      server = await launch(folder, socket);
    },
    stop: async () => {
      await end(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
