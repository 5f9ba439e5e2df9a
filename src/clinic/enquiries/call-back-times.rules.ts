import {
  CallBackAttemptOutcome,
  CallBackPriority,
  type EnquiryTime,
} from '../../platform/database/generated/enums.js';
import {
  afterDeskMinutes,
  type DeskHours,
  deskOpenFrom,
  instantOfLocal,
  localDate,
  Temporal,
} from '../../platform/time/index.js';

/** The service level, as a dated row says it. */
export interface ServiceLevel {
  /** In desk hours. */
  readonly normalMinutes: number;
  /** By the clock. */
  readonly redFlagMinutes: number;
  readonly attemptsMax: number;
  /** In desk hours. */
  readonly pauseMinutes: number;
  /** In desk hours. */
  readonly escalateAfterMinutes: number;
  /** By the clock. */
  readonly redFlagEscalateAfterMinutes: number;
}

/** When somebody is to be rung. */
export interface CallBackTimes {
  /** Not before this. */
  readonly nextAttemptAt: Temporal.Instant;
  /** By this. */
  readonly dueAt: Temporal.Instant;
  /** When the clinic is told that nobody did. */
  readonly escalateAt: Temporal.Instant;
}

/** Somebody rang: by when they are rung back. With a red flag at once, whatever the hour. */
export function timesOfCall(
  calledAt: Temporal.Instant,
  priority: CallBackPriority,
  level: ServiceLevel,
  desk: DeskHours,
): CallBackTimes {
  if (priority === CallBackPriority.RED_FLAG) {
    const dueAt = calledAt.add({ minutes: level.redFlagMinutes });
    return { nextAttemptAt: calledAt, dueAt, escalateAt: escalationOf(dueAt, priority, level, desk) };
  }
  const dueAt = afterDeskMinutes(calledAt, level.normalMinutes, desk);
  return {
    nextAttemptAt: deskOpenFrom(calledAt, desk),
    dueAt,
    escalateAt: escalationOf(dueAt, priority, level, desk),
  };
}

function escalationOf(
  dueAt: Temporal.Instant,
  priority: CallBackPriority,
  level: ServiceLevel,
  desk: DeskHours,
): Temporal.Instant {
  return priority === CallBackPriority.RED_FLAG
    ? dueAt.add({ minutes: level.redFlagEscalateAfterMinutes })
    : afterDeskMinutes(dueAt, level.escalateAfterMinutes, desk);
}

/** The clinic was told and nobody rang still: it is told again. A red flag every quarter of an hour, others once a day. */
const REMIND_RED_FLAG_MINUTES = 15;
const REMIND_DAYS = 1;

export function nextEscalation(
  now: Temporal.Instant,
  priority: CallBackPriority,
  desk: DeskHours,
): Temporal.Instant {
  if (priority === CallBackPriority.RED_FLAG) return now.add({ minutes: REMIND_RED_FLAG_MINUTES });
  return deskOpenFrom(now.add({ hours: 24 * REMIND_DAYS }), desk);
}

/** The same person rings again: what is more urgent and what is earlier holds. */
export function joinedTimes(open: CallBackTimes, again: CallBackTimes): CallBackTimes {
  return {
    nextAttemptAt: earlier(open.nextAttemptAt, again.nextAttemptAt),
    dueAt: earlier(open.dueAt, again.dueAt),
    escalateAt: earlier(open.escalateAt, again.escalateAt),
  };
}

export function higherPriority(one: CallBackPriority, other: CallBackPriority): CallBackPriority {
  return one === CallBackPriority.RED_FLAG ? one : other;
}

/** Whoever is engaged is at home: soon again. */
const ENGAGED_PAUSE_MINUTES = 15;
/** Somebody in danger is rung until they answer. */
const RED_FLAG_PAUSE_MINUTES = 10;
const RED_FLAG_ENGAGED_PAUSE_MINUTES = 3;

export interface AttemptMade {
  readonly outcome: CallBackAttemptOutcome;
  readonly at: Temporal.Instant;
  /** When they want to be rung; null: they did not say, or were not asked. */
  readonly ringAgainAt: Temporal.Instant | null;
  readonly bestTimes: readonly EnquiryTime[];
}

/**
 * When to ring next, after an attempt that reached nobody: after a pause in desk hours, at a time that suits them where
 * the desk is open at such a time. With a red flag soon again, whatever the hour.
 */
