// npm test: everything. Arguments are handed to vitest, such as a path or --project instant.
import { join } from 'node:path';
import { main, ROOT, run, setUp } from './setup.mjs';
import { ensureTools } from './test-tools.mjs';

await main(async () => {
  await setUp();
  ensureTools();
  return run(process.execPath, [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...process.argv.slice(2),
  ]);
});
