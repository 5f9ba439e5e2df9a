// npm start: sets up whatever is missing, then runs the built service until it ends or is told to stop.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SERVICE_FLAGS } from './service-flags.mjs';
import { main, ROOT, setUp } from './setup.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Passes each signal on once: a terminal's Ctrl-C reaches npm, us and the service, and npm passes it on again. */
function serve() {
  return new Promise((settle) => {
    const child = spawn(
      process.execPath,
      [...SERVICE_FLAGS, join(ROOT, 'dist', 'main.js'), ...process.argv.slice(2)],
      {
        cwd: ROOT,
        // A group of its own, so that the service gets Ctrl-C from us alone and exactly once.
        detached: true,
        stdio: 'inherit',
      },
    );
    let asked;
    for (const name of SIGNALS) {
      process.on(name, () => {
        if (asked === name) return;
        asked = name;
        child.kill(name);
      });
    }
    child.once('exit', (code, signal) => settle(signal === null ? (code ?? 1) : signal === asked ? 0 : 1));
  });
}

await main(async () => {
  const interrupted = () => process.exit(130);
  for (const name of SIGNALS) process.once(name, interrupted);
  await setUp();
  for (const name of SIGNALS) process.off(name, interrupted);
  return serve();
});
