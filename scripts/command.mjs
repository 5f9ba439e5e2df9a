// node scripts/command.mjs <audit-verify|staff-add> …: sets up whatever is missing, then runs one command.
import { join } from 'node:path';
import { main, ROOT, run, setUp } from './setup.mjs';

await main(async () => {
  await setUp();
  const args = ['--enable-source-maps', join(ROOT, 'dist', 'command.js'), ...process.argv.slice(2)];
  return run(process.execPath, args);
});
