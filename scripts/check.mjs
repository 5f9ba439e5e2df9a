// npm run check: what must be true before anything is handed on. About a minute; every step is named with its time.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { main, ROOT, say, setUp } from './setup.mjs';

const bin = (...path) => join(ROOT, 'node_modules', ...path);

/** Two at a time: machines have at least two cores, and the type checker fills one for itself. */
const LANES = 2;

const STEPS = [
  { name: 'types', args: [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'format and lint',
    args: [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'],
  },
  {
    name: 'borders',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      'src',
      '--config',
      '.dependency-cruiser.cjs',
    ],
  },
  { name: 'schema drift', args: [join(ROOT, 'scripts', 'migration.mjs'), 'check'] },
  { name: 'instant tests', args: [bin('vitest', 'vitest.mjs'), 'run', '--project', 'instant'] },
];

/** Output is kept until the step has ended, so that steps side by side do not write into each other. */
function perform({ name, args }) {
  const startedAt = performance.now();
  return new Promise((settle) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => settle({ name, ok: false, output: error.message }));
    child.once('close', (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      settle({ name, ok: code === 0, output });
    });
  });
}

await main(async () => {
  await setUp();
  const waiting = [...STEPS];
  const results = [];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      results.push(await perform(step));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const failed = results.filter(({ ok }) => !ok);
  for (const { name, output } of failed) say(`\n── ${name} ──\n${output.trim()}`);
  if (failed.length === 0) return 0;
  say(`\nFailed: ${failed.map(({ name }) => name).join(', ')}`);
  return 1;
});
