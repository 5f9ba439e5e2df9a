// Makes the outside programs available that tests talk to: DCMTK's tools and odil (in Python) as foreign DICOM clients,
// Redis, Dovecot as a foreign IMAP server, ClamAV's daemon (with signatures of the tests' own), and OpenStack Swift (in Python) as a foreign S3 server.
// Nothing is done when they are there. As root they are installed with apt; as an ordinary user the same Debian
// packages are unpacked below .tools, without touching the system.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isMain, main, ROOT, SetupError, say } from './setup.mjs';

/** A Python that has a module: a wrapper of ours where the package was unpacked, Debian's own where it was installed. */
const PYTHON_MODULES = new Map([
  ['python3-odil', 'odil'],
  ['python3-swift', 'swift'],
]);
const PROGRAMS = ['findscu', 'echoscu', 'dcmdump', 'dump2dcm', 'redis-server', 'clamd', 'dovecot'];
const TOOLS = [...PROGRAMS, ...PYTHON_MODULES.keys()];
const PACKAGES = ['dcmtk', 'redis-server', 'clamav-daemon', 'dovecot-imapd', ...PYTHON_MODULES.keys()];
const COMMAND = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;

const FOLDER = join(ROOT, '.tools');
const BIN = join(FOLDER, 'bin');
const POLICY = '/usr/sbin/policy-rc.d';

/** The same places in the same order as test/support/tools.ts. */
function find(tool) {
  const module = PYTHON_MODULES.get(tool);
  if (module !== undefined && existsSync(join('/usr/lib/python3/dist-packages', module)))
    return '/usr/bin/python3';
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/usr/sbin',
    BIN,
  ];
  return folders.map((folder) => join(folder, tool)).find((path) => existsSync(path));
}

const missing = () => TOOLS.filter((tool) => find(tool) === undefined);
const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

export function runQuietly(command, args, env = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...env },
  });
  if (status !== 0)
    throw new Error(`${command} failed: ${(stderr || stdout || String(error)).trim().slice(-500)}`);
}

/** Debian starts a service when it is installed, unless this file forbids it. */
export function withoutStartingServices(work) {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

function installAsRoot() {
  say(`Installing ${PACKAGES.join(', ')} with apt, for tests (their services are not started) …`);
  withoutStartingServices(() => {
    runQuietly('apt-get', ['update', '-q']);
    runQuietly('apt-get', COMMAND.split(' ').slice(1));
  });
}

/** apt's own folders moved to where we may write; what is installed already is read from the system. */
function aptOptions() {
  const apt = join(FOLDER, 'apt');
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'log']) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  const settings = [
    `Dir::State=${join(apt, 'state')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(apt, 'cache')}`,
    `Dir::Log=${join(apt, 'log')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
  ];
  return {
    archives: join(apt, 'cache', 'archives'),
    options: settings.flatMap((setting) => ['-o', setting]),
  };
}

function librariesIn(root) {
  const library = join(root, 'usr', 'lib');
  const triplets = existsSync(library) ? readdirSync(library).filter((name) => name.includes('-linux-')) : [];
  // Dovecot's own libraries lie beside its programs.
  const own = [join(library, 'dovecot')];
  return [...triplets.flatMap((name) => [join(library, name), join(root, 'lib', name)]), ...own];
}

function dictionaryIn(root) {
  const share = join(root, 'usr', 'share');
  const folders = existsSync(share) ? readdirSync(share).filter((name) => /dcmtk/.test(name)) : [];
  return folders.map((name) => join(share, name, 'dicom.dic')).find((path) => existsSync(path));
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The system's Python with the unpacked packages, or the unpacked Python where the system has none. */
function pythonCommand(root, lines) {
  lines.push(
    `PYTHONPATH=${quoted(join(root, 'usr', 'lib', 'python3', 'dist-packages'))}`,
    'export PYTHONPATH',
  );
  if (existsSync('/usr/bin/python3')) return '/usr/bin/python3';
  lines.push(`PYTHONHOME=${quoted(join(root, 'usr'))}`, 'export PYTHONHOME');
  return join(root, 'usr', 'bin', 'python3');
}

/** A small program in .tools/bin that starts the unpacked one with its own libraries and dictionary. */
function wrap(tool, root) {
  const lines = [
    '#!/bin/sh',
    `LD_LIBRARY_PATH=${quoted(librariesIn(root).join(':'))}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`,
  ];
  const module = PYTHON_MODULES.get(tool);
  const unpacked = ['bin', 'sbin'].map((folder) => join(root, 'usr', folder, tool));
  const command =
    module === undefined ? (unpacked.find(existsSync) ?? unpacked[0]) : pythonCommand(root, lines);
  const dictionary = dictionaryIn(root);
  if (dictionary !== undefined) lines.push(`DCMDICTPATH=${quoted(dictionary)}`, 'export DCMDICTPATH');
  lines.push('export LD_LIBRARY_PATH', `exec ${quoted(command)} "$@"`, '');
  const path = join(BIN, tool);
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, 0o755);
  const proof = module === undefined ? ['--version'] : ['-c', `import ${module}`];
  if (spawnSync(path, proof, { stdio: 'ignore' }).status === 0) return;
  rmSync(path);
  throw new Error(`The unpacked ${tool} does not run.`);
}

function unpackAsUser() {
  say(`Unpacking Debian's ${PACKAGES.join(', ')} below .tools, for tests …`);
  const { archives, options } = aptOptions();
  runQuietly('apt-get', [...options, 'update', '-q']);
  runQuietly('apt-get', [
    ...options,
    'install',
    '-y',
    '--download-only',
    '--no-install-recommends',
    ...PACKAGES,
  ]);
  const root = join(FOLDER, 'root');
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    runQuietly('dpkg-deb', ['-x', join(archives, name), root]);
  }
  mkdirSync(BIN, { recursive: true });
  for (const tool of missing()) wrap(tool, root);
  rmSync(join(FOLDER, 'apt'), { recursive: true, force: true });
}

export function ensureTools() {
  if (missing().length > 0 && has('apt-get')) {
    try {
      if (process.getuid?.() === 0) installAsRoot();
      else unpackAsUser();
    } catch (error) {
      say(error.message);
    }
  }
  const still = missing();
  if (still.length > 0) {
    throw new SetupError(
      `Tests need ${still.join(', ')}. Install them, as root on Debian or Ubuntu with: ${COMMAND}`,
    );
  }
  // Unpacked tools are found by name too.
  process.env.PATH = [process.env.PATH, BIN].join(delimiter);
  say(`Test tools: ${TOOLS.map((tool) => find(tool)).join(', ')}`);
}

if (isMain(import.meta.url)) await main(ensureTools);
