import { type EmbeddedPostgres, startEmbeddedPostgres, urlOfServer } from './embedded-postgres.js';
import { knownDataFolder, passwordOf } from './folders.js';
import { runningPostmaster } from './postmaster.js';

/**
 * The embedded database for a command that looks in for a moment: the server that is running, left running, or one
 * that is started for the visit and stopped after it.
 */
export async function visitEmbeddedPostgres(
  home: string,
  say: (line: string) => void,
): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const running = runningPostmaster(knownDataFolder(home));
  if (running === undefined) return startEmbeddedPostgres({ home, say });
  return { url: urlOfServer(passwordOf(home), running.port), stop: async () => undefined };
}
