import type { SpineRegion } from '../../platform/database/generated/enums.js';

/** A hundred years: longer than anybody has had it. */
export const DURATION_MAX_WEEKS = 5_200;

/**
 * The levels of a region from the top, as they are written: between two vertebrae. OTHER has none. A lumbar vertebra
 * more or fewer is not rare: L5/6 and L6/S1 are levels too.
 */
const LEVELS = {
  CERVICAL: ['C0/1', 'C1/2', 'C2/3', 'C3/4', 'C4/5', 'C5/6', 'C6/7', 'C7/T1'],
  THORACIC: [
    'T1/2',
    'T2/3',
    'T3/4',
    'T4/5',
    'T5/6',
    'T6/7',
    'T7/8',
    'T8/9',
    'T9/10',
    'T10/11',
    'T11/12',
    'T12/L1',
  ],
  LUMBAR: ['L1/2', 'L2/3', 'L3/4', 'L4/5', 'L5/6', 'L5/S1', 'L6/S1'],
  SACROILIAC: [],
  OTHER: [],
} as const satisfies Record<SpineRegion, readonly string[]>;

export interface ComplaintEntry {
  readonly region: SpineRegion;
  readonly levelFrom: string | null;
  readonly levelTo: string | null;
  readonly nrsAverage: number | null;
  readonly nrsWorst: number | null;
}

/** A level as it is kept: `l4-5` is L4/5. Null for nothing. */
export function readLevel(typed: string | null): string | null {
  if (typed === null) return null;
  const written = typed.normalize('NFKC').replace(/\s+/g, '').toUpperCase().replace(/[-–]/g, '/');
  // The letter may be said twice: L4/L5 is L4/5.
  return written.replace(/^([CTL])(\d{1,2})\/\1(\d{1,2})$/, '$1$2/$3');
}

/** What is wrong with an entry; null when nothing is. */
export function complaintProblem({
  region,
  levelFrom,
  levelTo,
  nrsAverage,
  nrsWorst,
}: ComplaintEntry): string | null {
  const levels: readonly string[] = LEVELS[region];
  if (levelFrom === null && levelTo !== null) return 'levelFrom: is needed when levelTo is said.';
  for (const [field, level] of Object.entries({ levelFrom, levelTo })) {
    if (level === null || levels.includes(level)) continue;
    return levels.length === 0
      ? `${field}: a level is said of the neck, the chest and the lower back only.`
      : `${field}: must be one of ${levels.join(', ')}.`;
  }
  if (levelFrom !== null && levelTo !== null && levels.indexOf(levelTo) < levels.indexOf(levelFrom)) {
    return 'levelTo: must not be above levelFrom.';
  }
  return nrsAverage !== null && nrsWorst !== null && nrsWorst < nrsAverage
    ? 'nrsWorst: must not be less than nrsAverage.'
    : null;
}
