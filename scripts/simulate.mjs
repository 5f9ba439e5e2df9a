// npm run simulate: a year of requests through the scheduler's rules, in memory (docs/scheduling-simulation.md).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';
import { main, ROOT, say, setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  const folder = await compile('test/bench', 'test/bench-scheduling', 'test/simulate');
  try {
    const { simulate } = await import(pathToFileURL(join(folder, 'test', 'simulate', 'main.js')).href);
    return simulate(process.argv.slice(2), { root: ROOT, say });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
