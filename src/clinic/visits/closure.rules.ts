import type { ResourceKind } from '../../platform/database/generated/enums.js';
import {
  formatTime,
  localDate,
  localDateTime,
  spanOfDay,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';

/** Who works with the patient: only these can be "the same people as before". */
export const IS_PERSON = {
  CAMERA: false,
  INJECTION_ROOM: false,
  NUCLEAR_MEDICINE_TECHNOLOGIST: true,
  CONSULTING_ROOM: false,
  PROCEDURE_ROOM: false,
  THERAPY_ROOM: false,
  MEETING_ROOM: false,
  WAITING_PLACE: false,
  C_ARM: false,
  RADIOFREQUENCY_GENERATOR: false,
  PAIN_CONSULTANT: true,
  SURGEON: true,
  PHYSIOTHERAPIST: true,
  PSYCHOLOGIST: true,
  RADIOLOGIST: true,
  NURSE: true,
} as const satisfies Record<ResourceKind, boolean>;

// What a closure is on the calendar, and what may become of the visits in its time.

/** Longer than this a resource is retired, or its weekly hours change: a closure is an exception. */
export const CLOSURE_DAYS_MAX = 31;

/**
 * All are changed in one transaction, which lasts at most 20 seconds and keeps others waiting: on a busy machine a
 * hundred took seven. More are several closures.
 */
export const CLOSURE_VISITS_MAX = 100;

/** The last minute of a day that a calendar can name; no session is open after it. */
const LAST_MINUTE = '23:59';

interface Span {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** A day, or the part of it between two times on the wall (both null: the whole), that is closed. */
export interface ClosedDay {
  /** `YYYY-MM-DD`. */
  readonly heldOn: string;
  /** `HH:MM`. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
}

/** What is wrong with the time of a closure, in a sentence; null when the calendar can keep it. */
export function faultOfTime(span: Span, timeZone: string): string | null {
  const { startsAt, endsAt } = span;
  if (!isBefore(startsAt, endsAt)) return 'input.endsAt: must be later than input.startsAt.';
  for (const [field, instant] of [
    ['startsAt', startsAt],
    ['endsAt', endsAt],
  ] as const) {
    if (instant.epochMilliseconds % 60_000 !== 0) return `input.${field}: must be a whole minute.`;
    if (comesTwice(instant, timeZone)) {
      return `input.${field}: lies in the hour that comes twice that night; name a time before or after it.`;
    }
  }
  if (daysTouched(span, timeZone) > CLOSURE_DAYS_MAX) {
    return `input.endsAt: a closure lasts at most ${CLOSURE_DAYS_MAX} days.`;
  }
  return null;
}

/** Counted, not listed: a mistyped year would be tens of thousands. */
function daysTouched({ startsAt, endsAt }: Span, timeZone: string): number {
  const first = localDate(startsAt, timeZone);
  const last = localDate(endsAt.subtract({ nanoseconds: 1 }), timeZone);
  return first.until(last, { largestUnit: 'day' }).days + 1;
}

/** The same wall-clock time is shown again an hour later, so the calendar could not tell which is meant. */
function comesTwice(instant: Temporal.Instant, timeZone: string): boolean {
  const local = localDateTime(instant, timeZone);
  const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
    local.toZonedDateTime(timeZone, { disambiguation }).toInstant(),
  );
  return first !== undefined && second !== undefined && !first.equals(second);
}

/** The time as the calendar keeps it: day by day, in wall-clock time, so it is right when the clocks change. */
export function closedDays({ startsAt, endsAt }: Span, timeZone: string): readonly ClosedDay[] {
  const first = localDate(startsAt, timeZone);
  const count = daysTouched({ startsAt, endsAt }, timeZone);
  return Array.from({ length: Math.max(0, count) }, (_, days) => first.add({ days })).flatMap(
    (day): ClosedDay[] => {
      const { start, end } = spanOfDay(day, timeZone);
      const from = isBefore(start, startsAt) ? wallTime(startsAt, timeZone) : null;
      const until = isBefore(endsAt, end) ? wallTime(endsAt, timeZone) : null;
      const heldOn = day.toString();
      if (from === null && until === null) return [{ heldOn, startsAt: null, endsAt: null }];
      const part = { heldOn, startsAt: from ?? '00:00', endsAt: until ?? LAST_MINUTE };
      return part.startsAt < part.endsAt ? [part] : [];
    },
  );
}

function wallTime(instant: Temporal.Instant, timeZone: string): string {
  return formatTime(localDateTime(instant, timeZone).toPlainTime());
}

/** What a closure can do with a visit in its time. */
export type ClosureHand =
  /** It is moved or cancelled. */
  | 'CHANGE'
  /** Nobody has been told of it: the time is given back. */
  | 'GIVE_BACK'
  /** It has begun: people decide on the day. */
  | 'LEAVE';

/** By how the visit stands. A visit whose time has come is the business of those who run the day. */
export function handOn(
  visit: { readonly status: string; readonly startsAt: Temporal.Instant },
  now: Temporal.Instant,
): ClosureHand {
  if (visit.status === 'HELD' || visit.status === 'LAPSED') return 'GIVE_BACK';
  return visit.status === 'BOOKED' && isBefore(now, visit.startsAt) ? 'CHANGE' : 'LEAVE';
}

/** A visit that has to go elsewhere, and what was promised. */
export interface DisplacedVisit {
  readonly id: string;
  readonly startsAt: Temporal.Instant;
  /** Midnight at which the last day before the breach is over; null: nothing was promised. */
  readonly breachUntil: Temporal.Instant | null;
}

/** Whose promise is broken first, first; then the earlier visit; then by id, so that two looks give one plan. */
export function byUrgency(a: DisplacedVisit, b: DisplacedVisit): number {
  return (
    breachMs(a) - breachMs(b) ||
    Temporal.Instant.compare(a.startsAt, b.startsAt) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

function breachMs({ breachUntil }: DisplacedVisit): number {
  return breachUntil === null ? Number.MAX_SAFE_INTEGER : breachUntil.epochMilliseconds;
}

/** Where a place is looked for, one after another, until there is one. */
export interface Attempt {
  readonly fromMs: number;
  readonly untilMs: number;
  /** With the people who had it before, or with anybody. */
  readonly samePeople: boolean;
}

export interface AttemptFacts {
  readonly startsAt: Temporal.Instant;
  /** From then on the patient has notice enough. */
  readonly noticeAt: Temporal.Instant;
  /** Midnight at which the last day that keeps the promise is over. */
  readonly targetUntil: Temporal.Instant;
  readonly breachUntil: Temporal.Instant;
  /** The end of the diary. */
  readonly until: Temporal.Instant;
  readonly keepsStaff: boolean;
}

/**
 * The patient has arranged a day, so that day or a later one that keeps the promise comes first; then an earlier one;
 * then one before the breach. Where the promise was broken already, as soon as possible.
 */
export function attemptsFor(facts: AttemptFacts, timeZone: string): readonly Attempt[] {
  const ms = (instant: Temporal.Instant) => instant.epochMilliseconds;
  const [notice, until] = [ms(facts.noticeAt), ms(facts.until)];
  const target = Math.min(ms(facts.targetUntil), until);
  const breach = Math.min(Math.max(ms(facts.breachUntil), ms(facts.targetUntil)), until);
  const day = ms(startOfDay(localDate(facts.startsAt, timeZone), timeZone));
  const later = Math.max(notice, day);
  const windows =
    ms(facts.startsAt) >= Math.max(ms(facts.breachUntil), ms(facts.targetUntil))
      ? [[notice, until]]
      : [
          [later, target],
          [notice, Math.min(day, target)],
          [Math.max(later, target), breach],
        ];
  const hands = facts.keepsStaff ? [true, false] : [false];
  return windows.flatMap(([fromMs = 0, untilMs = 0]) =>
    fromMs < untilMs ? hands.map((samePeople) => ({ fromMs, untilMs, samePeople })) : [],
  );
}

/** What of a protocol's step matters to its times. */
export interface TimedStep {
  readonly wait: {
    readonly minMinutes: number;
    readonly targetMinutes: number;
    readonly maxMinutes: number;
  } | null;
  readonly fillsWait: boolean;
}

/** The steps with the waits that they have now, and no other; null when the protocol does not know such waits. */
export function withTheSameWaits<Step extends TimedStep>(
  steps: readonly Step[],
  times: readonly Span[],
): readonly Step[] | null {
  if (steps.length !== times.length) return null;
  const fixed: Step[] = [];
  for (const [position, step] of steps.entries()) {
    const since = times[steps[position - 1]?.fillsWait ? position - 2 : position - 1];
    const here = times[position];
    if (step.wait === null || since === undefined || here === undefined) {
      fixed.push(step);
      continue;
    }
    const minutes = since.endsAt.until(here.startsAt).total('minutes');
    if (minutes < step.wait.minMinutes || minutes > step.wait.maxMinutes) return null;
    fixed.push({ ...step, wait: { minMinutes: minutes, targetMinutes: minutes, maxMinutes: minutes } });
  }
  return fixed;
}

/** A visit as a plan knows it. */
export interface PlannedVisit {
  readonly id: string;
  readonly version: number;
}

/** What a plan is about, as text: the same time of the same resources, and the same visits as they were. */
export function planContent(
  closed: Span & { readonly siteCode: string; readonly resourceIds: readonly string[] },
  visits: readonly PlannedVisit[],
): string {
  return JSON.stringify({
    siteCode: closed.siteCode,
    resourceIds: closed.resourceIds.toSorted(),
    startsAt: closed.startsAt.toString(),
    endsAt: closed.endsAt.toString(),
    visits: visits.map(({ id, version }) => `${id} ${version}`).toSorted(),
  });
}

/** Ids of the visits that are in one list and not, as the same version, in the other; in order. */
export function changedSince(
  planned: readonly PlannedVisit[],
  found: readonly PlannedVisit[],
): readonly string[] {
  const key = ({ id, version }: PlannedVisit) => `${id} ${version}`;
  const [before, now] = [new Set(planned.map(key)), new Set(found.map(key))];
  const changed = [
    ...planned.filter((visit) => !now.has(key(visit))),
    ...found.filter((visit) => !before.has(key(visit))),
  ];
  return [...new Set(changed.map(({ id }) => id))].toSorted();
}

/** The end of the last of them; null for none. */
export function lastEnd(spans: readonly Span[]): Temporal.Instant | null {
  return spans.reduce<Temporal.Instant | null>(
    (last, { endsAt }) => (last === null || isBefore(last, endsAt) ? endsAt : last),
    null,
  );
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
