// Compiles src to dist with SWC when a source has changed: half a second, where a type checker takes twenty.
// Types are checked by `npm run check`.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesIn, hashFiles } from './hash.mjs';

const INPUTS = ['src', '.swcrc', 'package-lock.json', 'scripts/build.mjs'];

const isTest = (file) => file.endsWith('.spec.ts');
const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !isTest(file);
const isAsset = (file) => !file.endsWith('.ts') && !file.endsWith('.md') && !basename(file).startsWith('.');

async function compile(swc, root, file, into) {
  // The settings of .swcrc, but for what is left out: that is decided here.
  const { exclude: _, $schema: __, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  const target = join(into, file.replace(/^src\//, '').replace(/\.ts$/, '.js'));
  const { code, map } = await swc.transformFile(join(root, file), {
    ...options,
    cwd: root,
    swcrc: false,
    sourceMaps: true,
    sourceFileName: join(root, file),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

/** Builds beside dist and swaps, so that dist is never half of anything. */
export async function build(root, say) {
  const dist = join(root, 'dist');
  const stampFile = join(dist, '.facet-build');
  const stamp = hashFiles(root, INPUTS, '', (file) => !isTest(file));
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const startedAt = performance.now();
  const half = join(root, '.tools', 'dist');
  rmSync(half, { recursive: true, force: true });
  const { default: swc } = await import('@swc/core');
  const files = filesIn(root, 'src');
  await Promise.all(files.filter(isSource).map((file) => compile(swc, root, file, half)));
  for (const file of files.filter(isAsset)) {
    cpSync(join(root, file), join(half, file.replace(/^src\//, '')), { recursive: true });
  }
  writeFileSync(join(half, '.facet-build'), stamp);
  rmSync(dist, { recursive: true, force: true });
  renameSync(half, dist);
  say(`Built dist in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}
