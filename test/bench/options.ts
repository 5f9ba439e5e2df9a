import { parseArgs } from 'node:util';

export interface Options {
  readonly sizes: readonly number[];
  readonly facet: boolean;
  readonly peers: readonly ('wlmscpfs' | 'orthanc')[];
  /** For each figure. */
  readonly seconds: number;
  /** Facet answers in a process of its own with ROLE=scanner. */
  readonly apart: boolean;
}

export const USAGE = `npm run bench:dicom -- [options]
  --sizes 100,1000,10000,50000   how many worklist items, in rising order
  --only all|facet|peers|wlmscpfs|orthanc
  --seconds 2                    how long each figure is measured
  --apart                        Facet answers from a second process with ROLE=scanner`;

/** More than the bench's items may be asked for, fewer would leave the usual day without its twenty. */
const SIZE_MIN = 100;
const SIZE_MAX = 100_000;

/** A sentence when the arguments cannot be used. */
export function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sizes: { type: 'string', default: '100,1000,10000,50000' },
        only: { type: 'string', default: 'all' },
        seconds: { type: 'string', default: '2' },
        apart: { type: 'boolean', default: false },
      },
    });
    const sizes = values.sizes.split(',').map(Number);
    const seconds = Number(values.seconds);
    const isRising = sizes.every((size, place) => size > (sizes[place - 1] ?? 0));
    if (!isRising || !sizes.every((size) => Number.isInteger(size) && size >= SIZE_MIN && size <= SIZE_MAX))
      return `--sizes are whole numbers from ${SIZE_MIN} to ${SIZE_MAX} in rising order.\n${USAGE}`;
    if (!(seconds > 0)) return `--seconds is a number above 0.\n${USAGE}`;
    const chosen = choose(values.only);
    return chosen === null
      ? `--only does not know ${values.only}.\n${USAGE}`
      : { sizes, seconds, apart: values.apart, ...chosen };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}

function choose(only: string): Pick<Options, 'facet' | 'peers'> | null {
  switch (only) {
    case 'all':
      return { facet: true, peers: ['wlmscpfs', 'orthanc'] };
    case 'facet':
      return { facet: true, peers: [] };
    case 'peers':
      return { facet: false, peers: ['wlmscpfs', 'orthanc'] };
    case 'wlmscpfs':
    case 'orthanc':
      return { facet: false, peers: [only] };
    default:
      return null;
  }
}
