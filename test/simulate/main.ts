import { makeCalendar } from './calendar.js';
import { readTypes, shortestUses } from './clinic.js';
import { makeDemand } from './demand.js';
import { type Figures, figuresOf, figuresTable } from './figures.js';
import { readOptions } from './options.js';
import { type PolicyName, policyOf } from './policies.js';
import { liveThrough } from './year.js';

/** Each with other patients and other mishaps, the same for all policies. */
const SEEDS = 3;

export interface SimulationSetting {
  readonly root: string;
  readonly say: (line: string) => void;
}

/** The exit code. */
export function simulate(args: readonly string[], { root, say }: SimulationSetting): number {
  const options = readOptions(args);
  if (typeof options === 'string') {
    say(options);
    return 2;
  }
  const startedAt = performance.now();
  const types = readTypes(root);
  const ground = {
    calendar: makeCalendar(options.years),
    shortest: shortestUses(types),
    promises: new Map(),
  };
  const found = new Map<PolicyName, Figures[]>(options.policies.map((name) => [name, []]));
  for (let seed = options.seed; seed < options.seed + SEEDS; seed += 1) {
    const demand = makeDemand(types, ground.calendar, seed);
    for (const [name, list] of found) {
      const since = performance.now();
      const figures = figuresOf(liveThrough(policyOf(name), demand, ground), ground.calendar);
      list.push(figures);
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      say(`seed ${seed}, ${name}: ${figures.requests.toLocaleString('en-GB')} requests count, ${seconds} s`);
    }
  }
  const years = options.years === 1 ? 'a year' : `${options.years} years`;
  say(`\n### ${years} of requests, seeds ${options.seed} to ${options.seed + SEEDS - 1}\n`);
  say(figuresTable(found));
  say(`\n${((performance.now() - startedAt) / 1_000).toFixed(0)} s in all.`);
  return 0;
}
