import { formatRatio } from '../bench/figures.js';
import type { BookingFigures } from './bookings.js';
import type { DiaryFigures } from './diaries.js';
import type { SearchFigures } from './searches.js';

// What the scheduler is to reach, and whether this run has reached it. Pure.

export interface Results {
  readonly searches: readonly SearchFigures[];
  readonly diaries: readonly DiaryFigures[];
  readonly bookings: BookingFigures | null;
}

export interface Reach {
  readonly what: string;
  readonly found: string;
  readonly verdict: 'reached' | 'NOT REACHED' | 'not measured';
}

const TIMES_FASTER_MIN = 20;
const FLAT_MAX = 1.2;
const OF_BARE_SQL_MIN = 0.5;

export function reachesOf({ searches, diaries, bookings }: Results): readonly Reach[] {
  const month = searches.filter(({ size }) => size === 'month');
  const statements = [...new Set(diaries.map((one) => one.statements))];
  const differences = [...searches, ...(bookings === null ? [] : [bookings])].flatMap(
    (one) => one.differences,
  );
  const isMeasured = searches.length > 0 || bookings !== null;
  return [
    ...month.map(({ fill, gridMs, facetMs }) =>
      atLeast(
        `the search of 50 resources × 31 days, ${fill}: ${TIMES_FASTER_MIN} times faster than the grid`,
        gridMs / facetMs,
        TIMES_FASTER_MIN,
      ),
    ),
    flatReach(diaries, 'diary alone', ({ diaryMs }) => diaryMs),
    flatReach(diaries, 'diary and search', ({ wholeMs }) => wholeMs),
    {
      what: 'the same number of statements whatever the days and resources',
      found: diaries.length === 0 ? '–' : statements.join(', '),
      verdict: diaries.length < 2 ? 'not measured' : statements.length === 1 ? 'reached' : 'NOT REACHED',
    },
    atLeast(
      `bookings per second: ${OF_BARE_SQL_MIN} of a bare SQL transaction with the same rows`,
      (bookings?.perSecond.facet ?? Number.NaN) / (bookings?.perSecond.bare ?? Number.NaN),
      OF_BARE_SQL_MIN,
    ),
    {
      what: 'both searches agree, both bookings write the same rows',
      found: isMeasured ? (differences.length === 0 ? 'no difference' : differences.join('; ')) : '–',
      verdict: isMeasured ? (differences.length === 0 ? 'reached' : 'NOT REACHED') : 'not measured',
    },
  ];
}

/** With the past against without it, of the same clinic in the same run. */
export function pastRatio(diaries: readonly DiaryFigures[], pick: (figures: DiaryFigures) => number): number {
  const withPast = diaries.find(({ pastVisits }) => pastVisits > 0);
  const without = diaries.find(({ size, pastVisits }) => size === withPast?.size && pastVisits === 0);
  if (withPast === undefined || without === undefined) return Number.NaN;
  return pick(withPast) / pick(without);
}

function flatReach(
  diaries: readonly DiaryFigures[],
  part: string,
  pick: (figures: DiaryFigures) => number,
): Reach {
  const past = diaries.find(({ pastVisits }) => pastVisits > 0)?.pastVisits;
  const ratio = pastRatio(diaries, pick);
  const visits = past === undefined ? 'past visits' : `${past.toLocaleString('en-GB')} past visits`;
  const what = `flat: ${visits} at most ${FLAT_MAX} times none, ${part}`;
  return { what, found: formatRatio(ratio), verdict: verdictOf(ratio, ratio <= FLAT_MAX) };
}

function atLeast(what: string, ratio: number, least: number): Reach {
  return { what, found: formatRatio(ratio), verdict: verdictOf(ratio, ratio >= least) };
}

function verdictOf(value: number, isReached: boolean): Reach['verdict'] {
  if (Number.isNaN(value)) return 'not measured';
  return isReached ? 'reached' : 'NOT REACHED';
}
