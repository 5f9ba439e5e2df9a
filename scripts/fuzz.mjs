// npm run fuzz:dicom: mutated captures against the DICOM listener. Arguments: --cases N --seed S --case K --record.
// Compiles the library and the fuzzer beside dist, and runs them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesIn } from './hash.mjs';
import { main, ROOT, run, setUp } from './setup.mjs';

const INTO = join(ROOT, '.tools', 'fuzz');
const SUPPORT = ['dicom-scu', 'mpps-scu', 'performed-steps.memory', 'worklist', 'tools'];

const isCode = (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts');

async function compile(swc, file) {
  const target = join(INTO, file.replace(/\.ts$/, '.js'));
  const { code, map } = await swc.transformFile(join(ROOT, file), {
    swcrc: false,
    sourceMaps: true,
    sourceFileName: join(ROOT, file),
    module: { type: 'es6' },
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

await main(async () => {
  await setUp();
  rmSync(INTO, { recursive: true, force: true });
  const { default: swc } = await import('@swc/core');
  const files = [
    ...filesIn(ROOT, 'src/dicom'),
    ...filesIn(ROOT, 'test/fuzz'),
    ...SUPPORT.map((name) => `test/support/${name}.ts`),
  ];
  await Promise.all(files.filter(isCode).map((file) => compile(swc, file)));
  const captures = join('test', 'fuzz', 'captures');
  cpSync(join(ROOT, captures), join(INTO, captures), { recursive: true });
  const program = join(INTO, 'test', 'fuzz', 'dicom.js');
  const code = await run(process.execPath, ['--enable-source-maps', program, ...process.argv.slice(2)]);
  if (code === 0 && process.argv.includes('--record')) {
    cpSync(join(INTO, captures), join(ROOT, captures), { recursive: true });
  }
  return code;
});
