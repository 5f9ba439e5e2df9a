// Compiles programs below test/ that are run and not tested: the benches and the simulation.
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesIn } from './hash.mjs';
import { ROOT } from './setup.mjs';

const isCode = (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts');

/** Compiles folders of `test` into a new folder in which `src` is dist, so that their imports stay as they are. */
export async function compile(...folders) {
  const { default: swc } = await import('@swc/core');
  const { exclude: _, $schema: __, ...options } = JSON.parse(readFileSync(join(ROOT, '.swcrc'), 'utf8'));
  mkdirSync(join(ROOT, '.tools'), { recursive: true });
  const target = mkdtempSync(join(ROOT, '.tools', 'bench-'));
  symlinkSync(join(ROOT, 'dist'), join(target, 'src'));
  for (const file of folders.flatMap((folder) => filesIn(ROOT, folder)).filter(isCode)) {
    const settings = { ...options, cwd: ROOT, swcrc: false, sourceMaps: 'inline' };
    const { code } = await swc.transformFile(join(ROOT, file), settings);
    const path = join(target, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return target;
}
