import { spawnSync } from 'node:child_process';

// How the service's process is started, by npm start, in the image (docker/Dockerfile says the same) and by the bench.
// Not with --enable-source-maps: that costs 15 MB, and src/platform/log/source-lines.ts names the sources without them.
const FLAGS = [
  // The query compiler of the database client is WebAssembly: translating it twice, the second time for speed, costs
  // 75 MB and gains nothing that was measured.
  '--liftoff-only',
  // Memory is collected in small portions and soon, and not when it has doubled: half the memory, and no slowness that
  // could be measured.
  '--max-semi-space-size=2',
  '--heap-growing-percent=10',
];

/** V8 may drop a flag of its own in a later Node, which would then refuse to start: those it does not know are left out. */
const { stdout: known } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
const isV8Flag = (flag) => /^--(liftoff|max-semi|heap-growing)/.test(flag);
const isKnown = (flag) => !isV8Flag(flag) || new RegExp(`^\\s+${flag.split('=')[0]} `, 'm').test(known ?? '');

export const SERVICE_FLAGS = FLAGS.filter(isKnown);