export function timesAfterAttempt(
  attempt: AttemptMade,
  priority: CallBackPriority,
  level: ServiceLevel,
  desk: DeskHours,
): CallBackTimes {
  const nextAttemptAt = nextAttempt(attempt, priority, level, desk);
  const dueAt =
    priority === CallBackPriority.RED_FLAG
      ? nextAttemptAt.add({ minutes: level.redFlagMinutes })
      : afterDeskMinutes(nextAttemptAt, level.pauseMinutes, desk);
  return { nextAttemptAt, dueAt, escalateAt: escalationOf(dueAt, priority, level, desk) };
}

function nextAttempt(
  { outcome, at, ringAgainAt, bestTimes }: AttemptMade,
  priority: CallBackPriority,
  level: ServiceLevel,
  desk: DeskHours,
): Temporal.Instant {
  const isEngaged = outcome === CallBackAttemptOutcome.ENGAGED;
  const isWrong = outcome === CallBackAttemptOutcome.WRONG_NUMBER;
  if (priority === CallBackPriority.RED_FLAG) {
    if (ringAgainAt !== null) return ringAgainAt;
    if (isWrong) return at;
    return at.add({ minutes: isEngaged ? RED_FLAG_ENGAGED_PAUSE_MINUTES : RED_FLAG_PAUSE_MINUTES });
  }
  if (ringAgainAt !== null) return deskOpenFrom(ringAgainAt, desk);
  if (isWrong) return deskOpenFrom(at, desk);
  if (isEngaged) {
    return afterDeskMinutes(at, Math.min(ENGAGED_PAUSE_MINUTES, level.pauseMinutes), desk);
  }
  return suitableFrom(afterDeskMinutes(at, level.pauseMinutes, desk), bestTimes, desk);
}

/** Two weeks: a desk that is not open at a time that suits them by then never is. */
const SUITABLE_WITHIN_DAYS = 14;
const SATURDAY = 6;

interface TimeOfDay {
  readonly isOn: (isoWeekday: number) => boolean;
  readonly from: string;
  /** `24:00` is the end of the day. */
  readonly until: string;
}

const isWeekday = (isoWeekday: number) => isoWeekday < SATURDAY;

/** What the enquirer's best times mean on the clock. */
const BEST_TIMES = {
  WEEKDAY_MORNING: { isOn: isWeekday, from: '00:00', until: '12:00' },
  WEEKDAY_MIDDAY: { isOn: isWeekday, from: '12:00', until: '14:00' },
  WEEKDAY_AFTERNOON: { isOn: isWeekday, from: '14:00', until: '17:00' },
  WEEKDAY_EVENING: { isOn: isWeekday, from: '17:00', until: '24:00' },
  SATURDAY: { isOn: (isoWeekday: number) => isoWeekday === SATURDAY, from: '00:00', until: '24:00' },
  ANY_TIME: { isOn: () => true, from: '00:00', until: '24:00' },
} as const satisfies Record<EnquiryTime, TimeOfDay>;

/** The first moment from `from` on at which the desk is open and they like to be rung; `from` where there is none soon. */
export function suitableFrom(
  from: Temporal.Instant,
  bestTimes: readonly EnquiryTime[],
  desk: DeskHours,
): Temporal.Instant {
  const today = localDate(from, desk.timeZone);
  for (let days = 0; bestTimes.length > 0 && days <= SUITABLE_WITHIN_DAYS; days += 1) {
    const day = today.add({ days });
    const times: readonly TimeOfDay[] = bestTimes.map((time) => BEST_TIMES[time]);
    const suitable = times
      .filter(({ isOn }) => isOn(day.dayOfWeek))
      .flatMap((time) => {
        const opens = deskOpenFrom(later(from, momentOn(day, time.from, desk)), desk);
        return Temporal.Instant.compare(opens, momentOn(day, time.until, desk)) < 0 ? [opens] : [];
      });
    const [first] = suitable.toSorted(Temporal.Instant.compare);
    if (first !== undefined) return first;
  }
  return from;
}

function momentOn(day: Temporal.PlainDate, time: string, { timeZone }: DeskHours): Temporal.Instant {
  const isEnd = time === '24:00';
  const date = isEnd ? day.add({ days: 1 }) : day;
  const plainTime = Temporal.PlainTime.from(isEnd ? '00:00' : time);
  return instantOfLocal(date.toPlainDateTime(plainTime), timeZone);
}

function earlier(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) <= 0 ? one : other;
}

function later(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) >= 0 ? one : other;
}
