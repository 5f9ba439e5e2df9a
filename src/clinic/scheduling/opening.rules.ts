import type { ExceptionKind } from '../../platform/database/generated/enums.js';
import {
  dateFromInstant,
  formatLocalDateTime,
  formatTime,
  instantFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { Span } from './free-span.rules.js';
import { ClosureHitsBookings, SkillStillNeeded } from './schedule.refusals.js';

/** How many of the bookings in the way a refusal lists: enough to start telephoning. */
const BOOKED_SPANS_SHOWN_MAX = 20;
/** How many of them its sentence names. */
const BOOKED_SPANS_SAID_MAX = 3;

/** Hours of one weekday, `HH:MM` on the wall. */
export interface Session {
  readonly isoWeekday: number;
  readonly opensAt: string;
  readonly closesAt: string;
}

export interface ExceptionFacts {
  readonly kind: ExceptionKind;
  readonly resourceId?: string | null;
  readonly startsAt?: string | null;
  readonly endsAt?: string | null;
  readonly serves?: readonly string[] | null;
}

/** A `time` column: Prisma gives and takes it as that time of the first of January 1970, UTC. */
export function localTimeFromDate(date: Date): string {
  return formatTime(instantFromDate(date).toZonedDateTimeISO('UTC').toPlainTime());
}

export function dateFromLocalTime(time: string): Date {
  return dateFromInstant(Temporal.Instant.from(`1970-01-01T${time}:00Z`));
}

/** What is wrong with a week, in a sentence; null when it can be kept. `HH:MM` sorts as it reads. */
export function faultOfWeek(sessions: readonly Session[]): string | null {
  const inOrder = sessions.toSorted(
    (a, b) => a.isoWeekday - b.isoWeekday || a.opensAt.localeCompare(b.opensAt),
  );
  for (const [index, session] of inOrder.entries()) {
    if (session.opensAt >= session.closesAt) return 'A session must close after it opens.';
    const next = inOrder[index + 1];
    if (next?.isoWeekday === session.isoWeekday && next.opensAt < session.closesAt) {
      return 'Sessions of one day must not overlap.';
    }
  }
  return null;
}

/** What is wrong with an exception, in a sentence; null when it can be kept. */
export function faultOfException(exception: ExceptionFacts): string | null {
  const { kind, resourceId, startsAt, endsAt } = exception;
  if (Boolean(startsAt) !== Boolean(endsAt)) return 'Give both times, or neither for the whole day.';
  if (startsAt && endsAt && startsAt >= endsAt) return 'endsAt must be later than startsAt.';
  if (kind === 'EXTRA_SESSION' && (!startsAt || !resourceId)) {
    return 'An extra session must name its resource and its times.';
  }
  if (kind !== 'EXTRA_SESSION' && exception.serves?.length) {
    return 'Only an extra session can be for some kinds of visit.';
  }
  if (kind === 'LEAVE' && !resourceId) return 'Leave must name the person who is away.';
  return null;
}

/** The refusal of a change that would leave these booked spans in closed time; null when there are none. */
export function closureOver(booked: readonly Span[], timeZone: string): ClosureHitsBookings | null {
  return booked.length === 0 ? null : new ClosureHitsBookings(...named(booked, timeZone));
}

/** The refusal of a change after which a resource could not do what it is booked for; null when it could. */
export function skillsMissedIn(booked: readonly Span[], timeZone: string): SkillStillNeeded | null {
  return booked.length === 0 ? null : new SkillStillNeeded(...named(booked, timeZone));
}

/** How many there are, the first of them, and those for a sentence. */
function named(booked: readonly Span[], timeZone: string): [number, readonly Span[], string] {
  const shown = booked.slice(0, BOOKED_SPANS_SHOWN_MAX).map(({ startsAt, endsAt }) => ({ startsAt, endsAt }));
  const said = booked.slice(0, BOOKED_SPANS_SAID_MAX);
  const days = new Set(said.map((span) => formatLocalDateTime(span.startsAt, timeZone)));
  const more = booked.length > said.length ? ' and later' : '';
  return [booked.length, shown, `${[...days].join(', ')}${more}`];
}
