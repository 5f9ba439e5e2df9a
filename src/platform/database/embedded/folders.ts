import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StartupError } from '../../config/index.js';
import type { ServerUser } from './server-user.js';

/** Where things go that the server's user must reach when it may not enter the project's folder. */
const SYSTEM_FOLDER = '/var/lib/facet';

/** Bytes of randomness in the database password and in a folder name: beyond guessing, and beyond meeting. */
const PASSWORD_BYTES = 32;
const NAME_BYTES = 6;

export const dataFolderIn = (home: string): string => join(home, 'postgres');
export const passwordFileIn = (home: string): string => join(home, 'postgres.password');
export const logFileIn = (home: string): string => join(home, 'postgres.log');
const elsewhereFileIn = (home: string): string => join(home, 'postgres.folder');

/**
 * With the folders above it. Node's own recursive way never returns where the system denies without saying so
 * (below /proc, for one).
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Makes the home folder and proves that we may write there. Gives its real path. */
export function prepareHome(home: string): string {
  try {
    if (!existsSync(home)) {
      makeFolder(home);
      // Others may pass through to what is theirs (the server's data), but not look around.
      chmodSync(home, 0o711);
    }
    if (!statSync(home).isDirectory())
      throw new StartupError(`${home} is not a folder: set FACET_HOME to one.`);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(home);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `The folder ${home} cannot be written (${codeOf(error)}): set FACET_HOME to one that can.`,
    );
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/**
 * The text of a small private file, which the first who asks makes. It appears whole or not at all, and two
 * processes at once agree on one text.
 */
function textOnce(path: string, make: () => string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const half = `${path}.${randomBytes(NAME_BYTES).toString('hex')}`;
  writeFileSync(half, `${make()}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(half, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(half, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

/** The password of the embedded database: random, kept where only we can read it. */
export function passwordOf(home: string): string {
  try {
    return textOnce(passwordFileIn(home), () => randomBytes(PASSWORD_BYTES).toString('hex'));
  } catch (error) {
    throw new StartupError(
      `The password file ${passwordFileIn(home)} cannot be read or made (${codeOf(error)}).`,
    );
  }
}

/** The data folder of this home as far as it is known already. */
export function knownDataFolder(home: string): string {
  const elsewhere = elsewhereFileIn(home);
  return existsSync(elsewhere) ? readFileSync(elsewhere, 'utf8').trim() : dataFolderIn(home);
}

/** Owner of a folder; undefined when it does not exist. */
export function ownerUid(folder: string): number | undefined {
  return statSync(folder, { throwIfNoEntry: false })?.uid;
}

function canEnter(folder: string, user: ServerUser): boolean {
  const { uid, gid } = user;
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status ===
    0
  );
}

/**
 * The folder for the server's data: below home, or, when the server's user may not enter home, in a folder of
 * its own under /var/lib/facet that a file in home names. Removing home therefore still means a fresh start.
 */
export function reachableDataFolder(
  home: string,
  user: ServerUser | undefined,
  say: (line: string) => void,
): string {
  if (user === undefined || existsSync(elsewhereFileIn(home)) || canEnter(home, user))
    return knownDataFolder(home);
  const path = textOnce(elsewhereFileIn(home), () =>
    join(SYSTEM_FOLDER, randomBytes(NAME_BYTES).toString('hex'), 'postgres'),
  );
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new StartupError(
      `The user ${user.name} may not enter ${home}, and ${dirname(path)} cannot be made (${codeOf(error)}): ` +
        'set FACET_HOME to a folder that everybody may enter.',
    );
  }
  say(`The database lives in ${path}, because the user ${user.name} may not enter ${home}.`);
  return path;
}

/** Where a copy of the binaries goes if they cannot run where npm put them. */
export function binariesFolder(home: string, user: ServerUser | undefined): string {
  return user === undefined || canEnter(home, user) ? home : SYSTEM_FOLDER;
}
