import { formatNumber, formatRatio, table } from '../bench/figures.js';
import { type BookingFigures, SIDES, type Side } from './bookings.js';
import { CLINIC_SIZES } from './clinics.js';
import type { DiaryFigures } from './diaries.js';
import { type Results, reachesOf } from './reaches.js';
import type { SearchFigures } from './searches.js';

// What the bench prints, in Markdown, so that it can be pasted into docs/scheduling-speed.md.

export function report(results: Results): string {
  const { searches, diaries, bookings } = results;
  const parts: string[] = [];
  if (searches.length > 0) parts.push(searchTable(searches));
  if (diaries.length > 0) parts.push(diaryTable(diaries));
  if (bookings !== null) parts.push(bookingTable(bookings));
  const rows = reachesOf(results).map(({ what, found, verdict }) => [what, found, verdict]);
  parts.push(`### To be reached\n\n${table(['what', 'this run', ''], rows)}`);
  return parts.join('\n\n');
}

function searchTable(searches: readonly SearchFigures[]): string {
  const rows = searches.map((one) => [
    `${CLINIC_SIZES[one.size].name}, ${one.fill}`,
    String(one.offers),
    formatNumber(one.facetMs),
    formatNumber(one.gridMs),
    formatRatio(one.gridMs / one.facetMs),
    formatNumber(one.dayGridMs),
    formatRatio(one.dayGridMs / one.facetMs),
    formatNumber(one.subtractMs),
    formatRatio(one.gridMs / (one.facetMs + one.subtractMs)),
    String(one.rounds),
  ]);
  const head = [
    'a visit of 5 steps, ms (median)',
    'offers',
    'Facet',
    'grid',
    'times faster',
    'grid by day',
    'times faster',
    'bookings to free spans',
    'times faster with that',
    'rounds',
  ];
  return `### The search alone, in memory\n\n${table(head, rows)}`;
}

function diaryTable(diaries: readonly DiaryFigures[]): string {
  const rows = diaries.map((one) => [
    `${CLINIC_SIZES[one.size].name}${one.pastVisits > 0 ? `, ${one.pastVisits.toLocaleString('en-GB')} past visits` : ''}`,
    String(one.statements),
    formatNumber(one.freeSpans),
    String(one.offers),
    formatNumber(one.diaryMs),
    formatNumber(one.wholeMs),
    String(one.rounds),
  ]);
  const head = [
    'a visit of 5 steps, ms (median)',
    'statements',
    'free spans',
    'offers',
    'diary',
    'diary and search',
    'rounds',
  ];
  return `### With the diary read from PostgreSQL\n\n${table(head, rows)}`;
}

const SIDE_NAMES: Readonly<Record<Side, string>> = {
  facet: "Facet's bookVisit",
  bare: 'the same rows by bare SQL',
  'bare at once': 'the same, prepared and all sent at once',
  'day lock': 'bookVisit under one lock for each day',
};

function bookingTable({ perSecond, statements, connections, rounds }: BookingFigures): string {
  const rows = SIDES.map((side) => [
    SIDE_NAMES[side],
    formatNumber(perSecond[side]),
    String(statements[side]),
    side === 'facet' ? '–' : formatRatio(perSecond.facet / perSecond[side]),
  ]);
  const title = `### Bookings that are not in each other's way, ${connections} connections, ${rounds} rounds`;
  return `${title}\n\n${table(['', 'a second (median)', 'statements for one', 'Facet against it'], rows)}`;
}
