import { parseArgs } from 'node:util';
import { POLICY_NAMES, type PolicyName } from './policies.js';

export interface Options {
  readonly seed: number;
  readonly years: number;
  readonly policies: readonly PolicyName[];
}

export const USAGE = `npm run simulate -- [options]
  --seed 1      the first of the seeds, each a whole number
  --years 1     how many years of requests count, from 1 to 5
  --policy all|${POLICY_NAMES.join('|')}`;

const YEARS_MAX = 5;

/** A sentence when the arguments cannot be used. */
export function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        years: { type: 'string', default: '1' },
        policy: { type: 'string', default: 'all' },
      },
    });
    const seed = Number(values.seed);
    const years = Number(values.years);
    if (!Number.isSafeInteger(seed) || seed < 0) return `--seed is a whole number from 0 on.\n${USAGE}`;
    if (!Number.isInteger(years) || years < 1 || years > YEARS_MAX)
      return `--years is a whole number from 1 to ${YEARS_MAX}.\n${USAGE}`;
    const policies = POLICY_NAMES.filter((name) => values.policy === 'all' || values.policy === name);
    if (policies.length === 0) return `--policy does not know ${values.policy}.\n${USAGE}`;
    return { seed, years, policies };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
