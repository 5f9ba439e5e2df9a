import { Temporal } from 'temporal-polyfill';
import type { Holidays } from './working-days.js';
import { localDate } from './zone.js';

/** A stretch of one weekday in which somebody is at the desk, on the wall clock. It ends on the day on which it begins. */
export interface DeskSpan {
  /** ISO 8601: 1 is Monday, 7 is Sunday. */
  readonly isoWeekday: number;
  /** `HH:MM`. */
  readonly opens: string;
  /** `HH:MM`, later than `opens`. */
  readonly closes: string;
}

/** A week of the desk that holds from a day on. */
export interface DeskWeek {
  readonly from: Temporal.PlainDate;
  readonly week: readonly DeskSpan[];
}

/**
 * When somebody is at the desk whom patients can ring. Outside nobody is asked by itself, and no time for an answer and
 * no service level runs. On a bank holiday nobody is there.
 */
export interface DeskHours {
  readonly timeZone: string;
  /** The week that holds now. A weekday without a span is closed; spans of one day do not overlap. */
  readonly week: readonly DeskSpan[];
  readonly holidays: Holidays;
  /** Weeks that are planned for later, in order of their first day. */
  readonly weeksToCome?: readonly DeskWeek[];
}

/** Even a desk that opens on Mondays only, and all of whose Mondays of a spring are holidays, opens within this time. */
const DAYS_LOOKED_AT_MAX = 60;

interface OpenSpan {
  readonly opens: Temporal.Instant;
  readonly closes: Temporal.Instant;
}

/** This moment when somebody is there, else the next at which somebody comes. */
export function deskOpenFrom(now: Temporal.Instant, hours: DeskHours): Temporal.Instant {
  for (const { opens } of openSpansFrom(now, hours)) return opens;
  throw new RangeError('the desk opens on no day');
}

/** The moment by which somebody has been at the desk for so many minutes; at the latest when it closes on that day. */
export function afterDeskMinutes(
  from: Temporal.Instant,
  minutes: number,
  hours: DeskHours,
): Temporal.Instant {
  let leftMs = Math.round(minutes * 60_000);
  for (const { opens, closes } of openSpansFrom(from, hours)) {
    const ms = opens.until(closes).total('milliseconds');
    if (leftMs <= ms) return opens.add({ milliseconds: leftMs });
    leftMs -= ms;
  }
  throw new RangeError('the desk opens on no day');
}

/** How many minutes somebody is at the desk between two moments. */
export function deskMinutesBetween(
  from: Temporal.Instant,
  until: Temporal.Instant,
  hours: DeskHours,
): number {
  let minutes = 0;
  for (const { opens, closes } of openSpansFrom(from, hours)) {
    if (!isBefore(opens, until)) break;
    minutes += opens.until(isBefore(until, closes) ? until : closes).total('minutes');
  }
  return minutes;
}

/** What is open from a moment on, in order, the first cut to begin there; ends only where the desk stays closed. */
function* openSpansFrom(from: Temporal.Instant, hours: DeskHours): Generator<OpenSpan> {
  let day = localDate(from, hours.timeZone);
  for (let closedDays = 0; closedDays <= DAYS_LOOKED_AT_MAX; day = day.add({ days: 1 })) {
    const spans = openSpansOf(day, hours).filter(({ closes }) => isBefore(from, closes));
    closedDays = spans.length === 0 ? closedDays + 1 : 0;
    for (const { opens, closes } of spans) yield { opens: isBefore(opens, from) ? from : opens, closes };
  }
}

/** Of a span in the hour that is skipped in spring nothing is left, and no minute counts twice. */
function openSpansOf(day: Temporal.PlainDate, hours: DeskHours): readonly OpenSpan[] {
  if (hours.holidays.has(day.toString())) return [];
  const { timeZone } = hours;
  const at = (time: string) =>
    day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
  const spans: OpenSpan[] = [];
  for (const span of weekOn(day, hours)) {
    if (span.isoWeekday !== day.dayOfWeek) continue;
    const last = spans.at(-1)?.closes;
    const begins = at(span.opens);
    const opens = last !== undefined && isBefore(begins, last) ? last : begins;
    const closes = at(span.closes);
    if (isBefore(opens, closes)) spans.push({ opens, closes });
  }
  return spans;
}

function weekOn(day: Temporal.PlainDate, { week, weeksToCome = [] }: DeskHours): readonly DeskSpan[] {
  const begun = weeksToCome.findLast(({ from }) => Temporal.PlainDate.compare(from, day) <= 0);
  const spans = begun === undefined ? week : begun.week;
  return spans.toSorted((a, b) => a.opens.localeCompare(b.opens));
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
