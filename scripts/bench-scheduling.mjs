// npm run bench:scheduling: the scheduler's search, diary and bookings beside plain ways to do them (docs/scheduling-speed.md).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';
import { main, say, setUp } from './setup.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

await main(async () => {
  await setUp();
  const folder = await compile('test/bench', 'test/bench-scheduling', 'test/support');
  const path = join(folder, 'test', 'bench-scheduling', 'main.js');
  const { bench, cleanUp } = await import(pathToFileURL(path).href);
  let stopping = null;
  const stop = async () => {
    say('\nStopping …');
    await cleanUp();
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  for (const name of SIGNALS) {
    process.on(name, () => {
      stopping ??= stop();
    });
  }
  try {
    return await bench(process.argv.slice(2), { say });
  } catch (error) {
    // What was being measured has just been stopped: that is no news.
    if (stopping === null) throw error;
    await stopping;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
