import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Outside programs that tests talk to. `node scripts/test-tools.mjs` makes them available. */
export type Tool = 'findscu' | 'echoscu' | 'dcmdump' | 'dump2dcm' | 'redis-server' | 'clamd' | 'dovecot';

const COMMAND =
  'apt-get install -y --no-install-recommends dcmtk redis-server clamav-daemon dovecot-imapd python3-odil python3-swift';

/** The same places in the same order as scripts/test-tools.mjs. */
const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/bin',
  '/usr/local/bin',
  '/usr/sbin',
  resolve('.tools/bin'),
];

/** Full path of a tool. Throws, with the command that installs it, when it is not there: no test is skipped. */
export function toolPath(tool: Tool): string {
  const path = FOLDERS.map((folder) => join(folder, tool)).find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new Error(`This test needs ${tool}. Run node scripts/test-tools.mjs, or as root: ${COMMAND}`);
}

/** Debian's Python where the module's package was installed, or the wrapper of the same package unpacked below .tools. */
export function pythonWith(module: 'swift'): string {
  if (existsSync(join('/usr/lib/python3/dist-packages', module))) return '/usr/bin/python3';
  const wrapper = resolve('.tools/bin', `python3-${module}`);
  if (existsSync(wrapper)) return wrapper;
  throw new Error(
    `This test needs Python with ${module}. Run node scripts/test-tools.mjs, or as root: ${COMMAND}`,
  );
}
