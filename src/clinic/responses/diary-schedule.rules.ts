import { DiaryPoint, DiaryTiming } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** How far from a point a figure is still on time. */
export interface PointWindow {
  readonly point: DiaryPoint;
  readonly earlyMinutes: number;
  readonly lateMinutes: number;
}

/** When somebody is asked at a point, and which figures belong to it. */
export interface ScheduledPoint {
  readonly point: DiaryPoint;
  readonly dueAt: Temporal.Instant;
  /** From here to there a figure is on time. */
  readonly windowFrom: Temporal.Instant;
  readonly windowUntil: Temporal.Instant;
  /** Outside of this a figure says nothing of this point. */
  readonly senseFrom: Temporal.Instant;
  readonly senseUntil: Temporal.Instant;
}

/** What a diary's times run from. */
export interface DiaryAnchors {
  /** When the needle went in. */
  readonly startedAt: Temporal.Instant;
  /** When it was out. */
  readonly finishedAt: Temporal.Instant;
}

/** An older figure is of another time. Recalled, to be confirmed by the clinic. */
export const BEFORE_DAYS_MAX = 7;

/** After the last point somebody may still be asked for so long. Recalled, to be confirmed by the clinic. */
export const AFTER_LAST_DAYS_MAX = 90;

/** A patient can still be asked how it was before for so long after the treatment. Recalled, to be confirmed by the clinic. */
export const BEFORE_ASKED_DAYS_MAX = 7;

const MINUTES_A_DAY = 1_440;

/**
 * When a point is due. Minutes and hours are time that passes: 24 hours are 24 hours, also over a night of 23 or 25. Weeks and
 * months are the calendar's, at the same time by the clinic's clock: a month after 31 January is 28 or 29 February.
 */
export function dueAt(
  point: DiaryPoint,
  { startedAt, finishedAt }: DiaryAnchors,
  timeZone: string,
): Temporal.Instant {
  const local = (duration: Temporal.DurationLike) =>
    finishedAt.toZonedDateTimeISO(timeZone).add(duration).toInstant();
  switch (point) {
    case DiaryPoint.BEFORE:
      return startedAt;
    case DiaryPoint.M30:
      return finishedAt.add({ minutes: 30 });
    case DiaryPoint.H4:
      return finishedAt.add({ hours: 4 });
    case DiaryPoint.H24:
      return finishedAt.add({ hours: 24 });
    case DiaryPoint.W1:
      return local({ days: 7 });
    case DiaryPoint.MO1:
      return local({ months: 1 });
    case DiaryPoint.MO3:
      return local({ months: 3 });
    case DiaryPoint.MO6:
      return local({ months: 6 });
  }
}

/** The whole schedule in order of time. A figure belongs to a point from when the one before it was due until the next one is. */
export function scheduleOf(
  windows: readonly PointWindow[],
  anchors: DiaryAnchors,
  timeZone: string,
): readonly ScheduledPoint[] {
  const due = windows
    .map((window) => ({ ...window, dueAt: dueAt(window.point, anchors, timeZone) }))
    .toSorted((a, b) => Temporal.Instant.compare(a.dueAt, b.dueAt));
  const after = due.filter(({ point }) => point !== DiaryPoint.BEFORE);
  return due.map(({ point, dueAt: at, earlyMinutes, lateMinutes }) => {
    const place = after.findIndex((other) => other.point === point);
    const sense =
      place === -1
        ? { from: at.subtract({ minutes: BEFORE_DAYS_MAX * MINUTES_A_DAY }), until: at }
        : {
            from: after[place - 1]?.dueAt ?? anchors.finishedAt,
            until: after[place + 1]?.dueAt ?? at.add({ minutes: AFTER_LAST_DAYS_MAX * MINUTES_A_DAY }),
          };
    const late = place === -1 ? 0 : lateMinutes;
    return {
      ...{ point, dueAt: at, senseFrom: sense.from, senseUntil: sense.until },
      windowFrom: laterOf(at.subtract({ minutes: earlyMinutes }), sense.from),
      windowUntil: earlierOf(at.add({ minutes: late }), sense.until),
    };
  });
}

/** Whether a figure was taken on time. */
export function timingOf(
  { windowFrom, windowUntil }: Pick<ScheduledPoint, 'windowFrom' | 'windowUntil'>,
  takenAt: Temporal.Instant,
): DiaryTiming {
  if (Temporal.Instant.compare(takenAt, windowFrom) < 0) return DiaryTiming.EARLY;
  return Temporal.Instant.compare(takenAt, windowUntil) > 0 ? DiaryTiming.LATE : DiaryTiming.ON_TIME;
}

/** Whether a figure taken then says something of a point. */
export function makesSense(
  { senseFrom, senseUntil }: Pick<ScheduledPoint, 'senseFrom' | 'senseUntil'>,
  takenAt: Temporal.Instant,
): boolean {
  return (
    Temporal.Instant.compare(senseFrom, takenAt) <= 0 && Temporal.Instant.compare(takenAt, senseUntil) <= 0
  );
}

/** From then on nobody is asked at a point any more. A figure that was written down in time is still taken. */
export function lapsesAt(
  { point, senseUntil }: Pick<ScheduledPoint, 'point' | 'senseUntil'>,
  finishedAt: Temporal.Instant,
): Temporal.Instant {
  return point === DiaryPoint.BEFORE
    ? finishedAt.add({ minutes: BEFORE_ASKED_DAYS_MAX * MINUTES_A_DAY })
    : senseUntil;
}

function laterOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? b : a;
}

function earlierOf(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
