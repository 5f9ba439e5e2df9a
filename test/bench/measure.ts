import { setTimeout as sleep } from 'node:timers/promises';
import type { Facet } from './facet.js';
import { type Latency, latencyOf, quickerOf } from './figures.js';
import { type Queries, type Query, USUAL_ANSWERS } from './items.js';
import { LeanAssociation, type Target } from './lean-client.js';
import { cpuSecondsOf, treeCpuSecondsOf } from './processes.js';
import type { Server } from './servers.js';

// What is timed. Each figure has a bounded time; a slow server gets few repetitions, and says so.

const REPETITIONS_MIN = 5;
const REPETITIONS_MAX = 5_000;
/** V8 compiles what runs often: a share of the time goes before the first figure. */
const WARM_UP_SHARE = 0.25;
const TAKE_IN_MS_MAX = 60_000;
const TAKE_IN_POLL_MS = 200;
/** Each with associations of its own and its part of the time, so that it is likely that one shares a core. */
const EXCHANGE_ROUNDS = 4;
const ASSOCIATION_COUNTS = [1, 8, 16] as const;

/** What is short enough that connecting, associating and releasing count. */
export interface ExchangeFigures {
  readonly usualKept: Latency;
  readonly usualNew: Latency;
  readonly echoKept: Latency;
  readonly echoNew: Latency;
}

export interface SizeFigures extends ExchangeFigures {
  readonly noneKept: Latency;
  readonly noneNew: Latency;
  readonly broadMs: Latency;
  readonly broadPerSecond: number;
  /** The longest that another association's C-ECHO waited while broad queries were answered. */
  readonly echoWorstMs: number;
}

/** Runs for the warm-up's share, then measures until the time is over. What takes longer than both is timed once. */
async function timed(
  seconds: number,
  operation: () => Promise<void>,
  least = REPETITIONS_MIN,
): Promise<Latency> {
  const once = async () => {
    const from = performance.now();
    await operation();
    return performance.now() - from;
  };
  const warmUpMs = seconds * WARM_UP_SHARE * 1_000;
  const warmUntil = performance.now() + warmUpMs;
  let first = await once();
  while (performance.now() < warmUntil) first = await once();
  const found = first > warmUpMs ? [first] : [];
  const until = performance.now() + seconds * 1_000;
  while (found.length < least || (performance.now() < until && found.length < REPETITIONS_MAX)) {
    found.push(await once());
  }
  return latencyOf(found);
}

async function counted(association: LeanAssociation, query: Query, size: number): Promise<void> {
  const count = await association.find(query.request);
  if (count !== query.answersOf(size))
    throw new Error(`${query.name}: ${count} answers, ${query.answersOf(size)} expected`);
}

/**
 * How long a server takes to know everything after a change as large as a hospital's, until a query is answered. It may
 * turn an association away meanwhile, as a server that is busy may.
 */
export async function timeToTakeIn({ target }: Server, { usual }: Queries): Promise<number> {
  const from = performance.now();
  for (;;) {
    try {
      await anew(target, async (one) => void (await one.find(usual.request)));
      return performance.now() - from;
    } catch (error) {
      if (performance.now() - from > TAKE_IN_MS_MAX) throw error;
      await sleep(TAKE_IN_POLL_MS);
    }
  }
}

async function anew(target: Target, work: (association: LeanAssociation) => Promise<void>): Promise<void> {
  const association = await LeanAssociation.open(target);
  await work(association);
  await association.release();
}

export async function measureSize(
  { target }: Server,
  size: number,
  { usual, broad, nobody }: Queries,
  seconds: number,
): Promise<SizeFigures> {
  const kept = await LeanAssociation.open(target);
  const usualKept = await timed(seconds, () => counted(kept, usual, size));
  const noneKept = await timed(seconds / 2, () => counted(kept, nobody, size));
  const echoKept = await timed(seconds / 2, () => kept.echo());
  const broadMs = await timed(seconds, () => counted(kept, broad, size), 1);
  const echoWorstMs = await worstEcho(target, kept, broad, seconds);
  await kept.release();
  const usualNew = await timed(seconds, () => anew(target, (one) => counted(one, usual, size)));
  const noneNew = await timed(seconds / 2, () => anew(target, (one) => counted(one, nobody, size)));
  const echoNew = await timed(seconds / 2, () => anew(target, (one) => one.echo()));
  const broadPerSecond = (size / broadMs.p50Ms) * 1_000;
  return { usualKept, usualNew, noneKept, noneNew, echoKept, echoNew, broadMs, broadPerSecond, echoWorstMs };
}

