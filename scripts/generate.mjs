// Generates the Prisma client when the schema has changed. Works without a network: generating needs no engine,
// but Prisma's command line downloads one unless it is shown any program that exists.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles } from './hash.mjs';

const OUTPUT = 'src/platform/database/generated';
const INPUTS = ['prisma/schema', 'prisma.config.ts', 'node_modules/prisma/package.json'];

/** Waits without blocking, so that Ctrl-C is heard meanwhile. */
function runPrisma(root) {
  const cli = join(root, 'node_modules', 'prisma', 'build', 'index.js');
  const child = spawn(process.execPath, [cli, 'generate', '--no-hints'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  return new Promise((settle, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => settle({ code, output }));
  });
}

export async function generate(root, say, force = false) {
  const stampFile = join(root, OUTPUT, '.facet-schema');
  const stamp = hashFiles(root, INPUTS);
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  say('Generating the Prisma client …');
  const { code, output } = await runPrisma(root);
  if (code !== 0) throw new Error(`prisma generate failed:\n${output}`);
  writeFileSync(stampFile, stamp);
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === here) {
  await generate(resolve(dirname(here), '..'), (line) => process.stdout.write(`${line}\n`), true);
}
