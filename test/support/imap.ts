import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { ImapFlow } from 'imapflow';
import { toolPath } from './tools.js';

// A real IMAP server that shares nothing with ours: Dovecot, as whoever runs the tests, or as nobody when that is root.

const USER = 'enquiries';
const PASSWORD = 'not-a-secret';
/** Debian's nobody and nogroup. */
const NOBODY = 65_534;
const FOLDERS = ['run', 'state', 'mail', 'home'];
const CONFIG = 'dovecot.conf';
/** Where Dovecot keeps its own programs: installed, or unpacked by scripts/test-tools.mjs. */
const PROGRAMS = ['/usr/lib/dovecot', resolve('.tools/root/usr/lib/dovecot')];

export interface TestImap {
  /** As the setting IMAP_URL takes it. */
  readonly url: string;
  /** Puts a message into the mailbox; RFC 5322 text, whose line ends are made right. */
  deliver(message: string | Buffer): Promise<void>;
  /** Marks all as read, as a person does who looks into it. */
  readAll(): Promise<void>;
  /** Throws all away and begins its numbers anew, as a server does that was restored. */
  beginAnew(messages: readonly string[]): Promise<void>;
  /** Flags of all messages, in order. */
  flags(): Promise<readonly (readonly string[])[]>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function settings(folder: string, port: number, user: string, group: string): string {
  const programs = PROGRAMS.find((path) => existsSync(path)) ?? PROGRAMS[0];
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
libexec_dir = ${programs}
log_path = /dev/stderr
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${folder}/home/%u
}
`;
}

function client(port: number): ImapFlow {
  const imap = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    auth: { user: USER, pass: PASSWORD },
    logger: false,
    disableAutoIdle: true,
  });
  imap.on('error', () => undefined);
  return imap;
}

async function listening(server: ChildProcess, port: number, words: () => string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`dovecot ended with ${server.exitCode}: ${words()}`);
    const imap = client(port);
    try {
      await imap.connect();
      await imap.logout();
      return;
    } catch {
      imap.close();
      await new Promise((settle) => setTimeout(settle, 100));
    }
  }
}

const lines = (message: string | Buffer): Buffer =>
  typeof message === 'string' ? Buffer.from(message.replace(/\r?\n/g, '\r\n')) : message;

/** A folder that the server may write to. */
async function prepared(port: number): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), 'facet-imap-'));
  for (const name of FOLDERS) await mkdir(join(folder, name));
  const user = isRoot ? 'nobody' : userInfo().username;
  const group = isRoot ? 'nogroup' : String(process.getgid?.());
  await writeFile(join(folder, CONFIG), settings(folder, port, user, group));
  if (!isRoot) return folder;
  await chmod(folder, 0o755);
  for (const name of ['', CONFIG, ...FOLDERS]) await chown(join(folder, name), NOBODY, NOBODY);
  return folder;
}

/** Does something with the mailbox open. */
async function withMailbox<Result>(port: number, work: (imap: ImapFlow) => Promise<Result>): Promise<Result> {
  const imap = client(port);
  await imap.connect();
  try {
    await imap.mailboxOpen('INBOX');
    return await work(imap);
  } finally {
    await imap.logout();
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** Starts it with an empty mailbox on a port of its own. */
export async function startImap(): Promise<TestImap> {
  const port = await freePort();
  const folder = await prepared(port);
  const server = spawn(toolPath('dovecot'), ['-F', '-c', join(folder, CONFIG)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  let words = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (bytes: Buffer) => {
      words += bytes.toString('utf8');
    });
  await listening(server, port, () => words);
  const deliver = (message: string | Buffer) =>
    withMailbox(port, async (imap) => {
      await imap.append('INBOX', lines(message));
    });
  return {
    url: `imap://${USER}:${PASSWORD}@127.0.0.1:${port}/INBOX`,
    deliver,
    readAll: () =>
      withMailbox(port, async (imap) => {
        await imap.messageFlagsAdd('1:*', ['\\Seen']);
      }),
    beginAnew: async (messages) => {
      await rm(join(folder, 'mail', USER), { recursive: true, force: true });
      // The numbering is named after the second in which it began.
      await new Promise((settle) => setTimeout(settle, 1_100));
      for (const message of messages) await deliver(message);
    },
    flags: () =>
      withMailbox(port, async (imap) => {
        const found: string[][] = [];
        for await (const { flags } of imap.fetch('1:*', { flags: true })) found.push([...(flags ?? [])]);
        return found;
      }),
    stop: async () => {
      await end(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
