import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonWith } from './tools.js';

const LOOK_EVERY_MS = 50;

export interface TestSwift {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

/** Swift keeps its notes in extended attributes, which not every temporary folder has. */
function someFolders(): string[] {
  const ours = resolve('.tools');
  mkdirSync(ours, { recursive: true });
  return [tmpdir(), ours].map((folder) => mkdtempSync(join(folder, 'facet-swift-')));
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status > 0;
  } catch {
    return false;
  }
}

/** OpenStack Swift with its S3 door: a real server, of others, on a free port of 127.0.0.1. */
export async function startSwift(): Promise<TestSwift> {
  const folders = someFolders();
  const server = spawn(pythonWith('swift'), [resolve('test/support/swift-s3.py'), ...folders], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complaints = '';
  server.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8');
  });
  server.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes.toString('utf8');
  });
  const url = () => `http://127.0.0.1:${said.trim()}`;
  // Four processes of Python: a few seconds, and many on a busy machine.
  while (!said.includes('\n') || !(await answers(url()))) {
    if (server.exitCode !== null) throw new Error(`Swift ended with ${server.exitCode}: ${complaints}`);
    await pause(LOOK_EVERY_MS);
  }
  return {
    url: url(),
    accessKeyId: 'test:tester',
    secretAccessKey: 'testing',
    stop: async () => {
      await end(server);
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
