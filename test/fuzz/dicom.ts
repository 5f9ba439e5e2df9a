// npm run fuzz:dicom [-- --cases N] [--seed S] [--case K,K…] [--record]
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type CampaignReport, CaseFailure, planOf, runCampaign } from './campaign.js';
import { type Capture, readCaptures } from './captures.js';
import { recordCaptures } from './record.js';

const defaultCaseCount = 20_000;
/** Without another batch of cases for so long, the process stands still. */
const standstillMs = 60_000;
/** What may be left over after any number of cases, above what was in use when the listener was warm. */
const heapGrowthBytesMax = 16 * 1024 * 1024;
const bufferGrowthBytesMax = 8 * 1024 * 1024;
const rssGrowthBytesMax = 160 * 1024 * 1024;
const progressEachCases = 1_000;
const mebibyte = 1024 * 1024;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A loop without end would also keep this thread from noticing: another one watches. */
function watchStandstill(words: string): { alive(played: number): void; stop(): void } {
  const shared = new SharedArrayBuffer(4);
  const beat = new Int32Array(shared);
  const code = `
    const { workerData: { shared, ms, words } } = require('node:worker_threads');
    const beat = new Int32Array(shared);
    let last = -1;
    setInterval(() => {
      if (beat[0] === last) {
        require('node:fs').writeSync(1, 'FAILED: no progress after ' + last + ' cases. ' + words + '\\n');
        process.kill(process.pid, 'SIGKILL');
      }
      last = beat[0];
    }, ms);`;
  const worker = new Worker(code, { eval: true, workerData: { shared, ms: standstillMs, words } });
  return { alive: (played) => void Atomics.store(beat, 0, played), stop: () => void worker.terminate() };
}

function growthProblems({ memory: { warm, end } }: CampaignReport): readonly string[] {
  const grown: readonly (readonly [string, number, number])[] = [
    ['heap', end.heapBytes - warm.heapBytes, heapGrowthBytesMax],
    ['buffers', end.bufferBytes - warm.bufferBytes, bufferGrowthBytesMax],
    ['resident memory', end.rssBytes - warm.rssBytes, rssGrowthBytesMax],
  ];
  for (const [name, bytes, max] of grown) {
    say(
      `  ${name}: ${(bytes / mebibyte).toFixed(1)} MiB more than after the first tenth (at most ${max / mebibyte})`,
    );
  }
  return grown.filter(([, bytes, max]) => bytes > max).map(([name]) => `${name} grew too much`);
}

const table = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .sort()
    .join(', ');

/** Those of the cases that fail alone; all of them when none does, for then it takes several. */
async function findCulprits(
  seed: number,
  cases: readonly number[],
  captures: readonly Capture[],
): Promise<readonly number[]> {
  if (cases.length < 2) return cases;
  const alone: number[] = [];
  for (const number of cases) {
    const isGood = await runCampaign({ seed, cases: [number], captures }).then(
      () => true,
      () => false,
    );
    if (!isGood) alone.push(number);
  }
  return alone.length > 0 ? alone : cases;
}

async function fuzz(seed: number, cases: readonly number[]): Promise<boolean> {
  const captures = readCaptures();
  const again = `Again: npm run fuzz:dicom -- --seed ${seed}`;
  say(`Fuzzing the DICOM listener: ${cases.length} cases from ${captures.length} captures, seed ${seed}`);
  const startedAt = performance.now();
  const guard = watchStandstill(again);
  const rate = (played: number): string => (played / ((performance.now() - startedAt) / 1_000)).toFixed(0);
  try {
    const report = await runCampaign({
      seed,
      cases,
      captures,
      onProgress: (played) => {
        guard.alive(played);
        if (played % progressEachCases === 0) say(`  ${played} cases, ${rate(played)} a second`);
      },
    });
    say(
      `  ${report.played} cases, ${rate(report.played)} a second; C-ECHO in between: ${report.echoes}, all answered`,
    );
    say(`  last word of the listener: ${table(report.outcomes)}`);
    say(`  events: ${table(report.events)}`);
    const problems = cases.length < progressEachCases ? [] : growthProblems(report);
    for (const problem of problems) say(`FAILED: ${problem}. ${again} --cases ${cases.length}`);
    if (problems.length === 0) say('No crash, no hang, nothing left over.');
    return problems.length === 0;
  } catch (error) {
    if (!(error instanceof CaseFailure)) throw error;
    say(`FAILED: ${error.message}`);
    const culprits = await findCulprits(seed, error.cases, captures);
    for (const number of culprits) {
      const { capture, mutations } = planOf(seed, number, captures);
      say(`  case ${number}: ${capture}: ${mutations.join(', ')}`);
    }
    say(`${again} --case ${culprits.join(',')}`);
    return false;
  } finally {
    guard.stop();
  }
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: String(defaultCaseCount) },
    seed: { type: 'string' },
    case: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});
const toNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`a whole number is wanted, not "${text}"`);
  return Number(text);
};
if (values.record) {
  await recordCaptures();
} else {
  const seed = values.seed === undefined ? randomInt(1_000_000_000) : toNumber(values.seed);
  const all = Array.from({ length: toNumber(values.cases) }, (_, index) => index);
  const isGood = await fuzz(seed, values.case === undefined ? all : values.case.split(',').map(toNumber));
  process.exitCode = isGood ? 0 : 1;
}
