import { dateFromInstant, formatTime, instantFromDate, Temporal } from '../../platform/time/index.js';

/** A stretch of one weekday at the desk, `HH:MM` on the wall. */
export interface Span {
  readonly isoWeekday: number;
  readonly opens: string;
  readonly closes: string;
}

/** What is wrong with a week of the desk, in a sentence; null when it can be kept. `HH:MM` sorts as it reads. */
export function faultOfDeskWeek(spans: readonly Span[]): string | null {
  if (spans.length === 0)
    return 'week: somebody has to be at the desk at some time, else no deadline would ever run.';
  const inOrder = spans.toSorted((a, b) => a.isoWeekday - b.isoWeekday || a.opens.localeCompare(b.opens));
  for (const [index, span] of inOrder.entries()) {
    if (span.opens >= span.closes) return 'week: a span must close after it opens.';
    const next = inOrder[index + 1];
    if (next?.isoWeekday === span.isoWeekday && next.opens < span.closes) {
      return 'week: spans of one weekday must not overlap.';
    }
  }
  return null;
}

/** A `time` column: Prisma gives and takes it as that time of the first of January 1970, UTC. */
export function textOfTime(date: Date): string {
  return formatTime(instantFromDate(date).toZonedDateTimeISO('UTC').toPlainTime());
}

export function timeOfText(time: string): Date {
  return dateFromInstant(Temporal.Instant.from(`1970-01-01T${time}:00Z`));
}
