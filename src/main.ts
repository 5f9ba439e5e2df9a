import 'reflect-metadata';
import { StartStopped, startFacet } from './facet.js';
import { greeting } from './greeting.js';
import { loadConfig, StartupError } from './platform/config/index.js';
import { nameSourceLines } from './platform/log/source-lines.js';

const EXIT_CANNOT_START = 1;
const EXIT_DATABASE_LOST = 70;
/** The shell's own code for Ctrl-C: 128 and the number of SIGINT. */
const EXIT_INTERRUPTED = 130;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  nameSourceLines(new URL('.', import.meta.url).href);
  const config = loadConfig();
  const starting = new AbortController();
  let stop = () => starting.abort();
  // A second Ctrl-C is the person's way of saying "now". Counted, because of two signals sent at once either may come first.
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(EXIT_INTERRUPTED);
    stop();
  });
  process.once('SIGTERM', () => stop());
  const facet = await startFacet({
    config,
    say,
    signal: starting.signal,
    onDatabaseLost: () => {
      say(
        'The embedded database ended without having been asked to. Start Facet again; nothing that was answered is lost.',
      );
      process.exit(EXIT_DATABASE_LOST);
    },
  });
  stop = () => {
    facet.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(
          `Facet did not close cleanly: ${error instanceof Error ? error.message : error}\n`,
        );
        process.exit(EXIT_CANNOT_START);
      },
    );
  };
  if (starting.signal.aborted) return stop();
  say(greeting(config, facet));
}

main().catch((error: unknown) => {
  if (error instanceof StartStopped) process.exit(0);
  const words = error instanceof StartupError ? error.message : error;
  process.stderr.write(
    `Facet cannot start: ${words instanceof Error ? (words.stack ?? words.message) : words}\n`,
  );
  process.exit(EXIT_CANNOT_START);
});
