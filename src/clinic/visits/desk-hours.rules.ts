import { localDate, Temporal } from '../../platform/time/index.js';

/**
 * When somebody is at the desk whom patients can ring, on the clinic's wall clock, from Monday to Friday. Outside nobody
 * is asked by itself, and no time for an answer runs out.
 */
const OPENS_AT = Temporal.PlainTime.from('08:00');
const CLOSES_AT = Temporal.PlainTime.from('18:00');
const FRIDAY = 5;
/** Two days off follow each other at the most. */
const DAYS_LOOKED_AT_MAX = 3;

/** This moment when somebody is there, else the next at which somebody comes. */
export function deskOpenFrom(now: Temporal.Instant, timeZone: string): Temporal.Instant {
  const today = localDate(now, timeZone);
  for (let days = 0; days <= DAYS_LOOKED_AT_MAX; days += 1) {
    const day = today.add({ days });
    if (day.dayOfWeek > FRIDAY) continue;
    const { opens, closes } = deskOf(day, timeZone);
    if (isBefore(now, closes)) return isBefore(now, opens) ? opens : now;
  }
  throw new RangeError('the desk opens on no day');
}

/** The moment by which somebody has been at the desk for so many minutes; at the latest when it closes on that day. */
export function afterDeskMinutes(
  from: Temporal.Instant,
  minutes: number,
  timeZone: string,
): Temporal.Instant {
  let left = minutes;
  for (let since = deskOpenFrom(from, timeZone); ; ) {
    const { closes } = deskOf(localDate(since, timeZone), timeZone);
    const today = since.until(closes).total('minutes');
    if (left <= today) return since.add({ milliseconds: Math.round(left * 60_000) });
    left -= today;
    since = deskOpenFrom(closes, timeZone);
  }
}

/** How many minutes somebody is at the desk between two moments. */
export function deskMinutesBetween(
  from: Temporal.Instant,
  until: Temporal.Instant,
  timeZone: string,
): number {
  let minutes = 0;
  for (let since = deskOpenFrom(from, timeZone); isBefore(since, until); ) {
    const { closes } = deskOf(localDate(since, timeZone), timeZone);
    minutes += since.until(isBefore(until, closes) ? until : closes).total('minutes');
    since = deskOpenFrom(closes, timeZone);
  }
  return minutes;
}

function deskOf(day: Temporal.PlainDate, timeZone: string) {
  const at = (plainTime: Temporal.PlainTime) => day.toZonedDateTime({ timeZone, plainTime }).toInstant();
  return { opens: at(OPENS_AT), closes: at(CLOSES_AT) };
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