/**
 * Of a server that has nothing but the replies to the usual query and to C-ECHO: the least of several rounds. A round
 * in which the kernel puts both processes on one core takes a third of one across two cores: a single round is no least.
 */
export async function measureExchange(
  target: Target,
  queries: Queries,
  seconds: number,
): Promise<ExchangeFigures> {
  let least = await exchangeRound(target, queries, seconds / EXCHANGE_ROUNDS);
  for (let round = 1; round < EXCHANGE_ROUNDS; round += 1) {
    least = quickerExchange(least, await exchangeRound(target, queries, seconds / EXCHANGE_ROUNDS));
  }
  return least;
}

/** Figure by figure. */
export function quickerExchange(one: ExchangeFigures, other: ExchangeFigures): ExchangeFigures {
  return {
    usualKept: quickerOf(one.usualKept, other.usualKept),
    usualNew: quickerOf(one.usualNew, other.usualNew),
    echoKept: quickerOf(one.echoKept, other.echoKept),
    echoNew: quickerOf(one.echoNew, other.echoNew),
  };
}

async function exchangeRound(target: Target, { usual }: Queries, seconds: number): Promise<ExchangeFigures> {
  const kept = await LeanAssociation.open(target);
  const usualKept = await timed(seconds, () => counted(kept, usual, USUAL_ANSWERS));
  const echoKept = await timed(seconds / 2, () => kept.echo());
  await kept.release();
  const usualNew = await timed(seconds, () => anew(target, (one) => counted(one, usual, USUAL_ANSWERS)));
  const echoNew = await timed(seconds / 2, () => anew(target, (one) => one.echo()));
  return { usualKept, usualNew, echoKept, echoNew };
}

/** One association asks for everything, again and again; another sends C-ECHO every other millisecond. */
async function worstEcho(
  target: Target,
  streaming: LeanAssociation,
  broad: Query,
  seconds: number,
): Promise<number> {
  const other = await LeanAssociation.open(target);
  await other.echo();
  let isStreaming = true;
  const until = performance.now() + seconds * 1_000;
  const stream = (async () => {
    do await streaming.find(broad.request);
    while (performance.now() < until);
  })().finally(() => {
    isStreaming = false;
  });
  let worst = 0;
  while (isStreaming) {
    const from = performance.now();
    await other.echo();
    worst = Math.max(worst, performance.now() - from);
    await sleep(1);
  }
  await stream;
  await other.release();
  return worst;
}

export interface Throughput {
  readonly associations: number;
  readonly perSecond: number;
  /** Facet's own process alone. */
  readonly perCpuSecond: number;
  readonly cpuMsPerQuery: number;
  /** PostgreSQL, all its processes. */
  readonly postgresCpuMsPerQuery: number;
}

export async function measureThroughput(
  facet: Facet,
  { usual }: Queries,
  seconds: number,
): Promise<Throughput[]> {
  const found: Throughput[] = [];
  for (const associations of ASSOCIATION_COUNTS) {
    found.push(await throughputOf(facet, usual, associations, seconds));
  }
  return found;
}

async function throughputOf(
  facet: Facet,
  usual: Query,
  associations: number,
  seconds: number,
): Promise<Throughput> {
  const open = await Promise.all(
    Array.from({ length: associations }, () => LeanAssociation.open(facet.target)),
  );
  await askUntil(open, usual, performance.now() + seconds * WARM_UP_SHARE * 1_000);
  const cpuBefore = cpuSecondsOf(facet.pid);
  const postgresBefore = treeCpuSecondsOf(facet.postgresPid);
  const from = performance.now();
  const count = await askUntil(open, usual, from + seconds * 1_000);
  const elapsed = (performance.now() - from) / 1_000;
  const cpu = cpuSecondsOf(facet.pid) - cpuBefore;
  const postgres = treeCpuSecondsOf(facet.postgresPid) - postgresBefore;
  await Promise.all(open.map((association) => association.release()));
  return {
    associations,
    perSecond: count / elapsed,
    perCpuSecond: count / cpu,
    cpuMsPerQuery: (cpu / count) * 1_000,
    postgresCpuMsPerQuery: (postgres / count) * 1_000,
  };
}

async function askUntil(open: readonly LeanAssociation[], usual: Query, until: number): Promise<number> {
  const counts = await Promise.all(
    open.map(async (association) => {
      let count = 0;
      for (; performance.now() < until; count += 1) await counted(association, usual, USUAL_ANSWERS);
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
