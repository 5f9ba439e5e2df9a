import 'reflect-metadata';
import { startFacet } from './facet.js';
import { greeting } from './greeting.js';
import { loadConfig, StartupError } from './platform/config/index.js';

const EXIT_CANNOT_START = 1;
const EXIT_DATABASE_LOST = 70;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const config = loadConfig();
  const facet = await startFacet({
    config,
    say,
    onDatabaseLost: () => {
      say(
        'The embedded database ended without having been asked to. Start Facet again; nothing that was answered is lost.',
      );
      process.exit(EXIT_DATABASE_LOST);
    },
  });
  say(greeting(config, facet));
  const stop = () => {
    // A second signal while closing is the person's way of saying "now".
    process.once('SIGINT', () => process.exit(130));
    facet.close().then(
      () => process.exit(0),
      () => process.exit(EXIT_CANNOT_START),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const words = error instanceof StartupError ? error.message : error;
  process.stderr.write(
    `Facet cannot start: ${words instanceof Error ? (words.stack ?? words.message) : words}\n`,
  );
  process.exit(EXIT_CANNOT_START);
});
