import { formatNumber, formatRatio, ratioOf } from './figures.js';
import type { ExchangeFigures, SizeFigures, Throughput } from './measure.js';
import type { Memory } from './processes.js';
import type { ServerName } from './servers.js';

// What Facet is to reach, and whether this run has reached it. Pure.

export interface Results {
  readonly sizes: readonly number[];
  readonly figures: ReadonlyMap<ServerName, ReadonlyMap<number, SizeFigures>>;
  /** Of a program that sends the same bytes as Facet and looks at nothing. Absent when Facet is not measured. */
  readonly floor?: ExchangeFigures;
  /** Of Facet at the largest size. */
  readonly throughput: readonly Throughput[];
  /** Of Facet's process: before it had any item of ours, and after the measurements. */
  readonly memory: { readonly atStart: Memory; readonly atEnd: Memory } | null;
  readonly problems: readonly string[];
}

export interface Reach {
  readonly what: string;
  readonly found: string;
  /** What the exchange alone would have reached, where that can be said: nobody can be beyond it. */
  readonly floor?: string;
  readonly verdict: 'reached' | 'NOT REACHED' | 'not measured';
}

const RATIOS: readonly (readonly [size: number, times: number])[] = [
  [10_000, 500],
  [50_000, 2_000],
];
const FLAT_MAX = 1.5;
const ANSWERS_PER_SECOND_MIN = 200_000;
const ECHO_WAIT_MS_MAX = 25;
const QUERIES_PER_SECOND_MIN = 5_000;
const MEMORY_MB_MAX = 300;
const LARGEST = 50_000;
const SMALLEST = 100;

export function figuresOf(results: Results, server: ServerName, size: number): SizeFigures | undefined {
  return results.figures.get(server)?.get(size);
}

/** Against the faster of the two. */
export function ratioAt(results: Results, size: number, pick: (figures: SizeFigures) => number): number {
  const of = (server: ServerName) => {
    const figures = figuresOf(results, server, size);
    return figures === undefined ? undefined : pick(figures);
  };
  return ratioOf(of('facet'), [of('wlmscpfs'), of('orthanc')]);
}

/** The same for the exchange alone. */
function floorRatioAt(results: Results, size: number, pick: (figures: ExchangeFigures) => number): number {
  const of = (figures: ExchangeFigures | undefined) => (figures === undefined ? undefined : pick(figures));
  const peers = [figuresOf(results, 'wlmscpfs', size), figuresOf(results, 'orthanc', size)];
  return ratioOf(of(results.floor), peers.map(of));
}

export function reachesOf(results: Results): Reach[] {
  const ratios = RATIOS.flatMap(([size, times]) => [
    ratioReach(results, size, times, 'kept', ({ usualKept }) => usualKept.p50Ms),
    ratioReach(results, size, times, 'new', ({ usualNew }) => usualNew.p50Ms),
  ]);
  const facet = figuresOf(results, 'facet', LARGEST);
  const small = figuresOf(results, 'facet', SMALLEST);
  const growth = (facet?.usualKept.p50Ms ?? Number.NaN) / (small?.usualKept.p50Ms ?? Number.NaN);
  const growthNew = (facet?.usualNew.p50Ms ?? Number.NaN) / (small?.usualNew.p50Ms ?? Number.NaN);
  const best = Math.max(...results.throughput.map(({ perCpuSecond }) => perCpuSecond));
  return [
    ...ratios,
    atMost(
      `flat: the usual query at 50,000 at most ${FLAT_MAX} times that at 100, kept association`,
      growth,
      FLAT_MAX,
      '×',
    ),
    atMost(`flat, new association`, growthNew, FLAT_MAX, '×'),
    atLeast(
      'a broad answer at 50,000: 200,000 answers a second',
      facet?.broadPerSecond,
      ANSWERS_PER_SECOND_MIN,
      '/s',
    ),
    atMost(
      "another association's C-ECHO waits at most 25 ms while 50,000 stream",
      facet?.echoWorstMs,
      ECHO_WAIT_MS_MAX,
      ' ms',
    ),
    atLeast(
      '5,000 usual queries a second on one core (a second of Facet’s CPU time)',
      results.throughput.length === 0 ? undefined : best,
      QUERIES_PER_SECOND_MIN,
      '/s',
    ),
    atMost(
      'memory of the process below 300 MB at 50,000 (peak)',
      facet === undefined ? undefined : results.memory?.atEnd.peakMb,
      MEMORY_MB_MAX,
      ' MB',
    ),
    {
      what: 'the same answers as the peers, and fresh',
      found: results.problems.length === 0 ? 'no difference' : `${results.problems.length} problems`,
      verdict: results.problems.length === 0 ? 'reached' : 'NOT REACHED',
    },
  ];
}

function ratioReach(
  results: Results,
  size: number,
  times: number,
  association: string,
  pick: (figures: ExchangeFigures) => number,
): Reach {
  const ratio = ratioAt(results, size, pick);
  const floor = formatRatio(floorRatioAt(results, size, pick));
  const what = `usual query at ${formatNumber(size)}, ${association} association: ${formatNumber(times)} times faster than the faster peer`;
  return { what, found: formatRatio(ratio), floor, verdict: verdictOf(ratio, ratio >= times) };
}

function atLeast(what: string, found: number | undefined, least: number, unit: string): Reach {
  const value = found ?? Number.NaN;
  return { what, found: `${formatNumber(found)}${unit}`, verdict: verdictOf(value, value >= least) };
}

function atMost(what: string, found: number | undefined, most: number, unit: string): Reach {
  const value = found ?? Number.NaN;
  return { what, found: `${formatNumber(found)}${unit}`, verdict: verdictOf(value, value <= most) };
}

function verdictOf(value: number, isReached: boolean): Reach['verdict'] {
  if (Number.isNaN(value)) return 'not measured';
  return isReached ? 'reached' : 'NOT REACHED';
}
