import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { StartupError } from '../../config/index.js';

/** PostgreSQL refuses to run as root, so as root the server gets an ordinary user of its own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Tried in this order: PostgreSQL's own user where Debian made one, then the one we make. */
const POSTGRES_USER = 'postgres';
const FACET_USER = 'facet';

/** System users without a home or a shell: shadow-utils (most systems), then BusyBox. */
const USER_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/bin/false',
    FACET_USER,
  ],
  ['adduser', '-S', '-D', '-H', '-s', '/bin/false', FACET_USER],
];

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 && /^\d+$/.test(stdout.trim()) ? Number(stdout.trim()) : undefined;
}

function lookUp(name: string): ServerUser | undefined {
  const uid = idOf('-u', name);
  const gid = idOf('-g', name);
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid, name };
}

function create(say: (line: string) => void): ServerUser | undefined {
  for (const [command, ...args] of USER_COMMANDS) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) continue;
    say(`Made the system user "${FACET_USER}", because PostgreSQL does not run as root.`);
    return lookUp(FACET_USER);
  }
  return undefined;
}

/**
 * The user to run the server as; undefined: as ourselves, because we are not root. `dataOwnerUid` is the
 * owner of a data folder that exists already: nobody else may run a server on it.
 */
export function serverUser(
  dataFolder: string,
  dataOwnerUid: number | undefined,
  say: (line: string) => void,
): ServerUser | undefined {
  const ourUid = process.getuid?.();
  if (ourUid === undefined) {
    throw new StartupError(
      'The embedded PostgreSQL needs Linux or macOS: set DATABASE_URL to an outside PostgreSQL.',
    );
  }
  if (ourUid !== 0) {
    if (dataOwnerUid === undefined || dataOwnerUid === ourUid) return undefined;
    throw new StartupError(
      `The data in ${dataFolder} belong to another user (uid ${dataOwnerUid}), and this is ${userInfo().username}: ` +
        'start Facet as the user who made them, or give it its own FACET_HOME.',
    );
  }
  if (dataOwnerUid !== undefined && dataOwnerUid !== 0) return ownerOf(dataFolder, dataOwnerUid);
  const user = lookUp(POSTGRES_USER) ?? lookUp(FACET_USER) ?? create(say);
  if (user !== undefined) return user;
  throw new StartupError(
    'PostgreSQL does not run as root, and no system user could be made for it: start Facet as an ordinary user, ' +
      'or set DATABASE_URL.',
  );
}

function ownerOf(dataFolder: string, uid: number): ServerUser {
  const { status, stdout } = spawnSync('id', ['-nu', String(uid)], { encoding: 'utf8' });
  const user = status === 0 ? lookUp(stdout.trim()) : undefined;
  if (user !== undefined) return user;
  throw new StartupError(
    `The data in ${dataFolder} belong to uid ${uid}, which is no user of this system: give the folder to a user ` +
      'with chown -R, or give Facet another FACET_HOME.',
  );
}
