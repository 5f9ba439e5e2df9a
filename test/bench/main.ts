import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAnswers, checkFreshness, KNOWN_DIFFERENCES } from './check.js';
import { type Facet, startFacet } from './facet.js';
import { formatNumber } from './figures.js';
import { startFloor } from './floor.js';
import { type Item, itemOf, type Queries, queriesOf, today } from './items.js';
import type { Target } from './lean-client.js';
import {
  type ExchangeFigures,
  measureExchange,
  measureSize,
  measureThroughput,
  quickerExchange,
  type SizeFigures,
  type Throughput,
  timeToTakeIn,
} from './measure.js';
import { type Options, readOptions } from './options.js';
import { startOrthanc, startWlmscpfs, WorklistFolder } from './peers.js';
import { memoryOf } from './processes.js';
import type { Results } from './reaches.js';
import { machine, report } from './report.js';
import type { AtTheEnd, Server, ServerName } from './servers.js';

// One run: the same items into every server, the same answers from each, then the same measurements.

/** Where a server waits for delayed acknowledgements, each exchange takes 40 ms. */
const NAGLE_MS = 20;
/** Of the last minute, before anything is measured: a machine that is at rest, but for the start of the servers. */
const LOAD_MAX = 1;
const LINES_SHOWN = 12;
const LINE_LENGTH_MAX = 1_500;

export interface BenchSetting {
  readonly root: string;
  /** Of Facet. */
  readonly version: string;
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

/** The exit code: 0, or 1 when the answers were not the same. */
export async function bench(args: readonly string[], setting: BenchSetting): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    setting.say(options);
    return 2;
  }
  try {
    return await run(options, setting);
  } finally {
    await cleanUp();
  }
}

async function run(options: Options, { root, version, say }: BenchSetting): Promise<number> {
  const startedAt = performance.now();
  const firstDay = today();
  const items = Array.from({ length: Math.max(...options.sizes) }, (_, n) => itemOf(n, firstDay));
  const queries = queriesOf(firstDay);
  const facet = options.facet ? await startFacet(root, version, options.apart, atTheEnd) : null;
  const atStart = facet === null ? null : memoryOf(facet.pid);
  const peers = await startPeers(options);
  const servers: Server[] = [...(facet === null ? [] : [facet]), ...peers];
  introduce(servers, facet, say);
  const found = new Map<ServerName, Map<number, SizeFigures>>(servers.map(({ name }) => [name, new Map()]));
  const problems: string[] = [];
  let floor: ExchangeFigures | null = null;
  let floorTarget: Target | null = null;
  let known = 0;
  for (const size of options.sizes) {
    const further = items.slice(known, size);
    if (facet !== null) await addAtOnce(facet, further, queries, say);
    // The peers share one folder.
    if (peers[0] !== undefined) await peers[0].add(further);
    known = size;
    for (const server of servers) {
      const measured = items.slice(0, size);
      const figures = await explained(server, say, async () => {
        problems.push(...(await check(server, facet, measured, queries, say)));
        return measureSize(server, size, queries, options.seconds);
      });
      if (figures.echoKept.p50Ms > NAGLE_MS) problems.push(`${server.name}: TCP_NODELAY is not on`);
      found.get(server.name)?.set(size, figures);
      say(progress(server.name, size, figures, performance.now() - startedAt));
      if (server !== facet) continue;
      floorTarget ??= await startFloor(facet.target, queries.usual, atTheEnd);
      // Its bytes are the same at every size: what counts is the least in the whole run.
      const exchange = await measureExchange(floorTarget, queries, options.seconds);
      floor = floor === null ? exchange : quickerExchange(floor, exchange);
    }
  }
  const throughput: Throughput[] =
    facet === null ? [] : await measureThroughput(facet, queries, options.seconds);
  const memory = facet === null || atStart === null ? null : { atStart, atEnd: memoryOf(facet.pid) };
  const results: Results = {
    sizes: options.sizes,
    figures: found,
    ...(floor === null ? {} : { floor }),
    throughput,
    memory,
    problems,
  };
  say(`\n${report(results)}\n\n${formatNumber((performance.now() - startedAt) / 1_000)} s in all.`);
  return problems.length === 0 ? 0 : 1;
}

function introduce(servers: readonly Server[], facet: Facet | null, say: (line: string) => void): void {
  say(`\n${machine()}${facet === null ? '' : `; PostgreSQL ${facet.postgresVersion}`}`);
  say(servers.map((server) => `${server.name} ${server.version}`).join(', '));
  const [load = 0] = loadavg();
  // What we have just started counts a little.
  if (load > LOAD_MAX)
    say(`Something else is running here (load ${load.toFixed(1)}): the figures will show it.`);
  say('TCP_NODELAY is on for all: Facet sets it itself; DCMTK and Orthanc run with TCP_NODELAY=1.');
  for (const { server, why } of KNOWN_DIFFERENCES) {
    if (servers.some(({ name }) => name === server)) say(`Known: ${server} ${why}.`);
  }
  say('');
}

async function addAtOnce(
  facet: Facet,
  items: readonly Item[],
  queries: Queries,
  say: (line: string) => void,
): Promise<void> {
  await facet.add(items);
  const ms = await explained(facet, say, () => timeToTakeIn(facet, queries));
  const count = items.length.toLocaleString('en-GB');
  say(
    `        facet     ${count} more items in one transaction: the next answer after ${formatNumber(ms)} ms`,
  );
}

async function startPeers({ peers }: Options): Promise<Server[]> {
  if (peers.length === 0) return [];
  const root = mkdtempSync(join(tmpdir(), 'facet-bench-peers-'));
  atTheEnd(async () => rmSync(root, { recursive: true, force: true }));
  const folder = new WorklistFolder(root);
  const found: Server[] = [];
  for (const peer of peers) {
    found.push(await (peer === 'orthanc' ? startOrthanc : startWlmscpfs)(folder, atTheEnd));
  }
  return found;
}

async function check(
  server: Server,
  facet: Facet | null,
  items: readonly Item[],
  queries: Queries,
  say: (line: string) => void,
): Promise<string[]> {
  const problems = await checkAnswers(server, items, queries);
  if (server === facet) problems.push(...(await checkFreshness(facet, items, queries)));
  for (const problem of problems) say(`  ${problem}`);
  return problems;
}

/** When a server fails, what it said last is worth more than how we noticed. */
async function explained<T>(server: Server, say: (line: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const said = server.output().trimEnd().split('\n').slice(-LINES_SHOWN);
    say(
      `${server.name} failed. It said last:\n${said.map((line) => line.slice(0, LINE_LENGTH_MAX)).join('\n')}`,
    );
    throw error;
  }
}

function progress(name: ServerName, size: number, figures: SizeFigures, elapsedMs: number): string {
  const { usualKept, usualNew, broadPerSecond, echoWorstMs } = figures;
  const cells = [
    `kept ${formatNumber(usualKept.p50Ms)} ms`,
    `new ${formatNumber(usualNew.p50Ms)} ms`,
    `broad ${formatNumber(broadPerSecond)}/s`,
    `C-ECHO beside it ${formatNumber(echoWorstMs)} ms`,
  ];
  const at = `${(elapsedMs / 1_000).toFixed(0)} s`.padStart(6);
  return `${at}  ${name.padEnd(9)} ${formatNumber(size).padStart(7)} items: ${cells.join(', ')}`;
}
