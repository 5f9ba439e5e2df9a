import 'reflect-metadata';
import { loadavg } from 'node:os';
import { formatNumber } from '../bench/figures.js';
import { machine } from '../bench/report.js';
import type { AtTheEnd } from '../bench/servers.js';
import { measureBookings } from './bookings.js';
import { measureDiaries } from './diaries.js';
import { type Options, readOptions } from './options.js';
import type { Results } from './reaches.js';
import { report } from './report.js';
import { measureSearches } from './searches.js';
import { type BenchServer, startServer } from './server.js';

/** Of the last minute, before anything is measured: a machine that is at rest. */
const LOAD_MAX = 1;

export interface BenchSetting {
  readonly say: (line: string) => void;
}

const undoing: (() => Promise<void>)[] = [];
const atTheEnd: AtTheEnd = (undo) => undoing.push(undo);

let undone: Promise<void> = Promise.resolve();

/** Stops and removes whatever was started, the newest first. Who asks again waits for the first. */
export function cleanUp(): Promise<void> {
  undone = undone.then(undoAll);
  return undone;
}

/** Each gets its turn, also when one before it failed. */
async function undoAll(): Promise<void> {
  const failures: unknown[] = [];
  for (let undo = undoing.pop(); undo !== undefined; undo = undoing.pop()) {
    await undo().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

/** The exit code: 0, or 1 when the two sides of a comparison did not do the same. */
export async function bench(args: readonly string[], { say }: BenchSetting): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    say(options);
    return 2;
  }
  try {
    return await run(options, say);
  } finally {
    await cleanUp();
  }
}

async function run(options: Options, say: (line: string) => void): Promise<number> {
  const startedAt = performance.now();
  const { parts, sizes, seconds } = options;
  const [load = 0] = loadavg();
  const server = parts.some((part) => part !== 'search') ? await startServer(atTheEnd) : null;
  say(`\n${machine()}${server === null ? '' : `; PostgreSQL ${server.version}, every commit on disk`}`);
  if (load > LOAD_MAX)
    say(`Something else is running here (load ${load.toFixed(1)}): the figures will show it.`);
  const tell = (what: string): void =>
    say(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s`.padStart(6).concat(`  ${what}`));
  const searches = [];
  if (parts.includes('search')) {
    for (const size of sizes) {
      searches.push(...measureSearches(size, seconds));
      tell(`searched: ${size}`);
    }
  }
  const diaries = server !== null && parts.includes('diary') ? await readDiaries(options, server) : [];
  if (diaries.length > 0) tell('read the diaries');
  const isBooking = server !== null && parts.includes('bookings');
  const bookings = isBooking ? await measureBookings(seconds, server, atTheEnd) : null;
  if (bookings !== null) tell('booked');
  const results: Results = { searches, diaries, bookings };
  say(`\n${report(results)}\n\n${formatNumber((performance.now() - startedAt) / 1_000)} s in all.`);
  const differences = [...searches, ...(bookings === null ? [] : [bookings])].flatMap(
    (one) => one.differences,
  );
  return differences.length === 0 ? 0 : 1;
}

/** Each size without a past, and the week with it. */
function readDiaries({ sizes, pastVisits, seconds }: Options, server: BenchServer) {
  const wishes = sizes.flatMap((size) =>
    size === 'week' && pastVisits > 0
      ? [
          { size, pastVisits: 0 },
          { size, pastVisits },
        ]
      : [{ size, pastVisits: 0 }],
  );
  return measureDiaries(wishes, seconds * wishes.length, server, atTheEnd);
}
