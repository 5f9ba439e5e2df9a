import { parseArgs } from 'node:util';
import { isSizeName, SIZE_NAMES, type SizeName } from './clinics.js';

export const PARTS = ['search', 'diary', 'bookings'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  readonly sizes: readonly SizeName[];
  readonly parts: readonly Part[];
  /** For each figure. */
  readonly seconds: number;
  readonly pastVisits: number;
}

export const USAGE = `npm run bench:scheduling -- [options]
  --sizes ten-days,month,week      3 cameras x 10 working days, 50 resources x 31 days, 110 resources x a week
  --only all|search|diary|bookings the rules alone, with SQL, or bookings per second
  --seconds 3                      how long each figure is measured
  --past 60000                     visits of the past behind the week of 110 resources`;

/** Each past visit has four claims of half an hour: more would begin before the calendar of the clinic. */
const PAST_MAX = 200_000;

/** A sentence when the arguments cannot be used. */
export function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sizes: { type: 'string', default: SIZE_NAMES.join() },
        only: { type: 'string', default: 'all' },
        seconds: { type: 'string', default: '3' },
        past: { type: 'string', default: '60000' },
      },
    });
    const sizes = values.sizes.split(',');
    const seconds = Number(values.seconds);
    const pastVisits = Number(values.past);
    if (!sizes.every(isSizeName)) return `--sizes are of ${SIZE_NAMES.join(', ')}.\n${USAGE}`;
    if (!(seconds > 0)) return `--seconds is a number above 0.\n${USAGE}`;
    if (!Number.isInteger(pastVisits) || pastVisits < 0 || pastVisits > PAST_MAX)
      return `--past is a whole number from 0 to ${PAST_MAX}.\n${USAGE}`;
    const parts = PARTS.filter((part) => values.only === 'all' || values.only === part);
    return parts.length === 0
      ? `--only does not know ${values.only}.\n${USAGE}`
      : { sizes, parts, seconds, pastVisits };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
