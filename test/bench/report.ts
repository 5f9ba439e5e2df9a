import { cpus, totalmem } from 'node:os';
import { formatNumber, formatRatio, type Latency, ratioOf, table } from './figures.js';
import type { ExchangeFigures, SizeFigures } from './measure.js';
import { figuresOf, type Results, ratioAt, reachesOf } from './reaches.js';
import type { ServerName } from './servers.js';

// What the bench prints, in Markdown, so that it can be pasted into docs/dicom-speed.md.

const SERVERS: readonly ServerName[] = ['facet', 'wlmscpfs', 'orthanc'];

const LATENCIES: readonly (readonly [name: string, pick: (figures: SizeFigures) => Latency])[] = [
  ['usual query, 20 answers, kept', ({ usualKept }) => usualKept],
  ['usual query, 20 answers, new', ({ usualNew }) => usualNew],
  ['no match, kept', ({ noneKept }) => noneKept],
  ['no match, new', ({ noneNew }) => noneNew],
  ['broad query, all answers', ({ broadMs }) => broadMs],
  ['C-ECHO, kept', ({ echoKept }) => echoKept],
  ['C-ECHO, new', ({ echoNew }) => echoNew],
];

const EXCHANGES: readonly (readonly [name: string, pick: (figures: ExchangeFigures) => Latency])[] = [
  ['usual query, 20 answers, kept', ({ usualKept }) => usualKept],
  ['usual query, 20 answers, new', ({ usualNew }) => usualNew],
  ['C-ECHO, kept', ({ echoKept }) => echoKept],
  ['C-ECHO, new', ({ echoNew }) => echoNew],
];

export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${first?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB; Node ${process.versions.node}`;
}

export function report(results: Results): string {
  const parts = results.sizes.map((size) => `### ${formatNumber(size)} items\n\n${sizeTable(results, size)}`);
  if (results.floor !== undefined) parts.push(floorTable(results, results.floor));
  if (results.throughput.length > 0) parts.push(throughputTable(results));
  if (results.memory !== null) {
    parts.push(memoryLine(results.memory));
  }
  return [...parts, `### To be reached\n\n${reachTable(results)}`, notAhead(results)].join('\n\n');
}

/** Milliseconds, p50 and p95, with the number of repetitions of each. */
function sizeTable(results: Results, size: number): string {
  const latencies = LATENCIES.map(([name, pick]) => {
    const cells = SERVERS.map((server) => {
      const figures = figuresOf(results, server, size);
      return figures === undefined ? '–' : latencyCell(pick(figures));
    });
    return [name, ...cells, formatRatio(ratioAt(results, size, (figures) => pick(figures).p50Ms))];
  });
  const plain = (name: string, pick: (figures: SizeFigures) => number) => {
    const cells = SERVERS.map((server) => {
      const figures = figuresOf(results, server, size);
      return figures === undefined ? '–' : formatNumber(pick(figures));
    });
    return [name, ...cells, formatRatio(ratioAt(results, size, pick))];
  };
  const rows = [
    ...latencies,
    ['broad query, answers a second', ...broadCells(results, size)],
    plain('longest wait of C-ECHO beside broad queries', ({ echoWorstMs }) => echoWorstMs),
  ];
  const head = ['ms: p50 / p95 (repetitions)', ...SERVERS, 'times faster than the faster peer'];
  return table(head, rows);
}

function latencyCell({ p50Ms, p95Ms, count }: Latency): string {
  return `${formatNumber(p50Ms)} / ${formatNumber(p95Ms)} (${count})`;
}

function broadCells(results: Results, size: number): string[] {
  const cells = SERVERS.map((server) => formatNumber(figuresOf(results, server, size)?.broadPerSecond));
  return [...cells, formatRatio(ratioAt(results, size, ({ broadMs }) => broadMs.p50Ms))];
}

/** The least of the whole run, and how many times longer Facet took at each size. */
function floorTable(results: Results, floor: ExchangeFigures): string {
  const rows = EXCHANGES.map(([name, pick]) => {
    const times = results.sizes.map((size) => {
      const facet = figuresOf(results, 'facet', size);
      return formatRatio(ratioOf(pick(floor).p50Ms, [facet && pick(facet).p50Ms]));
    });
    return [name, latencyCell(pick(floor)), ...times];
  });
  const sizes = results.sizes.map((size) => `facet, ${formatNumber(size)} items`);
  const head = ['ms: p50 / p95 (repetitions)', 'the exchange alone', ...sizes];
  const title = 'The exchange alone: a program that sends the same bytes and looks at nothing';
  return `### ${title}\n\n${table(head, rows)}`;
}

function memoryLine({ atStart, atEnd }: NonNullable<Results['memory']>): string {
  const words = [
    `${formatNumber(atStart.nowMb)} MB before it had an item of ours`,
    `${formatNumber(atEnd.nowMb)} MB at the end`,
    `${formatNumber(atEnd.peakMb)} MB at its peak`,
  ];
  return `Resident memory of Facet's process: ${words.join(', ')}.`;
}

function throughputTable({ throughput, sizes }: Results): string {
  const rows = throughput.map((one) => [
    String(one.associations),
    formatNumber(one.perSecond),
    formatNumber(one.perCpuSecond),
    formatNumber(one.cpuMsPerQuery),
    formatNumber(one.postgresCpuMsPerQuery),
  ]);
  const head = [
    'associations',
    'queries a second',
    "a second of Facet's CPU time",
    'CPU ms a query',
    'PostgreSQL CPU ms a query',
  ];
  return `### Facet, usual queries side by side, ${formatNumber(sizes.at(-1))} items\n\n${table(head, rows)}`;
}

function reachTable(results: Results): string {
  if (results.floor === undefined) {
    const rows = reachesOf(results).map(({ what, found, verdict }) => [what, found, verdict]);
    return table(['what', 'this run', ''], rows);
  }
  const rows = reachesOf(results).map(({ what, found, verdict, floor = '' }) => [
    what,
    found,
    verdict,
    floor,
  ]);
  return table(['what', 'this run', '', 'the exchange alone would be'], rows);
}

/** Where a peer is as fast or faster, in words, whatever it is. */
function notAhead(results: Results): string {
  const lines = results.sizes.flatMap((size) =>
    LATENCIES.map(([name, pick]) => ({
      name: `${name}, ${formatNumber(size)} items`,
      ratio: ratioAt(results, size, (figures) => pick(figures).p50Ms),
    }))
      .concat({
        name: `longest wait of C-ECHO beside broad queries, ${formatNumber(size)} items`,
        ratio: ratioAt(results, size, ({ echoWorstMs }) => echoWorstMs),
      })
      .filter(({ ratio }) => ratio <= 1)
      .map(({ name, ratio }) => `- ${name}: ${formatRatio(ratio)}`),
  );
  if (!results.figures.has('facet') || results.figures.size < 2) return '';
  return lines.length === 0
    ? 'Facet is ahead of both peers in every figure of this run.'
    : `Where Facet is not ahead of the faster peer:\n\n${lines.join('\n')}`;
}
