import type { Discipline } from '../../platform/database/generated/enums.js';
import { instantOfLocal, Temporal } from '../../platform/time/index.js';

const DAYS_PER_WEEK = 7;

export interface SeriesTerm {
  /** Local date; the first meeting is on the first such weekday from here on. */
  readonly effectiveFrom: Temporal.PlainDate;
  /** ISO 8601: Monday is 1. */
  readonly weekday: number;
  readonly everyWeeks: number;
  /** HH:MM on the wall clock. */
  readonly startsAtTime: string;
}

const { compare } = Temporal.PlainDate;

function firstOf({ effectiveFrom, weekday }: SeriesTerm): Temporal.PlainDate {
  return effectiveFrom.add({ days: (weekday - effectiveFrom.dayOfWeek + DAYS_PER_WEEK) % DAYS_PER_WEEK });
}

/**
 * The days from `from` until `until`, both included, on which a series is held, each with the term that says how. A term
 * holds until the next begins, and the series until the day on which it ended.
 */
export function daysOfSeries<Term extends SeriesTerm>(
  terms: readonly Term[],
  endedOn: Temporal.PlainDate | null,
  from: Temporal.PlainDate,
  until: Temporal.PlainDate,
): readonly { readonly heldOn: Temporal.PlainDate; readonly term: Term }[] {
  const inOrder = terms.toSorted((a, b) => compare(a.effectiveFrom, b.effectiveFrom));
  const days: { heldOn: Temporal.PlainDate; term: Term }[] = [];
  for (const [place, term] of inOrder.entries()) {
    const next = inOrder[place + 1]?.effectiveFrom ?? null;
    const isOver = (day: Temporal.PlainDate): boolean =>
      compare(day, until) > 0 ||
      (next !== null && compare(day, next) >= 0) ||
      (endedOn !== null && compare(day, endedOn) >= 0);
    for (let day = firstOf(term); !isOver(day); day = day.add({ weeks: term.everyWeeks })) {
      if (compare(day, from) >= 0) days.push({ heldOn: day, term });
    }
  }
  return days;
}

/** When a meeting of that day begins: the wall clock's time, whatever the clocks do in between. */
export function startOfMeeting(
  heldOn: Temporal.PlainDate,
  startsAtTime: string,
  timeZone: string,
): Temporal.Instant {
  return instantOfLocal(heldOn.toPlainDateTime(Temporal.PlainTime.from(startsAtTime)), timeZone);
}

export interface HeldMeeting {
  readonly heldAt: Temporal.Instant;
  readonly disciplines: readonly Discipline[];
}

export interface Absence {
  readonly discipline: Discipline;
  readonly heldCount: number;
  readonly missedCount: number;
  /** How many of the last meetings it missed without a break. */
  readonly missedInARow: number;
}

/** How often each of these disciplines was missing at the meetings that were held. */
export function absencesOf(
  wanted: readonly Discipline[],
  meetings: readonly HeldMeeting[],
): readonly Absence[] {
  const inOrder = meetings.toSorted((a, b) => Temporal.Instant.compare(a.heldAt, b.heldAt));
  return [...new Set(wanted)].map((discipline) => {
    return { discipline, ...missedOf(inOrder.map(({ disciplines }) => disciplines.includes(discipline))) };
  });
}

export interface MeetingWithMembers {
  readonly heldAt: Temporal.Instant;
  /** Who has to be there whether or not they ever came. */
  readonly expected: readonly string[];
  readonly present: readonly string[];
}

export interface MissedByMember {
  readonly member: string;
  readonly heldCount: number;
  readonly missedCount: number;
  /** How many of the last meetings they missed without a break. */
  readonly missedInARow: number;
}

/**
 * How often each member was missing at the meetings since `from`. Somebody is a member from the first meeting on at which
 * they were, or had to be; what was held before that they did not miss. Whoever missed most comes first.
 */
export function memberAbsencesOf(
  meetings: readonly MeetingWithMembers[],
  from: Temporal.Instant,
): readonly MissedByMember[] {
  const inOrder = meetings.toSorted((a, b) => Temporal.Instant.compare(a.heldAt, b.heldAt));
  const members = new Set(inOrder.flatMap(({ expected, present }) => [...expected, ...present]));
  const absences = [...members].flatMap((member) => {
    const first = inOrder.findIndex(
      ({ expected, present }) => expected.includes(member) || present.includes(member),
    );
    const isThere = inOrder
      .filter(({ heldAt }, place) => place >= first && Temporal.Instant.compare(heldAt, from) >= 0)
      .map(({ present }) => present.includes(member));
    if (isThere.length === 0) return [];
    return [{ member, ...missedOf(isThere) }];
  });
  return absences.toSorted((a, b) => b.missedCount - a.missedCount || (a.member < b.member ? -1 : 1));
}

function missedOf(isThere: readonly boolean[]): Omit<Absence, 'discipline'> {
  return {
    heldCount: isThere.length,
    missedCount: isThere.filter((there) => !there).length,
    missedInARow: isThere.length - 1 - isThere.lastIndexOf(true),
  };
}
